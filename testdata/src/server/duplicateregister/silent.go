package duplicateregister

import (
	"google.golang.org/grpc"

	"example.com/testdata/server/duplicateregister/setup"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
	"example.com/testdata/stubs/pluginpb"
)

// What follows is right, or not known to be wrong.

func two() (a, b *grpc.Server) {
	a, b = grpc.NewServer(), grpc.NewServer()
	orderpb.RegisterOrderServiceServer(a, orders{})
	orderpb.RegisterOrderServiceServer(b, orders{})
	return a, b
}

func different() *grpc.Server {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, orders{})
	paypb.RegisterPaymentServiceServer(s, payments{})
	return s
}

func branches(test bool) *grpc.Server {
	s := grpc.NewServer()
	if test {
		orderpb.RegisterOrderServiceServer(s, orders{})
	} else {
		orderpb.RegisterOrderServiceServer(s, &orders{})
	}
	return s
}

func maybe() *grpc.Server {
	s := grpc.NewServer()
	setup.Maybe(s, nil)
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

func asks(s *grpc.Server) {
	register(s)
	if _, ok := s.GetServiceInfo()["example.order.v1.OrderService"]; !ok {
		orderpb.RegisterOrderServiceServer(s, orders{})
	}
}

func anew() *grpc.Server {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, orders{})
	s = grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, orders{})
	return s
}

type pair struct{ public, admin *grpc.Server }

func (p pair) register() {
	orderpb.RegisterOrderServiceServer(p.public, orders{})
	orderpb.RegisterOrderServiceServer(p.admin, orders{})
}

func all(servers []*grpc.Server) {
	for _, s := range servers {
		orderpb.RegisterOrderServiceServer(s, orders{})
	}
}

func given(a, b *grpc.Server) {
	register(a)
	register(b)
}

type registrar struct{ all []*grpc.ServiceDesc }

// RegisterService notes what there is.
func (r *registrar) RegisterService(desc *grpc.ServiceDesc, _ any) { r.all = append(r.all, desc) }

func notes() *registrar {
	r := new(registrar)
	orderpb.RegisterOrderServiceServer(r, orders{})
	orderpb.RegisterOrderServiceServer(r, &orders{})
	return r
}

// What is wrong in it is reported there.
func calls(s *grpc.Server, srv pluginpb.PluginServiceServer) { old(s, srv) }

// Each server of a list has the service once.

func inLists() []*grpc.Server {
	list := []*grpc.Server{grpc.NewServer(), grpc.NewServer()}
	orderpb.RegisterOrderServiceServer(list[0], orders{})
	orderpb.RegisterOrderServiceServer(list[1], orders{})
	return list
}

func inLoop(names []string) map[string]*grpc.Server {
	servers := make(map[string]*grpc.Server)
	for _, name := range names {
		servers[name] = grpc.NewServer()
	}
	orderpb.RegisterOrderServiceServer(servers["a"], orders{})
	orderpb.RegisterOrderServiceServer(servers["b"], orders{})
	return servers
}

func ofHelper() {
	orderpb.RegisterOrderServiceServer(list()[0], orders{})
	orderpb.RegisterOrderServiceServer(list()[0], orders{})
}

func list() []*grpc.Server { return []*grpc.Server{grpc.NewServer()} }

// Whichever runs, it registers on a server of its own.
func byCallbacks() {
	s := grpc.NewServer()
	apart(func() { orderpb.RegisterOrderServiceServer(s, orders{}) })
	apart(func() { paypb.RegisterPaymentServiceServer(s, payments{}) })
}

func apart(f func()) { f() }
