package fatal

import (
	"testing"

	"example.com/testdata/proof"
	"example.com/testdata/server/fatal/store"
	"example.com/testdata/stubs/orderpb"
)

func TestEnds(t *testing.T) {
	output := proof.Crash(t, func() {
		_, _ = proof.Serve(t, &orders{store: new(store.Store)}).GetOrder(t.Context(), &orderpb.GetOrderRequest{})
	})
	proof.Contains(t, output, "no order")
}
