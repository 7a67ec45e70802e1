package messagesize

import (
	"math"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/grpc12pb"
	"example.com/testdata/stubs/grpc13pb"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

// What follows is right, or not known to be wrong.

func agree() (orderpb.OrderServiceClient, error) {
	conn, err := grpc.NewClient("dns:///orders:443", creds, grpc.WithDefaultCallOptions(grpc.MaxCallSendMsgSize(1<<20), grpc.MaxCallRecvMsgSize(64<<20)))
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}

func defaults() (paypb.PaymentServiceClient, error) {
	conn, err := grpc.NewClient("dns:///payments:443", creds)
	if err != nil {
		return nil, err
	}
	return paypb.NewPaymentServiceClient(conn), nil
}

func anything() (grpc13pb.Grpc13ServiceClient, error) {
	conn, err := grpc.NewClient("dns:///items:443", creds, grpc.WithDefaultCallOptions(grpc.MaxCallSendMsgSize(math.MaxInt32))) // the default
	if err != nil {
		return nil, err
	}
	return grpc13pb.NewGrpc13ServiceClient(conn), nil
}

func someoneElse() (grpc12pb.Grpc12ServiceClient, error) {
	conn, err := grpc.NewClient("dns:///others:443", creds, grpc.WithDefaultCallOptions(grpc.MaxCallSendMsgSize(64<<20)))
	if err != nil {
		return nil, err
	}
	return grpc12pb.NewGrpc12ServiceClient(conn), nil
}

func variable(n int) (grpc13pb.Grpc13ServiceClient, error) {
	conn, err := grpc.NewClient("dns:///items:443", creds, grpc.WithDefaultCallOptions(grpc.MaxCallSendMsgSize(n)))
	if err != nil {
		return nil, err
	}
	return grpc13pb.NewGrpc13ServiceClient(conn), nil
}

func given(opts ...grpc.DialOption) (orderpb.OrderServiceClient, error) {
	conn, err := grpc.NewClient("dns:///orders:443", append(opts, creds)...)
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}

func calls(opts []grpc.CallOption) (orderpb.OrderServiceClient, error) {
	conn, err := grpc.NewClient("dns:///orders:443", creds, grpc.WithDefaultCallOptions(opts...))
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}

func sometimes(large bool) (orderpb.OrderServiceClient, error) {
	opts := []grpc.DialOption{creds}
	if large {
		opts = append(opts, grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(64<<20)))
	}
	conn, err := grpc.NewClient("dns:///orders:443", opts...)
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}
