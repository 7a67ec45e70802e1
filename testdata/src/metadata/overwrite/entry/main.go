// Command entry is the first to set metadata, where it begins.
package main

import (
	"context"
	"log"

	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	next pb.OrderServiceClient
}

func main() {
	if err := run(context.Background(), nil); err != nil { // want info `deadline/missing`
		log.Fatal(err)
	}
}

func run(ctx context.Context, c pb.OrderServiceClient) error {
	ctx = metadata.NewOutgoingContext(ctx, metadata.Pairs("tenant", "a"))
	_, err := c.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}

func (s *server) send(ctx context.Context) error {
	ctx = metadata.NewOutgoingContext(ctx, metadata.Pairs("tenant", "a")) // want info `the context has is lost`
	_, err := s.next.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}
