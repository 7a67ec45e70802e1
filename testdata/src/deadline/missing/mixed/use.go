// Package mixed dials two services, one of them with a deadline.
package mixed

import (
	"context"
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/timeout"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"

	"example.com/testdata/stubs/grpc13pb"
	pb "example.com/testdata/stubs/orderpb"
)

func use(creds credentials.TransportCredentials) error {
	bounded, err := grpc.NewClient("dns:///orders", grpc.WithTransportCredentials(creds),
		grpc.WithChainUnaryInterceptor(timeout.UnaryClientInterceptor(time.Second)))
	if err != nil {
		return err
	}
	defer bounded.Close()
	plain, err := grpc.NewClient("dns:///items", grpc.WithTransportCredentials(creds))
	if err != nil {
		return err
	}
	defer plain.Close()
	if _, err := pb.NewOrderServiceClient(bounded).GetOrder(context.Background(), nil); err != nil {
		return err
	}
	_, err = grpc13pb.NewGrpc13ServiceClient(plain).Get(context.Background(), nil) // want `Grpc13Service.Get can hang`
	return err
}

var _ = use
