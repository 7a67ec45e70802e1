// Command order runs the order service.
package main

import (
	"context"
	_ "embed"
	"flag"
	"fmt"
	"log/slog"
	"os"
	"os/signal"
	"syscall"
	"time"

	"google.golang.org/grpc"

	orderv1 "example.com/testdata/shop/gen/order/v1"
	"example.com/testdata/shop/internal/serve"
	"example.com/testdata/shop/internal/warehouse"
	"example.com/testdata/shop/order/internal/paymentclient"
	"example.com/testdata/shop/order/internal/server"
	"example.com/testdata/shop/order/internal/store"
	"example.com/testdata/shop/order/internal/sweep"
)

//go:embed payment_service_config.json
var paymentServiceConfig string

func main() {
	var cfg config
	flag.StringVar(&cfg.listen, "listen", ":7001", "address to serve on")
	flag.StringVar(&cfg.payment, "payment", "payment:7002", "address of the payment service")
	flag.StringVar(&cfg.warehouse, "warehouse", "warehouse.example.com:443", "address of the warehouse")
	flag.StringVar(&cfg.standby, "standby", "", "address of the warehouse that takes over")
	flag.Parse()
	if err := run(cfg); err != nil {
		slog.Error("order service", "err", err)
		os.Exit(1)
	}
}

type config struct {
	listen, payment, warehouse, standby string
}

func run(cfg config) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	goods, err := warehouse.Open(cfg.warehouse)
	if err != nil {
		return err
	}
	defer goods.Close()
	if err := goods.Await(ctx); err != nil {
		return fmt.Errorf("warehouse: %w", err)
	}

	payments, err := paymentclient.New(ctx, cfg.payment, paymentServiceConfig)
	if err != nil {
		return err
	}
	defer payments.Close()

	orders := store.New()
	stock := warehouse.NewPoller(goods, cfg.standby, 15*time.Second)
	go stock.Run(ctx)
	sweeper := &sweep.Sweeper{Orders: orders, Warehouse: goods, Every: time.Minute, After: time.Hour}
	go sweeper.Run(ctx)

	return serve.GRPC(ctx, cfg.listen, func(gs *grpc.Server) {
		orderv1.RegisterOrderServiceServer(gs, server.New(orders, goods, stock, payments))
	})
}
