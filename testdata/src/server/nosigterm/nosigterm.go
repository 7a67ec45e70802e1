// Package nosigterm waits for signals.
package nosigterm

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
	signal.Notify(signals, os.Interrupt) // want `RPCs are cut off at every rollout: SIGTERM ends the program at once, as it only waits for os.Interrupt \[server/no-sigterm\]`
	s := grpc.NewServer()
	go func() {
		<-signals
		s.GracefulStop()
	}()
	return s.Serve(l)
}

func inContext(ctx context.Context, s *grpc.Server) {
	ctx, stop := signal.NotifyContext(ctx, os.Interrupt) // want `server/no-sigterm`
	defer stop()
	<-ctx.Done()
	s.GracefulStop()
}

func several(ctx context.Context, s *grpc.Server) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGINT, syscall.SIGQUIT) // want `only waits for syscall.SIGQUIT \[server/no-sigterm\]`
	defer stop()
	<-ctx.Done()
	s.GracefulStop()
}

func parenthesised(c chan os.Signal) {
	signal.Notify(c, (syscall.SIGINT)) // want `server/no-sigterm`
}

func twice(c chan os.Signal) {
	signal.Notify(c, syscall.SIGINT, os.Interrupt) // want `server/no-sigterm`
}

// Other signals are for other purposes.
func reload(c chan os.Signal) {
	signal.Notify(c, syscall.SIGHUP)
}

func dump(c chan os.Signal) {
	signal.Notify(c, syscall.SIGUSR1, syscall.SIGUSR2)
}

func none() {
	signal.Ignore(os.Interrupt)
	signal.Reset(os.Interrupt)
}
