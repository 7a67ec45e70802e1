// Package backend serves orders and payments.
package backend

import (
	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

type orders struct {
	orderpb.UnimplementedOrderServiceServer
}

type payments struct {
	paypb.UnimplementedPaymentServiceServer
}

// Orders takes small requests and sends large replies.
func Orders() *grpc.Server {
	s := grpc.NewServer(grpc.MaxRecvMsgSize(1<<20), grpc.MaxSendMsgSize(64<<20))
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

// Payments takes what grpc-go takes.
func Payments() *grpc.Server {
	s := grpc.NewServer()
	paypb.RegisterPaymentServiceServer(s, payments{})
	return s
}
