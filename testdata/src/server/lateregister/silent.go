package lateregister

import (
	"net"
	"sync"

	"google.golang.org/grpc"

	"example.com/testdata/server/lateregister/setup"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

// What follows is right, or not known to be wrong.

func first(l net.Listener) error {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, orders{})
	setup.Register(grpc.NewServer(), orders{})
	return s.Serve(l)
}

func two(l net.Listener) *grpc.Server {
	a, b := grpc.NewServer(), grpc.NewServer()
	go a.Serve(l)
	orderpb.RegisterOrderServiceServer(b, orders{})
	return b
}

func waits(l net.Listener) *grpc.Server {
	s := grpc.NewServer()
	ready := make(chan struct{})
	go func() {
		<-ready
		_ = s.Serve(l)
	}()
	orderpb.RegisterOrderServiceServer(s, orders{})
	close(ready)
	return s
}

func branches(l net.Listener, serve bool) *grpc.Server {
	s := grpc.NewServer()
	if serve {
		go s.Serve(l)
	} else {
		orderpb.RegisterOrderServiceServer(s, orders{})
	}
	return s
}

func again(l net.Listener) error {
	s := grpc.NewServer()
	if err := s.Serve(l); err != nil {
		s = grpc.NewServer()
		orderpb.RegisterOrderServiceServer(s, orders{})
		return s.Serve(l)
	}
	return nil
}

func deferred(l net.Listener) {
	s := grpc.NewServer()
	defer s.Serve(l)
	paypb.RegisterPaymentServiceServer(s, payments{})
}

func later(l net.Listener) func() {
	s := grpc.NewServer()
	run := func() { _ = s.Serve(l) }
	orderpb.RegisterOrderServiceServer(s, orders{})
	return run
}

func perServer(ls []net.Listener) {
	for _, l := range ls {
		s := grpc.NewServer()
		orderpb.RegisterOrderServiceServer(s, orders{})
		go s.Serve(l)
	}
}

type pair struct{ public, admin *grpc.Server }

func (p *pair) start(l net.Listener) {
	go p.public.Serve(l)
	orderpb.RegisterOrderServiceServer(p.admin, orders{})
}

// The server that serves is not the one that is registered on.
func (a *app) restart(l net.Listener) {
	go a.server.Serve(l)
	a.server.GracefulStop()
	a.server = grpc.NewServer()
	orderpb.RegisterOrderServiceServer(a.server, a.orders)
}

// What is registered once may have been registered before.
func registersOnce(l net.Listener, once *sync.Once) *grpc.Server {
	s := grpc.NewServer()
	register := func() { orderpb.RegisterOrderServiceServer(s, orders{}) }
	once.Do(register)
	go s.Serve(l)
	once.Do(register)
	return s
}

func ofTwo(l net.Listener) {
	a, b := setup.New(l), setup.New(l)
	a.StartOrders(orders{})
	b.StartPayments(payments{})
}

func inOrder(l net.Listener) {
	r := setup.New(l)
	r.RegisterPayments(payments{})
	r.StartOrders(orders{})
}
