package nobackoff

import (
	"context"

	"google.golang.org/grpc"

	"example.com/testdata/retry/nobackoff/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type question struct {
	c   pb.OrderServiceClient
	ctx context.Context
	req *pb.GetOrderRequest
}

func (q *question) ask() (*pb.Order, error) { return q.c.GetOrder(q.ctx, q.req) }

// asking makes a struct on the way, which changes nothing.
func asking(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for range 5 {
		if _, err := (&question{c, ctx, req}).ask(); !isDown(err) { // want `5 times in a row`
			return err
		}
	}
	return nil
}

// From here on: silence. The RPC waits for its connection.

func patient(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	_, err := c.GetOrder(ctx, req, grpc.WaitForReady(true))
	return err
}

func byPatient(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for range 5 {
		if err := patient(ctx, c, req); !isDown(err) {
			return err
		}
	}
	return nil
}

func patientElsewhere(ctx context.Context, c pb.OrderServiceClient, req *pb.GetOrderRequest) error {
	for range 5 {
		if err := helper.Patient(ctx, c, req); !isDown(err) {
			return err
		}
	}
	return nil
}
