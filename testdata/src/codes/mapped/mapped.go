// Package mapped converts the errors of its handler in an interceptor.
package mapped

import (
	"context"
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/paypb"
)

var errNoPayment = errors.New("no payment")

type server struct {
	paypb.UnimplementedPaymentServiceServer
}

func (server) GetPayment(ctx context.Context, req *paypb.GetPaymentRequest) (*paypb.Payment, error) {
	return nil, errNoPayment
}

func toStatus(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	reply, err := next(ctx, req)
	if errors.Is(err, errNoPayment) {
		return nil, status.Error(codes.NotFound, err.Error())
	}
	return reply, err
}

// New returns the server.
func New() *grpc.Server {
	s := grpc.NewServer(grpc.UnaryInterceptor(toStatus))
	paypb.RegisterPaymentServiceServer(s, server{})
	return s
}
