// Package memory keeps orders, and knows nothing of gRPC either.
package memory

import (
	"context"
	"fmt"

	"example.com/linked/programs/layers/entity"
)

type Store struct{ orders map[string]*entity.Order }

func New() *Store { return &Store{orders: make(map[string]*entity.Order)} }

func (s *Store) Find(_ context.Context, name string) (*entity.Order, error) {
	o := s.orders[name]
	if o == nil {
		return nil, fmt.Errorf("no order %q", name) // related "made here"
	}
	return o, nil
}

func (s *Store) Keep(_ context.Context, o *entity.Order) error {
	s.orders[o.Name] = o
	return nil
}
