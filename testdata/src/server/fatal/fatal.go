// Package fatal handles requests.
package fatal

import (
	"context"
	"log"
	"os"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/grpclog"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/server/fatal/store"
	"example.com/testdata/stubs/orderpb"
)

type orders struct {
	orderpb.UnimplementedOrderServiceServer
	store *store.Store
	file  *os.File
}

func (o *orders) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if _, err := o.file.WriteString(req.GetRequestId()); err != nil {
		log.Fatalf("write: %v", err) // want `CreateOrder can end the process, and with it all other RPCs: it calls log.Fatalf \[server/fatal\]`
	}
	return req.GetOrder(), nil
}

func (o *orders) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	return &orderpb.Order{Name: o.store.MustLoad(req.GetName())}, nil // want `GetOrder can end the process, and with it all other RPCs: MustLoad calls log.Fatalf`
}

func (o *orders) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	o.save(ctx, req.GetOrder())
	return req.GetOrder(), nil
}

func (o *orders) save(ctx context.Context, order *orderpb.Order) {
	if ctx.Err() != nil || order == nil {
		grpclog.Fatal("lost") // want `UpdateOrder can end the process, and with it all other RPCs: it calls grpclog.Fatal`
	}
}

func (o *orders) WatchOrders(_ *orderpb.WatchOrdersRequest, stream orderpb.OrderService_WatchOrdersServer) error {
	must(stream.Send(&orderpb.OrderEvent{})) // want `WatchOrders and 1 more RPC can end the process, and with it all other RPCs: must calls log.Fatal`
	return nil
}

// What may be otherwise.
func (o *orders) ListOrders(ctx context.Context, req *orderpb.ListOrdersRequest) (*orderpb.ListOrdersResponse, error) {
	since, err := time.Parse(time.DateOnly, req.GetPageToken())
	if err != nil {
		log.Fatal(err) // want `ListOrders can end the process, and with it all other RPCs: it calls log.Fatal`
	}
	return &orderpb.ListOrdersResponse{NextPageToken: since.String()}, nil
}

func (o *orders) DeleteOrder(ctx context.Context, req *orderpb.DeleteOrderRequest) (*emptypb.Empty, error) {
	if _, ok := ctx.(interface{ Tenant() string }); !ok {
		log.Fatal("no tenant") // want `DeleteOrder can end the process, and with it all other RPCs: it calls log.Fatal`
	}
	return &emptypb.Empty{}, nil
}

func must(err error) {
	if err != nil {
		log.Fatal(err)
	}
}

func intercept(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) {
	reply, err := next(ctx, req)
	if err != nil {
		os.Exit(3) // want `intercept can end the process, and with it all other RPCs: it calls os.Exit`
	}
	return reply, err
}
