package channel

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type subscribed struct {
	pb.UnimplementedOrderServiceServer
	subscribe func(ctx context.Context, each func(*pb.OrderEvent))
}

func (s *subscribed) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	ctx, cancel := context.WithCancel(context.Background())
	s.subscribe(ctx, func(e *pb.OrderEvent) {
		if err := stream.Send(e); err != nil {
			cancel()
		}
	})
	<-ctx.Done() // want `^WatchOrders waits on when its client has gone: it waits for a context of its own, and never looks at that of the RPC \[cancel/channel\]$`
	return nil
}

// Silent: something knows the context of the RPC.

type derived struct{ subscribed }

func (s *derived) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	ctx, cancel := context.WithCancel(stream.Context())
	s.subscribe(ctx, func(e *pb.OrderEvent) {
		if err := stream.Send(e); err != nil {
			cancel()
		}
	})
	<-ctx.Done()
	return nil
}

func (s *derived) GetOrder(rpc context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	ctx, cancel := context.WithCancel(context.Background())
	defer context.AfterFunc(rpc, cancel)()
	s.subscribe(ctx, func(*pb.OrderEvent) { cancel() })
	<-ctx.Done()
	return &pb.Order{}, nil
}

type passing struct{ subscribed }

func (s *passing) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	ctx, cancel := context.WithCancel(context.Background())
	go s.follow(stream, cancel)
	<-ctx.Done()
	return nil
}

func (s *passing) follow(stream pb.OrderService_WatchOrdersServer, cancel context.CancelFunc) {
	<-stream.Context().Done()
	cancel()
}

type receiving struct{ subscribed }

func (s *receiving) Chat(stream pb.OrderService_ChatServer) error {
	ctx, cancel := context.WithCancel(context.Background())
	go func() {
		for {
			if _, err := stream.Recv(); err != nil {
				cancel()
				return
			}
		}
	}()
	<-ctx.Done()
	return nil
}
