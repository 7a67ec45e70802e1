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
	*orderpb.UnimplementedOrderServiceServer // want `orders makes its registration or an RPC panic: it embeds a pointer to UnimplementedOrderServiceServer that nobody sets \[server/pointer-embed\]`
}

func (orders) GetOrder(context.Context, *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{}, nil
}

func newOrders() *orders { return &orders{} }

type several struct {
	*paypb.UnimplementedPaymentServiceServer // want `several makes its registration or an RPC panic: it embeds a pointer to UnimplementedPaymentServiceServer`
	orderpb.UnimplementedOrderServiceServer

	limit int64
}

// Exported can be filled in by others.
type Exported struct {
	*paypb.UnimplementedPaymentServiceServer // want `Exported makes its registration or an RPC panic`
}

type older struct {
	*grpc12pb.UnimplementedGrpc12ServiceServer // want `older makes its registration or an RPC panic`
}

type old struct {
	*grpc13pb.UnimplementedGrpc13ServiceServer // want `old makes its registration or an RPC panic`
}

type set struct {
	*orderpb.UnimplementedOrderServiceServer // want warning `set makes its registration or an RPC panic where UnimplementedOrderServiceServer is not set: it embeds a pointer`
}

func newSet() *set {
	return &set{UnimplementedOrderServiceServer: &orderpb.UnimplementedOrderServiceServer{}}
}
