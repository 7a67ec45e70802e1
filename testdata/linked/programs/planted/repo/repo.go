// Package repo keeps orders.
package repo

import (
	"context"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
)

type Store struct{ orders map[string]*orderpb.Order }

func New() *Store { return &Store{orders: make(map[string]*orderpb.Order)} }

func (s *Store) Find(_ context.Context, name string) (*orderpb.Order, error) {
	o := s.orders[name]
	if o == nil {
		return nil, fmt.Errorf("no order %q", name) // related "made here"
	}
	return o, nil
}

func (s *Store) Add(_ context.Context, o *orderpb.Order) error {
	if s.orders[o.GetName()] != nil {
		return status.Error(codes.AlreadyExists, "there is one")
	}
	s.orders[o.GetName()] = o
	return nil
}

func (s *Store) Last() *orderpb.Order { return s.orders["last"] }
