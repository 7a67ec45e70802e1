package fatal

import (
	"context"
	"log"
	"log/slog"
	"os"

	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/server/fatal/levels"
	"example.com/testdata/stubs/orderpb"
)

const (
	levelInfo = iota
	levelCritical
)

type logger struct{ name string }

func (l *logger) put(level int, text string) {
	log.Print(l.name, text)
	if level == levelCritical {
		os.Exit(1)
	}
}

func (l *logger) info(text string)     { l.put(levelInfo, text) }
func (l *logger) critical(text string) { l.put(levelCritical, text) }

func stop(text string, now bool) {
	log.Print(text)
	if now {
		os.Exit(1)
	}
}

type levelled struct {
	orderpb.UnimplementedOrderServiceServer
	log *logger
	far *levels.Logger
}

func (s *levelled) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	s.far.Log(slog.LevelError+4, "lost") // want `GetOrder can end the process, and with it all other RPCs: Log calls os\.Exit`
	return &orderpb.Order{}, nil
}

func (s *levelled) DeleteOrder(ctx context.Context, req *orderpb.DeleteOrderRequest) (*emptypb.Empty, error) {
	s.log.critical("lost") // want `DeleteOrder can end the process, and with it all other RPCs: critical calls put, which calls os\.Exit`
	return &emptypb.Empty{}, nil
}

func (s *levelled) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	_ = req.GetRequestId()
	stop("now", true) // want `CreateOrder can end the process, and with it all other RPCs: stop calls os\.Exit`
	return &orderpb.Order{}, nil
}

// Silent: who calls chooses another level.
func (s *levelled) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	s.log.info("update")
	s.far.Info("update")
	s.far.Log(slog.LevelInfo, "update")
	stop("later", false)
	return &orderpb.Order{}, nil
}
