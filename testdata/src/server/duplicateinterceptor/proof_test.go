package duplicateinterceptor

import (
	"context"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/proof"
	"example.com/testdata/stubs/orderpb"
)

func TestPanics(t *testing.T) {
	proof.Contains(t, proof.Panics(func() { both() }), "interceptor was already set")
	proof.Contains(t, proof.Panics(func() { appended(true) }), "interceptor was already set")
	proof.Contains(t, proof.Panics(func() { taps() }), "tap handle was already set")
	for _, right := range []func() *grpc.Server{chains, oneAndChain, func() *grpc.Server { return alternatives(true) }} {
		if text := proof.Panics(func() { right() }); text != "" {
			t.Error(text)
		}
	}
}

// On a connection the first one is lost without a word.
func TestReplaced(t *testing.T) {
	ran := ""
	named := func(name string) grpc.UnaryClientInterceptor {
		return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
			ran += name
			return nil // the rest does not matter
		}
	}
	call := func(opts ...grpc.DialOption) string {
		ran = ""
		conn, err := grpc.NewClient("passthrough:///none", append(opts, grpc.WithTransportCredentials(insecure.NewCredentials()))...)
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		if _, err := orderpb.NewOrderServiceClient(conn).GetOrder(t.Context(), &orderpb.GetOrderRequest{}); err != nil {
			t.Fatal(err)
		}
		return ran
	}
	if got := call(grpc.WithUnaryInterceptor(named("a")), grpc.WithUnaryInterceptor(named("b"))); got != "b" {
		t.Error(got)
	}
}
