// Package abruptstop stops servers.
package abruptstop

import (
	"context"
	"net"
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"
)

func waits(l net.Listener) error {
	signals := make(chan os.Signal, 1)
	signal.Notify(signals, os.Interrupt, syscall.SIGTERM)
	s := grpc.NewServer()
	go func() {
		<-signals
		s.Stop() // want `RPCs that run are UNAVAILABLE for their clients when the server stops: Stop does not wait for them \[server/abrupt-stop\]`
	}()
	return s.Serve(l)
}

type app struct{ server *grpc.Server }

func newApp() *app { return &app{server: grpc.NewServer()} }

func (a *app) run(ctx context.Context, l net.Listener) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt, syscall.SIGTERM)
	defer stop()
	go a.server.Serve(l)
	<-ctx.Done()
	a.server.Stop() // want `RPCs that run are UNAVAILABLE`
}

// What follows is right, or not known to be wrong.

func atEnd(l net.Listener) error {
	s := grpc.NewServer()
	defer s.Stop()
	return s.Serve(l)
}

func given(s *grpc.Server) { s.Stop() }

type pool struct{}

// Stop stops no server.
func (pool) Stop() {}

func other(p pool) { p.Stop() }
