// Package nosigtermother waits for SIGTERM in one place, and for the terminal in
// another.
package nosigtermother

import (
	"context"
	"os"
	"os/signal"
	"syscall"

	"google.golang.org/grpc"
)

func waits(ctx context.Context, s *grpc.Server) {
	ctx, stop := signal.NotifyContext(ctx, syscall.SIGTERM)
	defer stop()
	<-ctx.Done()
	s.GracefulStop()
}

func prompt(c chan os.Signal) { signal.Notify(c, os.Interrupt) }

// Without names it is all signals.
func all(c chan os.Signal) { signal.Notify(c) }
