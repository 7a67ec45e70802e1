package detached

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

type task struct {
	ctx  context.Context
	name string
}

// inStruct keeps the fresh context in a struct of its own.
func inStruct(ctx context.Context, c pb.OrderServiceClient) {
	t := task{ctx: context.Background(), name: "a"} // want `OrderService.GetOrder can run on after the caller of inStruct has gone`
	c.GetOrder(t.ctx, &pb.GetOrderRequest{Name: t.name})
}

// workers carry tasks out that outlive their requests.
type workers struct {
	tasks  chan task
	client pb.OrderServiceClient
}

func newWorkers(c pb.OrderServiceClient) *workers {
	return &workers{tasks: make(chan task, 8), client: c}
}

func (w *workers) later(ctx context.Context, name string) {
	w.tasks <- task{ctx: withTimeout(), name: name}
}

func withTimeout() context.Context {
	ctx, _ := context.WithTimeout(context.Background(), 60e9)
	return ctx
}

func (w *workers) run() {
	for t := range w.tasks {
		w.client.GetOrder(t.ctx, &pb.GetOrderRequest{Name: t.name})
	}
}
