package unaryonlyauth

import (
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/proof"
	"example.com/testdata/server/unaryonlyauth/auth"
	"example.com/testdata/stubs/orderpb"
)

// Without a token one cannot get an order, and can watch all of them.
func TestOpen(t *testing.T) {
	watch := func(opts ...grpc.ServerOption) codes.Code {
		client := proof.Serve(t, orders{}, opts...)
		if _, err := client.GetOrder(t.Context(), &orderpb.GetOrderRequest{}); status.Code(err) != codes.Unauthenticated {
			t.Error(err)
		}
		stream, err := client.WatchOrders(t.Context(), &orderpb.WatchOrdersRequest{})
		if err != nil {
			t.Fatal(err)
		}
		_, err = stream.Recv()
		return status.Code(err)
	}
	if code := watch(grpc.UnaryInterceptor(check)); code != codes.OK {
		t.Error(code)
	}
	if code := watch(grpc.UnaryInterceptor(check), grpc.StreamInterceptor(auth.Stream)); code != codes.Unauthenticated {
		t.Error(code)
	}
}
