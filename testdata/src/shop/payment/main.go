// Command payment runs the payment service.
package main

import (
	"context"
	"flag"
	"log/slog"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	"google.golang.org/grpc"

	paymentv1 "example.com/testdata/shop/gen/payment/v1"
	"example.com/testdata/shop/internal/serve"
	"example.com/testdata/shop/payment/internal/ledger"
	"example.com/testdata/shop/payment/internal/server"
)

func main() {
	listen := flag.String("listen", ":7002", "address to serve on")
	book := flag.String("ledger", "ledger:7003", "address of the ledger")
	mirror := flag.String("ledger-mirror", "", "address of the ledger's mirror, if there is one")
	flag.Parse()
	if err := run(*listen, *book, *mirror); err != nil {
		slog.Error("payment service", "err", err)
		os.Exit(1)
	}
}

func run(listen, book, mirrorAddr string) error {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()

	var mirror *ledger.Mirror
	if mirrorAddr != "" {
		var err error
		if mirror, err = ledger.OpenMirror(mirrorAddr); err != nil {
			slog.Warn("going on without the mirror", "err", err)
		}
	}
	entries, err := ledger.Open(ctx, book, mirror)
	if err != nil {
		return err
	}
	defer entries.Close()

	payments := server.New(entries)
	var books sync.WaitGroup
	books.Go(func() { payments.Book(ctx, 10*time.Second) })
	defer books.Wait()

	return serve.GRPC(ctx, listen, func(gs *grpc.Server) {
		paymentv1.RegisterPaymentServiceServer(gs, payments)
	})
}
