//go:build wireinject

package main

import (
	"github.com/google/wire"

	"example.com/linked/programs/wired/handler"
	"example.com/linked/programs/wired/repo"
	"example.com/linked/programs/wired/stock"
	"example.com/linked/programs/wired/usecase"
)

var providers = wire.NewSet(
	repo.New, wire.Bind(new(usecase.Repo), new(*repo.Store)),
	stock.New, wire.Bind(new(usecase.Stock), new(*stock.Stock)),
	usecase.New, wire.Bind(new(handler.UseCase), new(*usecase.UseCase)),
	handler.New,
)

func newHandler(target string) *handler.Handler { panic(wire.Build(providers)) }
