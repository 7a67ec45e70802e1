package unsetkey

import (
	"context"
	"log"

	"github.com/google/uuid"

	pb "example.com/testdata/stubs/orderpb"
)

// Silent: the helper sets the key, once.

func create(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest) error {
	if req.RequestId == "" {
		req.RequestId = uuid.NewString()
	}
	_, err := c.CreateOrder(ctx, req)
	return err
}

func byHelper(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	req := &pb.CreateOrderRequest{Order: order}
	for {
		if err := create(ctx, c, req); !again(ctx, err) {
			return err
		}
	}
}

// Or hands the request on to who may.

func createPrepared(ctx context.Context, c pb.OrderServiceClient, req *pb.CreateOrderRequest, prepare func(*pb.CreateOrderRequest)) error {
	prepare(req)
	_, err := c.CreateOrder(ctx, req)
	return err
}

func prepared(ctx context.Context, c pb.OrderServiceClient, order *pb.Order, prepare func(*pb.CreateOrderRequest)) error {
	req := &pb.CreateOrderRequest{Order: order}
	for {
		if err := createPrepared(ctx, c, req, prepare); !again(ctx, err) {
			return err
		}
	}
}

type kept struct{ req *pb.CreateOrderRequest }

func inAnotherStruct(ctx context.Context, c pb.OrderServiceClient, order *pb.Order) error {
	k := kept{&pb.CreateOrderRequest{Order: order}}
	log.Print(k)
	for {
		if _, err := c.CreateOrder(ctx, k.req); !again(ctx, err) {
			return err
		}
	}
}
