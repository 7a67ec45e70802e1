package detached

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// A job is run by a scheduler.
type job interface {
	do(ctx context.Context) error
}

type (
	expire struct{ c pb.OrderServiceClient }
	remind struct{ c pb.OrderServiceClient }
	report struct{ c pb.OrderServiceClient }
)

func (j expire) do(ctx context.Context) error {
	own, cancel := context.WithTimeout(context.Background(), time.Second) // want `^OrderService.DeleteOrder and 2 more RPCs can run on after the caller of do has gone: context.Background\(\) instead of ctx \[`
	defer cancel()
	_, err := j.c.DeleteOrder(own, nil)
	return err
}

func (j remind) do(ctx context.Context) error {
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := j.c.UpdateOrder(own, nil) // related "reaches OrderService.UpdateOrder here"
	return err
}

func (j report) do(ctx context.Context) error {
	own, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	_, err := j.c.ListOrders(own, nil) // related "reaches OrderService.ListOrders here"
	return err
}

// other has a name of its own, and is to be mended by itself.
func (j report) other(ctx context.Context) error {
	own, cancel := context.WithTimeout(context.Background(), time.Second) // want `^OrderService.ListOrders can run on`
	defer cancel()
	_, err := j.c.ListOrders(own, nil)
	return err
}

var _ = []any{job(expire{}), job(remind{}), job(report{}), report.other}
