// Package cache keeps orders, too, and says what is wrong.
package cache

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
)

type Cache struct{}

func (Cache) Find(_ context.Context, name string) (*orderpb.Order, error) {
	return nil, status.Errorf(codes.NotFound, "no order %q", name)
}
