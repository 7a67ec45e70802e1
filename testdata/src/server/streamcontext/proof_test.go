package streamcontext

import (
	"testing"

	"google.golang.org/grpc"

	"example.com/testdata/proof"
	"example.com/testdata/server/droppedcontext/user"
	"example.com/testdata/stubs/orderpb"
)

func TestContext(t *testing.T) {
	orders := &proof.Orders{Watch: func(_ *orderpb.WatchOrdersRequest, stream grpc.ServerStreamingServer[orderpb.OrderEvent]) error {
		return stream.Send(&orderpb.OrderEvent{Order: &orderpb.Order{Customer: user.Of(stream.Context())}})
	}}
	for _, test := range []struct {
		interceptor grpc.StreamServerInterceptor
		want        string
	}{{elsewhere, ""}, {wraps, "a"}} {
		stream, err := proof.Serve(t, orders, grpc.StreamInterceptor(test.interceptor)).WatchOrders(t.Context(), &orderpb.WatchOrdersRequest{})
		if err != nil {
			t.Fatal(err)
		}
		if event, err := stream.Recv(); err != nil || event.GetOrder().GetCustomer() != test.want {
			t.Errorf("%v, want %q, %v", event, test.want, err)
		}
	}
}
