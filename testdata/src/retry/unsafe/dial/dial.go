// Package dial asks for retries where it opens connections.
package dial

import (
	"context"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"

	pb "example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

type bank struct {
	payments paypb.PaymentServiceClient
	orders   pb.OrderServiceClient
}

func open(addr string, creds grpc.DialOption) (*bank, error) {
	conn, err := grpc.NewClient(addr, creds, grpc.WithChainUnaryInterceptor(
		retry.UnaryClientInterceptor(retry.WithMax(3)), // want `PaymentService.Charge may be carried out twice: retry.UnaryClientInterceptor tries all RPCs again after ResourceExhausted and Unavailable`
	))
	if err != nil {
		return nil, err
	}
	return &bank{payments: paypb.NewPaymentServiceClient(conn)}, nil
}

func (b *bank) charge(ctx context.Context, req *paypb.ChargeRequest) error {
	_, err := b.payments.Charge(ctx, req) // related `PaymentService.Charge is called here`
	return err
}

func (b *bank) list(ctx context.Context, req *pb.ListOrdersRequest) error {
	_, err := b.orders.ListOrders(ctx, req)
	return err
}

// From here on: silence.

func openOrders(addr string, creds grpc.DialOption) (*bank, error) {
	opts := []grpc.DialOption{creds}
	opts = append(opts, grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(retry.WithMax(3))))
	conn, err := grpc.NewClient(addr, opts...)
	if err != nil {
		return nil, err
	}
	return &bank{orders: pb.NewOrderServiceClient(conn)}, nil
}

func openOnce(addr string, creds grpc.DialOption) (*bank, error) {
	conn, err := grpc.NewClient(addr, creds, grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(retry.WithMax(0))))
	if err != nil {
		return nil, err
	}
	return &bank{payments: paypb.NewPaymentServiceClient(conn)}, nil
}

func openNarrowly(addr string, creds grpc.DialOption) (*bank, error) {
	conn, err := grpc.NewClient(addr, creds, grpc.WithUnaryInterceptor(retry.UnaryClientInterceptor(
		retry.WithMax(3), retry.WithCodes(codes.DeadlineExceeded)))) // want `retry/dead-code`
	if err != nil {
		return nil, err
	}
	return &bank{payments: paypb.NewPaymentServiceClient(conn)}, nil
}
