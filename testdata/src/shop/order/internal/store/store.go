// Package store keeps the orders in memory.
package store

import (
	"errors"
	"slices"
	"strconv"
	"sync"
	"time"

	"google.golang.org/protobuf/proto"

	orderv1 "example.com/testdata/shop/gen/order/v1"
)

// What the store can say no with.
var (
	ErrNotFound = errors.New("no such order")
	ErrChanged  = errors.New("the order was changed meanwhile")
)

// Store is safe for concurrent use. Orders go in and out as copies.
type Store struct {
	mu        sync.Mutex
	orders    map[string]*orderv1.Order
	byRequest map[string]string
	version   int
	watchers  map[string]map[chan *orderv1.Order]struct{}
}

// New returns an empty store.
func New() *Store {
	return &Store{
		orders:    make(map[string]*orderv1.Order),
		byRequest: make(map[string]string),
		watchers:  make(map[string]map[chan *orderv1.Order]struct{}),
	}
}

// ByRequest returns the order that a request id has placed.
func (s *Store) ByRequest(id string) (*orderv1.Order, bool) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders[s.byRequest[id]]
	return clone(o), ok
}

// Get returns an order.
func (s *Store) Get(name string) (*orderv1.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders[name]
	if !ok {
		return nil, ErrNotFound
	}
	return clone(o), nil
}

// List returns up to n orders, the newest first.
func (s *Store) List(n int) []*orderv1.Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	var all []*orderv1.Order
	for _, o := range s.orders {
		all = append(all, clone(o))
	}
	slices.SortFunc(all, func(a, b *orderv1.Order) int {
		return b.GetCreateTime().AsTime().Compare(a.GetCreateTime().AsTime())
	})
	return all[:min(n, len(all))]
}

// Unpaid returns the open orders from before t that have no payment.
func (s *Store) Unpaid(t time.Time) []*orderv1.Order {
	s.mu.Lock()
	defer s.mu.Unlock()
	var found []*orderv1.Order
	for _, o := range s.orders {
		open := o.GetState() == orderv1.Order_STATE_OPEN
		if open && o.GetPayment() == "" && o.GetCreateTime().AsTime().Before(t) {
			found = append(found, clone(o))
		}
	}
	return found
}

// SetPaid notes the payment of an order.
func (s *Store) SetPaid(name, payment string) (*orderv1.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders[name]
	if !ok {
		return nil, ErrNotFound
	}
	o = clone(o)
	o.Payment, o.Paid = payment, true
	return s.set(o), nil
}

// Put stores a new order under the request id that placed it.
func (s *Store) Put(o *orderv1.Order, requestID string) {
	s.mu.Lock()
	defer s.mu.Unlock()
	s.byRequest[requestID] = o.GetName()
	s.set(o)
}

// Cancel cancels an order whose etag is still the given one. The empty etag
// stands for any.
func (s *Store) Cancel(name, etag string) (*orderv1.Order, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	o, ok := s.orders[name]
	switch {
	case !ok:
		return nil, ErrNotFound
	case etag != "" && etag != o.GetEtag():
		return nil, ErrChanged
	}
	o = clone(o)
	o.State = orderv1.Order_STATE_CANCELLED
	return s.set(o), nil
}

// Watch returns a channel that gets the order after every change, and a
// function that ends the watch. Changes that nobody took are left out.
func (s *Store) Watch(name string) (<-chan *orderv1.Order, func()) {
	ch := make(chan *orderv1.Order, 1)
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.watchers[name] == nil {
		s.watchers[name] = make(map[chan *orderv1.Order]struct{})
	}
	s.watchers[name][ch] = struct{}{}
	return ch, func() {
		s.mu.Lock()
		defer s.mu.Unlock()
		delete(s.watchers[name], ch)
		if len(s.watchers[name]) == 0 {
			delete(s.watchers, name)
		}
	}
}

// set is called with the lock held.
func (s *Store) set(o *orderv1.Order) *orderv1.Order {
	s.version++
	o = clone(o)
	o.Etag = strconv.Itoa(s.version)
	s.orders[o.GetName()] = o
	for ch := range s.watchers[o.GetName()] {
		select {
		case <-ch: // an older state that nobody took
		default:
		}
		ch <- clone(o)
	}
	return clone(o)
}

func clone(o *orderv1.Order) *orderv1.Order {
	if o == nil {
		return nil
	}
	return proto.CloneOf(o)
}
