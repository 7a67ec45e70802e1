// Package pointerembed embeds what generated code makes for servers.
package pointerembed

import (
	"context"

	"example.com/testdata/stubs/grpc12pb"
	"example.com/testdata/stubs/grpc13pb"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

type orders struct {
	*orderpb.UnimplementedOrderServiceServer // want `orders crashes the server: it embeds a pointer to UnimplementedOrderServiceServer that nobody sets \[server/pointer-embed\]`
}

func (orders) GetOrder(context.Context, *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{}, nil
}

func newOrders() *orders { return &orders{} }

type several struct {
	*paypb.UnimplementedPaymentServiceServer // want `several crashes the server: it embeds a pointer to UnimplementedPaymentServiceServer`
	orderpb.UnimplementedOrderServiceServer

	limit int64
}

// Exported can be filled in by others.
type Exported struct {
	*paypb.UnimplementedPaymentServiceServer // want `Exported crashes the server`
}

type older struct {
	*grpc12pb.UnimplementedGrpc12ServiceServer // want `older crashes the server`
}

type old struct {
	*grpc13pb.UnimplementedGrpc13ServiceServer // want `old crashes the server`
}

type set struct {
	*orderpb.UnimplementedOrderServiceServer // want warning `set crashes the server wherever it is made without UnimplementedOrderServiceServer: it embeds a pointer`
}

func newSet() *set {
	return &set{UnimplementedOrderServiceServer: &orderpb.UnimplementedOrderServiceServer{}}
}
