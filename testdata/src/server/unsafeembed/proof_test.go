package unsafeembed

import (
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/proof"
	"example.com/testdata/stubs/orderpb"
)

// A method that is missing is called on an interface that is nil.
func TestCrash(t *testing.T) {
	output := proof.Crash(t, func() {
		_, _ = proof.Serve(t, wrapped{}).GetOrder(t.Context(), &orderpb.GetOrderRequest{})
	})
	proof.Contains(t, output, "nil pointer")
}

func TestUnimplemented(t *testing.T) {
	if _, err := proof.Serve(t, safe{}).GetOrder(t.Context(), &orderpb.GetOrderRequest{}); status.Code(err) != codes.Unimplemented {
		t.Error(err)
	}
}
