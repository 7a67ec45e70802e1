// Package repo keeps orders.
package repo

import (
	"context"
	"fmt"

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
