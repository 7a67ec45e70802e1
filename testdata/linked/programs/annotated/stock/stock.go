// Package stock asks the warehouse.
package stock

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/stubs/orderpb"
)

type Stock struct{ addr string }

func New(addr string) *Stock { return &Stock{addr} }

func (s *Stock) Reserve(ctx context.Context, name string) error {
	conn, err := grpc.NewClient(s.addr, grpc.WithTransportCredentials(insecure.NewCredentials())) // related "opened by grpc.NewClient"
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
	return err
}
