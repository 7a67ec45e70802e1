package zerolimit

import (
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"

	"example.com/testdata/proof"
	"example.com/testdata/stubs/orderpb"
)

// The timeout is that of real connections: in memory it has no effect.
func call(t *testing.T, name string, opts ...grpc.ServerOption) codes.Code {
	t.Helper()
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	server := grpc.NewServer(opts...)
	orderpb.RegisterOrderServiceServer(server, &proof.Orders{})
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	conn, err := grpc.NewClient(listener.Addr().String(), grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(t.Context(), &orderpb.GetOrderRequest{Name: name})
	return status.Code(err)
}

func TestLimits(t *testing.T) {
	for _, test := range []struct {
		what, name string
		opt        grpc.ServerOption
		want       codes.Code
	}{
		{"no time at all", "", timeout(), codes.Unavailable},
		{"5s", "", grpc.ConnectionTimeout(5e9), codes.OK},
		{"nothing received, an empty request", "", grpc.MaxRecvMsgSize(0), codes.OK},                 // want info `every RPC with a message that is not empty`
		{"nothing received", "orders/1", grpc.MaxRecvMsgSize(0), codes.ResourceExhausted},            // want info `every RPC with a message that is not empty`
		{"less than nothing received", "orders/1", grpc.MaxRecvMsgSize(-1), codes.ResourceExhausted}, // want info `every RPC with a message that is not empty`
		{"enough received", "orders/1", grpc.MaxRecvMsgSize(100), codes.OK},
		{"any number of streams", "orders/1", grpc.MaxConcurrentStreams(0), codes.OK}, // want info `there is no limit`
	} {
		if got := call(t, test.name, test.opt); got != test.want {
			t.Errorf("%s: %v, want %v", test.what, got, test.want)
		}
	}
}
