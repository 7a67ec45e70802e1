// Package waitforready tests deadline/wait-for-ready.
package waitforready

import (
	"context"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/deadline/waitforready/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func direct(c pb.OrderServiceClient) {
	c.GetOrder(context.Background(), nil, grpc.WaitForReady(true))                             // want `^OrderService.GetOrder can block for ever while no backend is up: WaitForReady\(true\), and context.Background\(\) has no deadline \[deadline/wait-for-ready\]$`
	c.GetOrder(context.Background(), nil, grpc.FailFast(false))                                // want `deadline/wait-for-ready`
	c.GetOrder(context.Background(), nil, grpc.MaxCallRecvMsgSize(1), grpc.WaitForReady(true)) // want `deadline/wait-for-ready`
}

func fetch(ctx context.Context, c pb.OrderServiceClient) {
	c.GetOrder(ctx, nil, grpc.WaitForReady(true))
	c.ListOrders(ctx, nil, grpc.WaitForReady(true))
}

func through(c pb.OrderServiceClient) {
	fetch(context.Background(), c) // want `^one of OrderService.GetOrder and 1 more RPC can block for ever .*\(fetch\)`
}

// Where the option is out of sight, the deadline is the thing to speak of.
func elsewhere(c pb.OrderServiceClient) {
	helper.Fetch(context.Background(), c) // want `\(Fetch\) \[deadline/missing\]`
}

func stream(c pb.OrderServiceClient) {
	c.WatchOrders(context.Background(), nil, grpc.WaitForReady(true)) // want info `deadline/wait-for-ready`
}

type worker struct {
	ctx context.Context
	c   pb.OrderServiceClient
}

func newWorker(c pb.OrderServiceClient) *worker { return &worker{context.Background(), c} }

func (w *worker) work() {
	w.c.GetOrder(w.ctx, nil, grpc.WaitForReady(true)) // want `deadline/wait-for-ready`
}

func silent(ctx context.Context, c pb.OrderServiceClient, wait bool) {
	c.GetOrder(ctx, nil, grpc.WaitForReady(true))
	bounded, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	c.GetOrder(bounded, nil, grpc.WaitForReady(true))
	fetch(bounded, c)
	helper.Fetch(bounded, c)
	c.WatchOrders(ctx, nil, grpc.WaitForReady(true))
}

func otherwise(c pb.OrderServiceClient, wait bool) {
	c.GetOrder(context.Background(), nil, grpc.WaitForReady(false)) // want `deadline/missing`
	c.GetOrder(context.Background(), nil, grpc.WaitForReady(wait))  // want `deadline/missing`
	c.GetOrder(context.Background(), nil, grpc.FailFast(true))      // want `deadline/missing`
	c.WatchOrders(context.Background(), nil)
	//grpclint:ignore deadline/wait-for-ready the init container does nothing else
	c.GetOrder(context.Background(), nil, grpc.WaitForReady(true))
}
