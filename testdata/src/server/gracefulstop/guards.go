package gracefulstop

import (
	"context"
	"log"
	"net"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

// Bad.

func forAnHour(l net.Listener) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	time.Sleep(time.Hour)
	s.GracefulStop() // want `GracefulStop does not end WatchOrders`
}

func unusedContext(l net.Listener) {
	ctx, _ := context.WithCancel(context.Background())
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-ctx.Done()
	s.GracefulStop() // want `GracefulStop does not end WatchOrders`
}

// Silent: a timer may end the wait.

func newTimer(l net.Listener) {
	timer := time.NewTimer(time.Hour)
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-timer.C
	s.GracefulStop()
}

func after(l net.Listener) {
	over := time.After(time.Hour)
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-over
	s.GracefulStop()
}

func withTimeout(l net.Listener) {
	ctx, _ := context.WithTimeout(context.Background(), time.Hour)
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-ctx.Done()
	s.GracefulStop()
}

func withDeadline(l net.Listener, end time.Time) {
	ctx, _ := context.WithDeadline(context.Background(), end)
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-ctx.Done()
	s.GracefulStop()
}

func withTimeoutCause(l net.Listener, cause error) {
	ctx, _ := context.WithTimeoutCause(context.Background(), time.Hour, cause)
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-ctx.Done()
	s.GracefulStop()
}

func withDeadlineCause(l net.Listener, end time.Time, cause error) {
	ctx, _ := context.WithDeadlineCause(context.Background(), end, cause)
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-ctx.Done()
	s.GracefulStop()
}

// Shutdown is of a library: who calls it may give up on it.
func Shutdown(l net.Listener) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	s.GracefulStop()
}

// registry has a method whose name begins as those of generated functions.
type registry struct{}

func (registry) RegisterEnd(*orders, *grpc.Server) { log.Print("the end") }

func toldByMethod(l net.Listener, r registry) {
	s := grpc.NewServer()
	o := &orders{}
	orderpb.RegisterOrderServiceServer(s, o)
	go s.Serve(l)
	<-interrupted()
	r.RegisterEnd(o, s)
	s.GracefulStop()
}
