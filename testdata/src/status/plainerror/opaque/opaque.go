// Package opaque wraps errors of packages that know nothing of codes.
package opaque

import (
	"context"
	"fmt"
	"io"
	"os"
	"strconv"

	"golang.org/x/sync/errgroup"

	"example.com/testdata/status/plainerror/opaque/local"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	client pb.OrderServiceClient
	source io.Reader
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if _, err := strconv.Atoi(req.GetName()); err != nil {
		return nil, fmt.Errorf("name: %w", err) // want `clients of GetOrder get the code Unknown: fmt\.Errorf has none`
	}
	if err := local.Load(req.GetName()); err != nil {
		return nil, fmt.Errorf("load: %w", err) // want `clients of GetOrder get the code Unknown: fmt\.Errorf has none`
	}
	return &pb.Order{}, nil
}

func (s *server) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	if _, err := strconv.Atoi(req.GetPageToken()); err != nil {
		return nil, wrap(err)
	}
	if err := local.With(func() error { _, err := s.client.GetOrder(ctx, &pb.GetOrderRequest{}); return err }); err != nil {
		return nil, wrap(err)
	}
	return &pb.ListOrdersResponse{}, nil
}

func wrap(err error) error { return fmt.Errorf("wrapped: %w", err) } // want `clients of ListOrders may get the code Unknown: fmt\.Errorf has none`

func (s *server) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	group, ctx := errgroup.WithContext(ctx)
	group.Go(func() error {
		_, err := s.client.GetOrder(ctx, &pb.GetOrderRequest{})
		return err
	})
	if err := group.Wait(); err != nil {
		return nil, fmt.Errorf("wait: %w", err) // of the function that the group was given
	}
	if _, err := io.ReadAll(s.source); err != nil {
		return nil, fmt.Errorf("read: %w", err) // of whatever is behind the reader
	}
	if err := local.With(func() error { _, err := s.client.GetOrder(ctx, &pb.GetOrderRequest{}); return err }); err != nil {
		return nil, fmt.Errorf("with: %w", err)
	}
	if err := (&local.Store{}).Save(); err != nil {
		return nil, fmt.Errorf("save: %w", err) // a field of it may be behind that
	}
	if _, err := os.ReadFile("order"); err != nil {
		return nil, err
	}
	return &pb.Order{}, nil
}

var _ pb.OrderServiceServer = (*server)(nil)
