// Package serve runs the shop's gRPC servers.
package serve

import (
	"context"
	"fmt"
	"log/slog"
	"net"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/health"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/keepalive"
	"google.golang.org/grpc/status"
)

// drain is how long calls may go on after the server was told to stop.
const drain = 10 * time.Second

// GRPC serves on addr what register adds, until ctx is done.
func GRPC(ctx context.Context, addr string, register func(*grpc.Server)) error {
	var lc net.ListenConfig
	lis, err := lc.Listen(ctx, "tcp", addr)
	if err != nil {
		return fmt.Errorf("listen: %w", err)
	}
	gs := grpc.NewServer(
		grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{MinTime: time.Minute}),
		grpc.ChainUnaryInterceptor(logUnary),
	)
	checks := health.NewServer()
	grpc_health_v1.RegisterHealthServer(gs, checks)
	register(gs)

	served := make(chan error, 1)
	go func() { served <- gs.Serve(lis) }()
	slog.Info("serving", "addr", lis.Addr().String())

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	slog.Info("shutting down")
	checks.Shutdown()
	force := time.AfterFunc(drain, gs.Stop)
	defer force.Stop()
	gs.GracefulStop()
	return <-served
}

func logUnary(ctx context.Context, req any, info *grpc.UnaryServerInfo, handle grpc.UnaryHandler) (any, error) {
	start := time.Now()
	resp, err := handle(ctx, req)
	slog.InfoContext(ctx, "call", "method", info.FullMethod, "code", status.Code(err).String(), "took", time.Since(start))
	return resp, err
}
