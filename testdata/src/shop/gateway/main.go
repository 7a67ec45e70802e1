// Command gateway answers the shop's HTTP requests.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"log/slog"
	"net/http"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"

	"example.com/testdata/shop/gateway/internal/api"
	orderv1 "example.com/testdata/shop/gen/order/v1"
	"example.com/testdata/shop/internal/rpc"
)

func main() {
	var cfg config
	flag.StringVar(&cfg.listen, "listen", ":8080", "address to serve on")
	flag.StringVar(&cfg.order, "order", "order:7001", "address of the order service")
	flag.StringVar(&cfg.orderSocket, "order-socket", "", "Unix socket of the order service, if it runs in the same pod")
	flag.StringVar(&cfg.payment, "payment", "payment:7002", "address of the payment service")
	flag.Parse()
	if err := run(cfg); err != nil {
		slog.Error("gateway", "err", err)
		os.Exit(1)
	}
}

type config struct {
	listen, order, orderSocket, payment string
}

func run(cfg config) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	conn, err := dialOrders(cfg)
	if err != nil {
		return fmt.Errorf("order service: %w", err)
	}
	defer conn.Close()

	// No traffic before the order service answers.
	orders := orderv1.NewOrderServiceClient(conn)
	if _, err := orders.ListOrders(ctx, &orderv1.ListOrdersRequest{PageSize: 1}, grpc.WaitForReady(true)); err != nil {
		return fmt.Errorf("order service: %w", err)
	}

	recent := api.NewRecent(orders)
	go recent.Run(ctx, 10*time.Second)
	return serve(ctx, cfg.listen, api.New(conn, recent, cfg.payment).Handler())
}

// orderRetries are for the RPCs that only read.
const orderRetries = `{
	"methodConfig": [{
		"methods": ["GetOrder", "ListOrders"],
		"retryPolicy": {
			"maxAttempts": 3,
			"initialBackoff": "0.1s",
			"maxBackoff": "1s",
			"backoffMultiplier": 2,
			"retryableStatusCodes": ["UNAVAILABLE"]
		}
	}],
	"retryThrottling": {"maxTokens": 100, "tokenRatio": 0.1}
}`

func dialOrders(cfg config) (*grpc.ClientConn, error) {
	if cfg.orderSocket != "" {
		return rpc.DialSocket(cfg.orderSocket)
	}
	return rpc.Dial(cfg.order, grpc.WithKeepaliveParams(keepalive.ClientParameters{
		Time:                10 * time.Second,
		Timeout:             3 * time.Second,
		PermitWithoutStream: true,
	}), grpc.WithDefaultServiceConfig(orderRetries))
}

// serve answers HTTP requests until ctx is done.
func serve(ctx context.Context, addr string, h http.Handler) error {
	srv := &http.Server{Addr: addr, Handler: h, ReadHeaderTimeout: 5 * time.Second}
	served := make(chan error, 1)
	go func() { served <- srv.ListenAndServe() }()
	slog.Info("serving", "addr", addr)

	select {
	case err := <-served:
		return err
	case <-ctx.Done():
	}
	slog.Info("shutting down")
	drain, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
	defer cancel()
	if err := srv.Shutdown(drain); err != nil {
		return errors.Join(err, srv.Close())
	}
	return nil
}
