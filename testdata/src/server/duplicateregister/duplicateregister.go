// Package duplicateregister registers services.
package duplicateregister

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/reflection"

	"example.com/testdata/server/duplicateregister/setup"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
	"example.com/testdata/stubs/pluginpb"
)

type orders struct {
	orderpb.UnimplementedOrderServiceServer
}

type payments struct {
	paypb.UnimplementedPaymentServiceServer
}

func twice() *grpc.Server {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, orders{}) // related `the first time`
	paypb.RegisterPaymentServiceServer(s, payments{})
	orderpb.RegisterOrderServiceServer(s, &orders{}) // want `grpc-go ends the process: OrderServiceServer is registered twice on one server \[server/duplicate-register\]`
	return s
}

func reflected(debug bool) *grpc.Server {
	s := grpc.NewServer()
	reflection.Register(s)
	if debug {
		reflection.Register(s) // want `reflection is registered twice on one server`
	}
	return s
}

func helped() *grpc.Server {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, orders{})
	register(s) // want `OrderServiceServer is registered twice on one server`
	return s
}

func register(s *grpc.Server) {
	orderpb.RegisterOrderServiceServer(s, orders{})
}

func elsewhere() *grpc.Server {
	s := grpc.NewServer()
	setup.Orders(s, orders{})
	orderpb.RegisterOrderServiceServer(s, orders{}) // want `OrderServiceServer is registered twice`
	return s
}

func described() *grpc.Server {
	s := grpc.NewServer()
	s.RegisterService(&paypb.PaymentService_ServiceDesc, payments{})
	paypb.RegisterPaymentServiceServer(s, payments{}) // want `PaymentServiceServer is registered twice`
	return s
}

func old(s *grpc.Server, srv pluginpb.PluginServiceServer) {
	pluginpb.RegisterPluginServiceServer(s, srv)
	pluginpb.RegisterPluginServiceServer(s, srv) // want `PluginServiceServer is registered twice`
}

func inList() *grpc.Server {
	list := []*grpc.Server{grpc.NewServer()}
	s := list[0]
	orderpb.RegisterOrderServiceServer(list[0], orders{})
	orderpb.RegisterOrderServiceServer(s, orders{}) // want `OrderServiceServer is registered twice on one server`
	return s
}

func byCallback() *grpc.Server {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, orders{})
	apart(func() { orderpb.RegisterOrderServiceServer(s, orders{}) }) // want `OrderServiceServer is registered twice on one server`
	return s
}
