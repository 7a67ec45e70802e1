package fatal

import (
	"context"
	"log"

	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/server/fatal/plain"
	"example.com/testdata/server/fatal/store"
	"example.com/testdata/stubs/orderpb"
)

// However the end is written.

type written struct {
	orderpb.UnimplementedOrderServiceServer
	log *logger
}

func (w *written) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	give := func() {
		log.Fatal("lost") // want `CreateOrder can end the process, and with it all other RPCs: it calls log.Fatal`
	}
	if req.GetOrder() == nil {
		give()
	}
	return req.GetOrder(), nil
}

func (w *written) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	store.Locked(func() {
		must(ctx.Err()) // related `GetOrder ends the process here`
	})
	return &orderpb.Order{}, nil
}

func (w *written) DeleteOrder(ctx context.Context, req *orderpb.DeleteOrderRequest) (*emptypb.Empty, error) {
	report(w) // related `DeleteOrder ends the process here`
	return &emptypb.Empty{}, nil
}

func report(w *written) { w.log.critical("lost") }

// Silent: what is asserted is so.
func (w *written) ListOrders(ctx context.Context, req *orderpb.ListOrdersRequest) (*orderpb.ListOrdersResponse, error) {
	assert(req.GetPageSize() >= 0, "a size")
	return &orderpb.ListOrdersResponse{}, nil
}

func assert(holds bool, what string) {
	if !holds {
		log.Fatal(what)
	}
}

// Silent: nobody calls what is made.
func (w *written) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	kept = func() { log.Fatal("lost") }
	return req.GetOrder(), nil
}

var kept func()

type plainly struct {
	orderpb.UnimplementedOrderServiceServer
}

func (plainly) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if req.GetOrder() == nil {
		plain.Die("no order") // want `CreateOrder can end the process, and with it all other RPCs: Die calls os.Exit`
	}
	return req.GetOrder(), nil
}

func (plainly) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	plain.Must(ctx.Err()) // want `GetOrder can end the process, and with it all other RPCs: Must calls log.Fatal`
	return &orderpb.Order{}, nil
}

// Silent: a panic can be recovered from, and a program may be asked to end.
func (plainly) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	plain.Check(ctx.Err())
	if req.GetOrder() == nil {
		plain.Done()
	}
	return req.GetOrder(), nil
}
