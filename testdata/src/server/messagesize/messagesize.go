// Package messagesize connects to servers that it knows.
package messagesize

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/server/messagesize/backend"
	"example.com/testdata/stubs/grpc13pb"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

var _ = backend.Orders

type items struct {
	grpc13pb.UnimplementedGrpc13ServiceServer
}

func serveItems() *grpc.Server {
	s := grpc.NewServer(grpc.MaxRecvMsgSize(8 << 20))
	grpc13pb.RegisterGrpc13ServiceServer(s, items{})
	return s
}

func sendsTooMuch() (grpc13pb.Grpc13ServiceClient, error) {
	conn, err := grpc.NewClient("dns:///items:443", creds,
		grpc.WithDefaultCallOptions(grpc.MaxCallSendMsgSize(16<<20))) // want `requests of more than 8 MiB fail: the client may send 16 MiB, and the server of Grpc13Service takes less \[server/message-size\]`
	if err != nil {
		return nil, err
	}
	return grpc13pb.NewGrpc13ServiceClient(conn), nil
}

func sendsTooMuchElsewhere() (orderpb.OrderServiceClient, error) {
	conn, err := grpc.NewClient("dns:///orders:443", creds,
		grpc.WithDefaultCallOptions( // want `requests of more than 1 MiB fail: the client may send 2 MiB, and the server of OrderService takes less`
			grpc.MaxCallSendMsgSize(2<<20), grpc.MaxCallRecvMsgSize(64<<20)))
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}

func takesTooLittle() (orderpb.OrderServiceClient, error) {
	conn, err := grpc.NewClient("dns:///orders:443", creds, grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(32<<20))) // want `replies of more than 32 MiB fail: the server of OrderService may send 64 MiB, and the client takes less`
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}

func takesTheDefault() (orderpb.OrderServiceClient, error) {
	conn, err := grpc.NewClient("dns:///orders:443", creds) // want `replies of more than 4 MiB fail: the server of OrderService may send 64 MiB`
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}

func beyondTheDefault() (paypb.PaymentServiceClient, error) {
	conn, err := grpc.NewClient("dns:///payments:443", creds, grpc.WithDefaultCallOptions(grpc.MaxCallSendMsgSize(5000000))) // want `requests of more than 4 MiB fail: the client may send 5000000 bytes`
	if err != nil {
		return nil, err
	}
	return paypb.NewPaymentServiceClient(conn), nil
}

func callOptions() []grpc.CallOption {
	return []grpc.CallOption{grpc.WaitForReady(true), grpc.MaxCallSendMsgSize(5 << 20)}
}

func byHelper() (paypb.PaymentServiceClient, error) {
	conn, err := grpc.NewClient("dns:///payments:443", creds, grpc.WithDefaultCallOptions(callOptions()...)) // want `requests of more than 4 MiB fail: the client may send 5 MiB`
	if err != nil {
		return nil, err
	}
	return paypb.NewPaymentServiceClient(conn), nil
}

type config struct{ calls []grpc.CallOption }

func newConfig() *config { return &config{calls: []grpc.CallOption{grpc.MaxCallSendMsgSize(6 << 20)}} }

func (c *config) byField() (paypb.PaymentServiceClient, error) {
	conn, err := grpc.NewClient("dns:///payments:443", creds, grpc.WithDefaultCallOptions(c.calls...)) // want `requests of more than 4 MiB fail: the client may send 6 MiB`
	if err != nil {
		return nil, err
	}
	return paypb.NewPaymentServiceClient(conn), nil
}

// ofCallers may send anything.
func ofCallers(opts ...grpc.CallOption) (paypb.PaymentServiceClient, error) {
	opts = append(opts, grpc.MaxCallSendMsgSize(6<<20))
	conn, err := grpc.NewClient("dns:///payments:443", creds, grpc.WithDefaultCallOptions(opts...))
	if err != nil {
		return nil, err
	}
	return paypb.NewPaymentServiceClient(conn), nil
}

// OfCallers does that for everybody.
func OfCallers(opts ...grpc.CallOption) (paypb.PaymentServiceClient, error) {
	return ofCallers(opts...)
}
