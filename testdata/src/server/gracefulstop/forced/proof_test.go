package forced

import (
	"testing"

	"google.golang.org/grpc"

	"example.com/testdata/proof"
	"example.com/testdata/server/gracefulstop/feed"
	"example.com/testdata/stubs/orderpb"
)

// GracefulStop waits for a stream that goes on, until Stop ends it.
func TestWaits(t *testing.T) {
	listener, conn := proof.Listen(t)
	s := grpc.NewServer()
	f := &feed.Feed{Orders: make(chan *orderpb.Order)}
	orderpb.RegisterOrderServiceServer(s, f)
	go func() { _ = s.Serve(listener) }()
	stream, err := orderpb.NewOrderServiceClient(conn).WatchOrders(t.Context(), &orderpb.WatchOrdersRequest{})
	if err != nil {
		t.Fatal(err)
	}
	send := func(name string) {
		f.Orders <- &orderpb.Order{Name: name}
		event, err := stream.Recv()
		if err != nil || event.GetOrder().GetName() != name {
			t.Fatal(event, err)
		}
	}
	send("before")
	stopped := make(chan struct{})
	go func() {
		s.GracefulStop()
		close(stopped)
	}()
	// New RPCs are refused when it has begun; the stream goes on.
	for {
		if _, err := orderpb.NewOrderServiceClient(conn).GetOrder(t.Context(), &orderpb.GetOrderRequest{}, grpc.WaitForReady(false)); err != nil && s.GetServiceInfo() != nil {
			break
		}
	}
	send("after")
	select {
	case <-stopped:
		t.Fatal("it has not waited")
	default:
	}
	s.Stop()
	<-stopped
	if _, err := stream.Recv(); err == nil {
		t.Error("the stream goes on")
	}
}
