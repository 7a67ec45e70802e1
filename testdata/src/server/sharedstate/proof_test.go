package sharedstate

import (
	"sync"
	"testing"

	"example.com/testdata/proof"
	"example.com/testdata/stubs/orderpb"
)

// Two handlers run at the same time, and one of two orders is not counted.
func TestLost(t *testing.T) {
	var both sync.WaitGroup
	both.Add(2)
	o := newOrders()
	var maps sync.Mutex // keeps the map out of it
	o.pause = func() {
		both.Done()
		both.Wait() // ends only if both are here
		maps.Lock()
	}
	client := proof.Serve(t, o)
	var done sync.WaitGroup
	for range 2 {
		done.Go(func() {
			_, _ = client.CreateOrder(t.Context(), &orderpb.CreateOrderRequest{Order: &orderpb.Order{Name: "a"}})
			maps.Unlock()
		})
	}
	done.Wait()
	if o.count != 1 {
		t.Error(o.count)
	}
}
