// Package store returns errors of all kinds to the handlers of another
// package.
package store

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stubs/orderpb"
)

// ErrFull has no code.
var ErrFull = errors.New("full")

// A Store keeps orders.
type Store struct {
	db     *sql.DB
	orders map[string]*orderpb.Order
}

// Get fails with one code.
func (s *Store) Get(name string) (*orderpb.Order, error) {
	if o := s.orders[name]; o != nil {
		return o, nil
	}
	return nil, status.Errorf(codes.NotFound, "no order %s", name)
}

// Put fails with one code, and without one.
func (s *Store) Put(o *orderpb.Order) error {
	switch {
	case o.GetName() == "":
		return status.Error(codes.InvalidArgument, "no name")
	case len(s.orders) > 1000:
		return ErrFull
	}
	s.orders[o.GetName()] = o
	return nil
}

// Lock waits for its turn.
func (s *Store) Lock(ctx context.Context, turn chan struct{}) error {
	select {
	case <-turn:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

// Query asks a database.
func (s *Store) Query(ctx context.Context, name string) error {
	row := s.db.QueryRowContext(ctx, "select 1 from orders where name = ?", name)
	return row.Scan(new(int))
}

// ToStatus gives codes to errors.
func ToStatus(err error) error {
	switch {
	case errors.Is(err, sql.ErrNoRows):
		return status.Error(codes.NotFound, "no order")
	case errors.Is(err, ErrFull):
		return status.Error(codes.ResourceExhausted, "full")
	}
	return status.Error(codes.Internal, fmt.Sprint("store: ", err))
}
