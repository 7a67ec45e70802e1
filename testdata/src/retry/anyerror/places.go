package anyerror

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// Silent: what is asked is in a field, an element or a map.

type outcome struct{ down bool }

func inField(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		_, err := c.DeleteOrder(ctx, req)
		o := outcome{down: status.Code(err) == codes.Unavailable}
		if !o.down {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func inPointedField(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		_, err := c.DeleteOrder(ctx, req)
		o := &outcome{down: status.Code(err) == codes.Unavailable}
		if !o.down {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func inElement(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		_, err := c.DeleteOrder(ctx, req)
		down := []bool{status.Code(err) == codes.Unavailable}
		if !down[0] {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func inMap(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		_, err := c.DeleteOrder(ctx, req)
		down := map[string]bool{"down": status.Code(err) == codes.Unavailable}
		if !down["down"] {
			return err
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

// A struct that is made for the call.

type deleting struct {
	c   pb.OrderServiceClient
	ctx context.Context
	req *pb.DeleteOrderRequest
}

func (d deleting) do() error {
	_, err := d.c.DeleteOrder(d.ctx, d.req)
	return err
}

func (d *deleting) pointed() error {
	_, err := d.c.DeleteOrder(d.ctx, d.req)
	return err
}

func madeForCall(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		err := deleting{c, ctx, req}.do() // want `OrderService.DeleteOrder \(do\) is tried again after errors`
		if err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func pointedForCall(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for {
		err := (&deleting{c, ctx, req}).pointed() // want `OrderService.DeleteOrder \(pointed\) is tried again after errors`
		if err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func madeForItems(ctx context.Context, c pb.OrderServiceClient, reqs []*pb.DeleteOrderRequest) error {
	for _, req := range reqs {
		err := deleting{c, ctx, req}.do()
		if err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}
