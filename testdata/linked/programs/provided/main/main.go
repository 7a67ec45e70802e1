// The program is put together by a container of dependencies.
package main

import (
	"context"
	"net"

	"go.uber.org/fx"
	"google.golang.org/grpc"

	"example.com/linked/programs/provided/handler"
	"example.com/linked/programs/provided/repo"
	"example.com/testdata/stubs/orderpb"
)

func serve(lc fx.Lifecycle, h *handler.Handler) {
	s := grpc.NewServer()
	orderpb.RegisterOrderServiceServer(s, h)
	lc.Append(fx.Hook{
		OnStart: func(context.Context) error {
			lis, err := net.Listen("tcp", ":0")
			if err != nil {
				return err
			}
			go s.Serve(lis)
			return nil
		},
		OnStop: func(context.Context) error {
			s.GracefulStop()
			return nil
		},
	})
}

func main() {
	fx.New(
		fx.Provide(handler.New, fx.Annotate(repo.New, fx.As(new(handler.Repo)))), // related "it is decided that ..repo.Store..Find is called"
		fx.Invoke(serve),
	).Run()
}
