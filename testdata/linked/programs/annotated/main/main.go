// The program is put together by modules of a container.
package main

import (
	"context"
	"net"

	"go.uber.org/fx"
	"google.golang.org/grpc"

	"example.com/linked/programs/annotated/handler"
	"example.com/linked/programs/annotated/repo"
	"example.com/linked/programs/annotated/stock"
	"example.com/linked/programs/annotated/usecase"
	"example.com/testdata/stubs/orderpb"
)

func serve(lc fx.Lifecycle, h *handler.Handler) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, h)
	lc.Append(fx.StartStopHook(
		func(ctx context.Context) error {
			lis, err := new(net.ListenConfig).Listen(ctx, "tcp", ":0")
			if err != nil {
				return err
			}
			go s.Serve(lis)
			return nil
		},
		func(context.Context) { s.GracefulStop() },
	))
}

func newStock() *stock.Stock { return stock.New("dns:///stock") }

var (
	stores = fx.Module("stores", fx.Provide(
		fx.Annotate(repo.New, fx.As(new(usecase.Repo))), // related "it is decided that ..repo.Store..Find is called"
		fx.Annotate(newStock, fx.As(new(usecase.Stock))),
	))
	orders = fx.Module("orders",
		fx.Provide(
			fx.Annotate(usecase.New, fx.As(new(handler.UseCase))),
			handler.New,
		),
		fx.Invoke(serve),
	)
)

func main() { fx.New(stores, orders).Run() }
