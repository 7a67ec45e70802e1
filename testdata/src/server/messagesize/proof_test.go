package messagesize

import (
	"context"
	"net"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"example.com/testdata/proof"
	"example.com/testdata/stubs/orderpb"
)

func TestSizes(t *testing.T) {
	orders := &proof.Orders{Get: func(_ context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
		if req.GetName() == "large" {
			return &orderpb.Order{Name: strings.Repeat("x", 5<<20)}, nil
		}
		return &orderpb.Order{}, nil
	}}
	listener := bufconn.Listen(1 << 20)
	s := grpc.NewServer(grpc.MaxRecvMsgSize(1<<20), grpc.MaxSendMsgSize(64<<20))
	orderpb.RegisterOrderServiceServer(s, orders)
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(s.Stop)
	get := func(name string, opts ...grpc.CallOption) codes.Code {
		conn, err := grpc.NewClient("passthrough:///bufconn", creds, grpc.WithDefaultCallOptions(opts...),
			grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
		if err != nil {
			t.Fatal(err)
		}
		defer conn.Close()
		_, err = orderpb.NewOrderServiceClient(conn).GetOrder(t.Context(), &orderpb.GetOrderRequest{Name: name})
		return status.Code(err)
	}
	if code := get(strings.Repeat("x", 3<<19), grpc.MaxCallSendMsgSize(2<<20)); code != codes.ResourceExhausted {
		t.Error(code)
	}
	if code := get("large"); code != codes.ResourceExhausted {
		t.Error(code)
	}
	if code := get("large", grpc.MaxCallRecvMsgSize(64<<20)); code != codes.OK {
		t.Error(code)
	}
}
