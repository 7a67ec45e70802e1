package ignoredsend

import (
	"context"
	"log"

	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

func source(ctx context.Context, to chan<- *pb.OrderEvent) {
	for {
		select {
		case to <- new(pb.OrderEvent):
		case <-ctx.Done():
			return
		}
	}
}

func closing(ctx context.Context, to chan<- *pb.OrderEvent) {
	defer close(to)
	source(ctx, to)
}

// Silent: the channel is closed once the client has gone.
type relaying struct {
	pb.UnimplementedOrderServiceServer
	watch func(ctx context.Context, to chan<- *pb.OrderEvent)
}

func (s *relaying) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	ch := make(chan *pb.OrderEvent)
	go func() {
		source(stream.Context(), ch)
		close(ch)
	}()
	for event := range ch {
		if err := stream.Send(event); err != nil {
			log.Print(err)
		}
	}

	ctx, named := stream.Context(), make(chan *pb.OrderEvent)
	go closing(ctx, named)
	for event := range named {
		stream.Send(event)
	}

	watched := make(chan *pb.OrderEvent)
	go s.watch(stream.Context(), watched)
	for {
		event, ok := <-watched
		if !ok {
			break
		}
		stream.Send(event)
	}

	relayed := make(chan *pb.OrderEvent)
	go func() {
		defer close(relayed)
		for e := range s.orders(ctx) {
			relayed <- e
		}
	}()
	relay(stream, relayed)
	return nil
}

func (s *relaying) orders(ctx context.Context) <-chan *pb.OrderEvent {
	ch := make(chan *pb.OrderEvent)
	go closing(ctx, ch)
	return ch
}

func relay(stream grpc.ServerStreamingServer[pb.OrderEvent], events <-chan *pb.OrderEvent) {
	for event := range events {
		stream.Send(event)
	}
}

// Whoever closes the channel knows nothing of the client, or does not look.
type draining struct {
	pb.UnimplementedOrderServiceServer
	events []*pb.OrderEvent
}

func (s *draining) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	ch := make(chan *pb.OrderEvent)
	go func() {
		for _, e := range s.events {
			ch <- e
		}
		close(ch)
	}()
	for event := range ch {
		if err := stream.Send(event); err != nil { // want `WatchOrders goes on working for a client that has gone`
			log.Print(err)
		}
	}

	fresh := make(chan *pb.OrderEvent)
	go closing(context.Background(), fresh)
	for event := range fresh {
		stream.Send(event) // want `WatchOrders goes on working for a client that has gone`
	}

	deaf := make(chan *pb.OrderEvent)
	go s.fill(stream.Context(), deaf)
	for event := range deaf {
		stream.Send(event) // want `WatchOrders goes on working for a client that has gone`
	}
	return nil
}

func (s *draining) fill(_ context.Context, to chan<- *pb.OrderEvent) {
	for _, e := range s.events {
		to <- e
	}
	close(to)
}
