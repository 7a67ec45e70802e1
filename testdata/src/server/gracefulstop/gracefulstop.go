// Package gracefulstop stops servers.
package gracefulstop

import (
	"context"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/keepalive"

	"example.com/testdata/server/gracefulstop/feed"
	"example.com/testdata/stubs/orderpb"
)

type orders struct {
	orderpb.UnimplementedOrderServiceServer
	events chan *orderpb.OrderEvent
}

func (o *orders) WatchOrders(_ *orderpb.WatchOrdersRequest, stream orderpb.OrderService_WatchOrdersServer) error {
	for {
		select {
		case <-stream.Context().Done():
			return nil
		case event := <-o.events:
			if err := stream.Send(event); err != nil {
				return err
			}
		}
	}
}

func interrupted() <-chan os.Signal {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	return signals
}

func inBackground(l net.Listener) error {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, &orders{}) // related `registered here`
	signals := interrupted()
	go func() {
		<-signals
		log.Println("stopping")
		s.GracefulStop() // want `the shutdown waits for as long as clients like: GracefulStop does not end WatchOrders, and nothing calls Stop \[server/graceful-stop\]`
	}()
	return s.Serve(l)
}

func straight(l net.Listener) {
	s := grpc.NewServer(grpc.MaxRecvMsgSize(1 << 20))
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	s.GracefulStop() // want `GracefulStop does not end WatchOrders`
}

func elsewhere(l net.Listener, f *feed.Feed) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, f)
	go s.Serve(l)
	<-interrupted()
	s.GracefulStop() // want `GracefulStop does not end WatchOrders`
}

type app struct {
	server *grpc.Server
	health *health.Server
}

func newApp() *app {
	a := &app{server: grpc.NewServer(), health: health.NewServer()}
	orderpb.RegisterOrderServiceServer(a.server, &orders{})
	return a
}

func (a *app) run(ctx context.Context, l net.Listener) {
	go a.server.Serve(l)
	<-ctx.Done()
	a.health.Shutdown()
	a.server.GracefulStop() // want `GracefulStop does not end WatchOrders`
}

func aged(l net.Listener) {
	s := grpc.NewServer(grpc.KeepaliveParams(keepalive.ServerParameters{Time: time.Minute}))
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	s.GracefulStop() // want `GracefulStop does not end WatchOrders`
}

func optional(l net.Listener, opts []grpc.ServerOption) {
	s := grpc.NewServer(opts...)
	orderpb.RegisterOrderServiceServer(s, &orders{})
	go s.Serve(l)
	<-interrupted()
	s.GracefulStop() // want info `GracefulStop does not end WatchOrders`
}
