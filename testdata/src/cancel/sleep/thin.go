package sleep

import (
	"context"
	"sync"
	"time"

	"example.com/testdata/cancel/sleep/plain"
	pb "example.com/testdata/stubs/orderpb"
)

// What a helper does without branches, whoever calls it does.
type thin struct {
	pb.UnimplementedOrderServiceServer
	once sync.Once
}

func (t *thin) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	pause(time.Second)
	plain.Pause()             // want `GetOrder may sleep on when the client has gone \(Pause\): time.Sleep does not end with the context`
	plain.For(24 * time.Hour) // want `GetOrder may sleep on when the client has gone \(For\)`
	t.once.Do(func() {
		time.Sleep(time.Second) // want `GetOrder may sleep on when the client has gone`
	})
	return &pb.Order{}, nil
}

func pause(d time.Duration) { time.Sleep(d) } // want `GetOrder may sleep on when the client has gone: time.Sleep does not end with the context`

// Silent: the pauses are short, only now and then, or somebody else's.
func (t *thin) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	blink(time.Millisecond)
	plain.For(time.Millisecond)
	plain.Sometimes(1)
	later(func() { time.Sleep(time.Second) })
	return &pb.Order{}, nil
}

func blink(d time.Duration) { time.Sleep(d) }

func later(f func()) { go f() }
