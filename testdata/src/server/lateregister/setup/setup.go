// Package setup does things to servers of others.
package setup

import (
	"net"
	"sync"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

// Register registers all there is.
func Register(s grpc.ServiceRegistrar, orders orderpb.OrderServiceServer) {
	orderpb.RegisterOrderServiceServer(s, orders)
}

// Run serves.
func Run(s *grpc.Server, l net.Listener) error { return s.Serve(l) }

// A Receiver serves once there is something to serve.
type Receiver struct {
	l      net.Listener
	server *grpc.Server
	start  sync.Once
}

// New makes a receiver.
func New(l net.Listener) *Receiver { return &Receiver{l: l, server: grpc.NewServer()} }

// StartOrders begins to serve orders.
func (r *Receiver) StartOrders(orders orderpb.OrderServiceServer) {
	orderpb.RegisterOrderServiceServer(r.server, orders)
	r.run()
}

// StartPayments begins to serve payments.
func (r *Receiver) StartPayments(payments paypb.PaymentServiceServer) {
	r.RegisterPayments(payments)
	r.run()
}

// RegisterPayments is for those who start later.
func (r *Receiver) RegisterPayments(payments paypb.PaymentServiceServer) {
	paypb.RegisterPaymentServiceServer(r.server, payments)
}

func (r *Receiver) run() { r.start.Do(func() { go r.server.Serve(r.l) }) }
