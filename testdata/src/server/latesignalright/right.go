// Package latesignalright stops servers in time.
package latesignalright

import (
	"context"
	"log"
	"net"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
)

// A goroutine serves.
func inGoroutine(l net.Listener) {
	inGoroutine := grpc.NewServer()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	go func() {
		if err := inGoroutine.Serve(l); err != nil {
			log.Print(err)
		}
	}()
	<-signals
	inGoroutine.GracefulStop()
}

// A goroutine waits.
func waits(l net.Listener) error {
	waiting := grpc.NewServer()
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, syscall.SIGTERM)
	go func() {
		<-signals
		waiting.GracefulStop()
	}()
	if err := waiting.Serve(l); err != nil {
		return err
	}
	waiting.GracefulStop() // waits for the other one
	return nil
}

// Deferred, for the error.
func deferred(l net.Listener) error {
	deferring := grpc.NewServer()
	defer deferring.Stop()
	return deferring.Serve(l)
}

// When the context ends.
func after(ctx context.Context, l net.Listener) error {
	afterwards := grpc.NewServer()
	stop := context.AfterFunc(ctx, afterwards.GracefulStop)
	defer stop()
	err := afterwards.Serve(l)
	afterwards.Stop()
	return err
}

// Others get the server.
func handed(l net.Listener) {
	others := grpc.NewServer()
	watch(others)
	_ = others.Serve(l)
	others.Stop()
}

func watch(s *grpc.Server) { time.AfterFunc(time.Hour, s.Stop) }

// Another server is stopped.
func two(l net.Listener, admin *grpc.Server) {
	main := grpc.NewServer()
	_ = main.Serve(l)
	admin.GracefulStop()
}

// A channel of something else.
func done(l net.Listener, finished chan struct{}) {
	finishing := grpc.NewServer()
	_ = finishing.Serve(l)
	<-finished
}

// Nothing behind it.
func alone(l net.Listener) error { return grpc.NewServer().Serve(l) }

// In another block.
func branch(l net.Listener, serve bool) {
	branching := grpc.NewServer()
	if serve {
		_ = branching.Serve(l)
	} else {
		branching.Stop()
	}
}
