// Package stock asks the warehouse.
package stock

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/stubs/orderpb"
)

type Stock struct {
	addr   string
	client orderpb.OrderServiceClient
}

func New(addr string, conn *grpc.ClientConn) *Stock {
	return &Stock{addr, orderpb.NewOrderServiceClient(conn)}
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
