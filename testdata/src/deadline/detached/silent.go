package detached

import (
	"context"
	"log"
	"sync"
	"time"

	"example.com/testdata/deadline/detached/helper"
	pb "example.com/testdata/stubs/orderpb"
)

func (s *server) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	return s.next.UpdateOrder(ctx, r)
}

func withoutCancel(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	c.GetOrder(own, nil)
}

func inGoroutine(ctx context.Context, c pb.OrderServiceClient) {
	go func() {
		own, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		c.GetOrder(own, nil)
	}()
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	go func() {
		defer cancel()
		c.GetOrder(own, nil)
	}()
	own2, cancel2 := context.WithTimeout(context.Background(), time.Second)
	defer cancel2()
	go c.GetOrder(own2, nil)
}

func deferredCleanUp(ctx context.Context, c pb.OrderServiceClient) {
	defer func() {
		own, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		c.DeleteOrder(own, nil)
	}()
	c.GetOrder(ctx, nil)
}

func releaseLock(ctx context.Context, c pb.OrderServiceClient) {
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c.DeleteOrder(own, nil)
}

func afterFailed(ctx context.Context, c pb.OrderServiceClient) error {
	if _, err := c.CreateOrder(ctx, nil); err != nil {
		own, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		c.DeleteOrder(own, nil)
		return err
	}
	return nil
}

func afterGone(ctx context.Context, c pb.OrderServiceClient) {
	<-ctx.Done()
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c.UpdateOrder(own, nil)
}

func afterErr(ctx context.Context, c pb.OrderServiceClient) {
	if ctx.Err() != nil {
		own, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		c.UpdateOrder(own, nil)
	}
}

// The cache's fetch is shared by all who wait for it.
type cache struct {
	once sync.Once
	c    pb.OrderServiceClient
}

func (k *cache) get(ctx context.Context) {
	k.once.Do(func() {
		own, cancel := context.WithTimeout(context.Background(), time.Second)
		defer cancel()
		k.c.GetOrder(own, nil)
	})
}

func refresh(ctx context.Context, c pb.OrderServiceClient) error { return helper.Refresh(c) }

func start(ctx context.Context, c pb.OrderServiceClient) { helper.Start(context.Background(), c) }

// The signature gives the context up.
func unused(_ context.Context, c pb.OrderServiceClient) {
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	c.GetOrder(own, nil)
}

// The worker outlives its constructor; so does its context.
type worker struct {
	ctx context.Context
	c   pb.OrderServiceClient
}

func newWorker(ctx context.Context, c pb.OrderServiceClient) *worker {
	own, cancel := context.WithTimeout(context.Background(), time.Hour)
	log.Println(cancel)
	return &worker{own, c}
}

func (w *worker) work() { w.c.GetOrder(w.ctx, nil) }

func nilGuard(ctx context.Context, c pb.OrderServiceClient) {
	if ctx == nil {
		ctx = context.Background()
	}
	c.GetOrder(ctx, nil)
}

func ignored(ctx context.Context, c pb.OrderServiceClient) {
	//grpclint:ignore deadline/detached the audit trail has to be complete
	c.CreateOrder(context.Background(), nil)
}
