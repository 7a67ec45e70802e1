// Package lateregister registers services.
package lateregister

import (
	"log"
	"net"
	"sync"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection"

	"example.com/testdata/server/lateregister/setup"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

type orders struct {
	orderpb.UnimplementedOrderServiceServer
}

type payments struct {
	paypb.UnimplementedPaymentServiceServer
}

func background(l net.Listener) *grpc.Server {
	s := grpc.NewServer()
	go s.Serve(l)                                   // related `it serves from here on`
	orderpb.RegisterOrderServiceServer(s, orders{}) // want `grpc-go ends the process: OrderServiceServer is registered after the server has begun to serve \[server/late-register\]`
	return s
}

func literal(l net.Listener) *grpc.Server {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, orders{})
	go func() {
		log.Println("serving")
		if err := s.Serve(l); err != nil {
			log.Print(err)
		}
	}()
	paypb.RegisterPaymentServiceServer(s, payments{}) // want `PaymentServiceServer is registered after the server has begun to serve`
	return s
}

type app struct {
	server *grpc.Server
	orders orders
}

func (a *app) start(l net.Listener) {
	a.server = grpc.NewServer()
	go a.server.Serve(l)
	a.register() // want `OrderServiceServer is registered after the server has begun to serve`
}

func (a *app) register() {
	orderpb.RegisterOrderServiceServer(a.server, a.orders) // related `registered here`
}

func group(l net.Listener) error {
	var g errgroup.Group
	s := grpc.NewServer()
	g.Go(func() error { return s.Serve(l) })
	reflection.Register(s) // want `reflection is registered after the server has begun to serve`
	return g.Wait()
}

func elsewhere(l net.Listener) error {
	s := grpc.NewServer()
	if err := setup.Run(s, l); err != nil {
		return err
	}
	setup.Register(s, orders{}) // want `OrderServiceServer is registered after the server has begun to serve`
	return nil
}

func described(l net.Listener) *grpc.Server {
	s := grpc.NewServer()
	go s.Serve(l)
	s.RegisterService(&orderpb.OrderService_ServiceDesc, orders{}) // want `OrderServiceServer is registered after the server has begun`
	return s
}

// Whoever is first makes it serve, and the others come too late.

type receiver struct {
	server *grpc.Server
	start  sync.Once
	l      net.Listener
}

func (r *receiver) run() {
	r.start.Do(func() {
		go r.server.Serve(r.l)
	})
}

func (r *receiver) startAll() {
	orderpb.RegisterOrderServiceServer(r.server, orders{})
	r.run()
	paypb.RegisterPaymentServiceServer(r.server, payments{}) // want `PaymentServiceServer is registered after the server has begun to serve`
}

func shared(l net.Listener) {
	r := setup.New(l)
	r.StartOrders(orders{})
	r.StartPayments(payments{}) // want `PaymentServiceServer is registered after the server has begun to serve`
}
