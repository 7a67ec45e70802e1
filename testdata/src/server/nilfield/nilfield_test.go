package nilfield

import (
	"sync"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/proof"
	"example.com/testdata/stubs/orderpb"
)

// A client that leaves the field out ends the process of the server.
func TestCrash(t *testing.T) {
	output := proof.Crash(t, func() {
		client := proof.Serve(t, &orders{seen: names{new(sync.Map)}})
		_, _ = client.CreateOrder(t.Context(), &orderpb.CreateOrderRequest{})
	})
	proof.Contains(t, output, "invalid memory address or nil pointer dereference")
}

// The function of another package does it as well.
func TestCrashElsewhere(t *testing.T) {
	output := proof.Crash(t, func() {
		_, _ = proof.Serve(t, elsewhere{}).CreateOrder(t.Context(), &orderpb.CreateOrderRequest{RequestId: "1"})
	})
	proof.Contains(t, output, "check.Customer")
}

func TestChecked(t *testing.T) {
	client := proof.Serve(t, &checked{seen: names{new(sync.Map)}})
	if _, err := client.CreateOrder(t.Context(), &orderpb.CreateOrderRequest{}); status.Code(err) != codes.Unknown {
		t.Error(err)
	}
	order, err := client.CreateOrder(t.Context(), &orderpb.CreateOrderRequest{Order: &orderpb.Order{Name: "a", Items: []*orderpb.Item{nil, {Sku: "1"}}}})
	if err != nil || order.Name != "a" {
		t.Error(order, err) // a nil element arrives as an empty message
	}
}
