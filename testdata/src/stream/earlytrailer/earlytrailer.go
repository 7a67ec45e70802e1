// Package earlytrailer tests stream/early-trailer.
package earlytrailer

import (
	"context"
	"io"
	"log"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

func atOnce(ctx context.Context, c pb.OrderServiceClient) (metadata.MD, error) {
	stream, err := c.WatchOrders(ctx, nil) // want info `stream/leak`
	if err != nil {
		return nil, err
	}
	md := stream.Trailer() // want `^the trailer is always empty: Trailer is called before stream has ended, which an error of Recv tells \[stream/early-trailer\]$`
	_, err = stream.Recv()
	return md, err
}

func afterMessage(ctx context.Context, c pb.OrderServiceClient) (metadata.MD, error) {
	stream, err := c.WatchOrders(ctx, nil) // want info `stream/leak`
	if err != nil {
		return nil, err
	}
	if _, err := stream.Recv(); err != nil {
		return nil, err
	}
	return stream.Trailer(), nil // want `the trailer is always empty`
}

func inLoop(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		return err
	}
	for {
		m, err := stream.Recv()
		if err != nil {
			return err
		}
		log.Print(m, stream.Trailer()) // want `the trailer is always empty`
	}
}

func beforeAnswer(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return err
	}
	stream.Send(nil)
	log.Print(stream.Trailer()) // want `the trailer is always empty`
	_, err = stream.CloseAndRecv()
	return err
}

func afterCloseSend(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.Chat(ctx) // want info `stream/leak`
	if err != nil {
		return err
	}
	if err := stream.CloseSend(); err != nil {
		return err
	}
	log.Print(stream.Trailer()) // want `the trailer is always empty`
	_, err = stream.Recv()
	return err
}

func silentEnd(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		return err
	}
	for {
		_, err := stream.Recv()
		if err == io.EOF {
			log.Print(stream.Trailer())
			return nil
		}
		if err != nil {
			log.Print(stream.Trailer())
			return err
		}
	}
}

func silentBreak(ctx context.Context, c pb.OrderServiceClient) metadata.MD {
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		return nil
	}
	for {
		if _, err := stream.Recv(); err != nil {
			break
		}
	}
	return stream.Trailer()
}

func silentAnswer(ctx context.Context, c pb.OrderServiceClient) (metadata.MD, error) {
	stream, err := c.UploadOrders(ctx)
	if err != nil {
		return nil, err
	}
	_, err = stream.CloseAndRecv()
	return stream.Trailer(), err
}

func silentDeferred(ctx context.Context, c pb.OrderServiceClient) error {
	stream, err := c.WatchOrders(ctx, nil)
	if err != nil {
		return err
	}
	defer func() { log.Print(stream.Trailer()) }()
	_, err = stream.Recv()
	return err
}

func silentUnchecked(ctx context.Context, c pb.OrderServiceClient) metadata.MD {
	stream, _ := c.WatchOrders(ctx, nil) // want info `stream/leak`
	stream.Recv()
	return stream.Trailer()
}

func silentEither(ctx context.Context, c pb.OrderServiceClient) metadata.MD {
	stream, _ := c.WatchOrders(ctx, nil) // want info `stream/leak`
	m, err := stream.Recv()
	log.Print(m, err)
	return stream.Trailer()
}

func silentHelper(ctx context.Context, c pb.OrderServiceClient) metadata.MD {
	stream, _ := c.WatchOrders(ctx, nil)
	drain(stream)
	return stream.Trailer()
}

func drain(stream pb.OrderService_WatchOrdersClient) {
	for {
		if _, err := stream.Recv(); err != nil {
			return
		}
	}
}

func silentElsewhere(stream pb.OrderService_WatchOrdersClient) metadata.MD { return stream.Trailer() }
