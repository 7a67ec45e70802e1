// Package proof shows, with a real client and server, what the rules' pages
// say of code that is wrong and of code that is right.
package proof

import (
	"bytes"
	"context"
	"net"
	"os"
	"os/exec"
	"strings"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	pb "example.com/testdata/stubs/orderpb"
)

// Orders is an order service made of functions.
type Orders struct {
	pb.UnimplementedOrderServiceServer
	Get    func(context.Context, *pb.GetOrderRequest) (*pb.Order, error)
	Create func(context.Context, *pb.CreateOrderRequest) (*pb.Order, error)
	Watch  func(*pb.WatchOrdersRequest, grpc.ServerStreamingServer[pb.OrderEvent]) error
}

func (o *Orders) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if o.Get == nil {
		return &pb.Order{}, nil
	}
	return o.Get(ctx, req)
}

func (o *Orders) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	return o.Create(ctx, req)
}

func (o *Orders) WatchOrders(req *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	return o.Watch(req, stream)
}

// Listen returns a listener in memory, and a connection to who serves on it.
func Listen(t *testing.T) (*bufconn.Listener, *grpc.ClientConn) {
	t.Helper()
	listener := bufconn.Listen(1 << 20)
	conn, err := grpc.NewClient("passthrough:///bufconn",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	return listener, conn
}

// Serve runs an order service for the time of a test and returns a client.
func Serve(t *testing.T, orders pb.OrderServiceServer, opts ...grpc.ServerOption) pb.OrderServiceClient {
	t.Helper()
	listener, conn := Listen(t)
	server := grpc.NewServer(opts...)
	pb.RegisterOrderServiceServer(server, orders)
	go func() { _ = server.Serve(listener) }()
	t.Cleanup(server.Stop)
	return pb.NewOrderServiceClient(conn)
}

// child is set in the environment of the process that Crash starts.
const child = "GRPCLINT_PROOF_CHILD"

// Crash runs f in a process of its own, which has to end by what f does, and
// returns what it has written. It is called once in a test, with the same f in
// both processes.
func Crash(t *testing.T, f func()) string {
	t.Helper()
	if os.Getenv(child) != "" {
		f()
		t.SkipNow() // a process that survives is a test that passes
	}
	cmd := exec.Command(os.Args[0], "-test.run=^"+strings.ReplaceAll(t.Name(), "/", "$/^")+"$")
	cmd.Env = append(os.Environ(), child+"=1")
	var output bytes.Buffer
	cmd.Stdout, cmd.Stderr = &output, &output
	if cmd.Run() == nil {
		t.Fatal("the process has survived")
	}
	return output.String()
}

// Panics returns what f panics with, as text, "" if it does not.
func Panics(f func()) (text string) {
	defer func() {
		switch p := recover().(type) {
		case nil:
		case error:
			text = p.Error()
		case string:
			text = p
		default:
			text = "?"
		}
	}()
	f()
	return ""
}

// Contains checks that a text says something.
func Contains(t *testing.T, text, want string) {
	t.Helper()
	if !strings.Contains(text, want) {
		t.Errorf("%q does not contain %q", text, want)
	}
}
