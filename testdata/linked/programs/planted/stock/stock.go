// Package stock asks the warehouse.
package stock

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
)

type Stock struct {
	addr   string
	client orderpb.OrderServiceClient
}

func New(addr string) (*Stock, error) {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, err
	}
	return &Stock{addr, orderpb.NewOrderServiceClient(conn)}, nil
}

func (s *Stock) Reserve(ctx context.Context, name string) error {
	conn, err := grpc.NewClient(s.addr, grpc.WithTransportCredentials(insecure.NewCredentials())) // related "opened by grpc.NewClient"
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
	return err
}

func (s *Stock) Release(ctx context.Context, name string) error {
	_, err := s.client.UpdateOrder(ctx, &orderpb.UpdateOrderRequest{Order: &orderpb.Order{Name: name}})
	return err
}

// Ask asks for as long as the warehouse is away.
func (s *Stock) Ask(ctx context.Context, name string) error {
	var err error
	for attempt := range 4 {
		_, err = s.client.GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
		if status.Code(err) != codes.Unavailable {
			return err
		}
		select {
		case <-time.After(time.Duration(attempt) * time.Second):
		case <-ctx.Done():
			return ctx.Err()
		}
	}
	return err
}
