package gracefulstop

import (
	"context"
	"net"
	"os"
	"time"

	"google.golang.org/grpc"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/reflection"

	"example.com/testdata/server/gracefulstop/stopper"
	"example.com/testdata/stubs/orderpb"
)

// What follows is right, or not known to be wrong.

type unary struct {
	orderpb.UnimplementedOrderServiceServer
}

func onlyUnary(l net.Listener) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, unary{})
	reflection.Register(s)
	go s.Serve(l)
	<-interrupted()
	s.GracefulStop()
}

// Watched by load balancers, which leave with the connection.
func onlyHealth(l net.Listener) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, unary{})
	healthpb.RegisterHealthServer(s, ownHealth{})
	go s.Serve(l)
	<-interrupted()
	s.GracefulStop()
}

type ownHealth struct {
	healthpb.UnimplementedHealthServer
}

func (ownHealth) Watch(_ *healthpb.HealthCheckRequest, stream healthpb.Health_WatchServer) error {
	<-stream.Context().Done()
	return nil
}

type lists struct {
	orderpb.UnimplementedOrderServiceServer
	events []*orderpb.OrderEvent
}

func (l *lists) WatchOrders(_ *orderpb.WatchOrdersRequest, stream orderpb.OrderService_WatchOrdersServer) error {
	for _, event := range l.events {
		if err := stream.Send(event); err != nil {
			return err
		}
	}
	return nil
}

func ends(l net.Listener) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &lists{})
	go s.Serve(l)
	<-interrupted()
	s.GracefulStop()
}

func exits(l net.Listener) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	time.AfterFunc(10*time.Second, func() { os.Exit(1) })
	s.GracefulStop()
}

func givesUp(l net.Listener) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	done := make(chan struct{})
	go func() {
		s.GracefulStop()
		close(done)
	}()
	select {
	case <-done:
	case <-time.After(10 * time.Second):
	}
}

func ofAge(l net.Listener) {
	s := grpc.NewServer(grpc.KeepaliveParams(keepalive.ServerParameters{MaxConnectionAge: time.Hour, MaxConnectionAgeGrace: time.Minute}))
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	s.GracefulStop()
}

func told(l net.Listener, quit chan struct{}) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	close(quit)
	s.GracefulStop()
}

func toldByOthers(l net.Listener, hub interface{ Close() }) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	hub.Close()
	s.GracefulStop()
}

func cancelled(ctx context.Context, l net.Listener) {
	ctx, cancel := context.WithCancel(ctx)
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-ctx.Done()
	cancel()
	s.GracefulStop()
}

// Others may stop it.
func returned() *grpc.Server {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	return s
}

// Returned is for others.
func Returned() *grpc.Server {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go func() { <-interrupted(); s.GracefulStop() }()
	return s
}

type hook struct{ onStop func(context.Context) error }

func framework(hooks *[]hook) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	*hooks = append(*hooks, hook{onStop: func(context.Context) error { s.GracefulStop(); return nil }})
}

func atEnd(l net.Listener) error {
	s := grpc.NewServer()
	defer s.GracefulStop()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	return s.Serve(l)
}

func given(s *grpc.Server) {
	s.GracefulStop()
}

func stoppedByOthers(l net.Listener, force <-chan os.Signal) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	go func() {
		<-force
		stopper.Now(s)
	}()
	<-interrupted()
	s.GracefulStop()
}

func keptByOthers(l net.Listener) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	stopper.Keep(s)
	go s.Serve(l)
	<-interrupted()
	s.GracefulStop()
}
