// Package helper loads orders.
package helper

import (
	"context"
	"time"

	pb "example.com/testdata/stubs/orderpb"
)

// Load gives up when the context is over.
func Load(ctx context.Context, load func() *pb.Order) (*pb.Order, error) {
	ch := make(chan *pb.Order)
	go func() { ch <- load() }()
	select {
	case o := <-ch:
		return o, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

// LoadWithRoom does so, and leaves room for the result.
func LoadWithRoom(ctx context.Context, load func() *pb.Order) (*pb.Order, error) {
	ch := make(chan *pb.Order, 1)
	go func() { ch <- load() }()
	select {
	case o := <-ch:
		return o, nil
	case <-ctx.Done():
		return nil, ctx.Err()
	case <-time.After(time.Minute):
		return nil, context.DeadlineExceeded
	}
}
