// Package atruntime shows what grpc-go does where the pages of the families
// stream and cancel say so.
package atruntime

import (
	"context"
	"errors"
	"io"
	"net"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/testdata/proof"
	pb "example.com/testdata/stubs/orderpb"
)

// orders is an order service made of functions.
type orders struct {
	pb.UnimplementedOrderServiceServer
	get    func(context.Context) error
	watch  func(grpc.ServerStreamingServer[pb.OrderEvent]) error
	upload func(grpc.ClientStreamingServer[pb.UploadOrdersRequest, pb.UploadOrdersResponse]) error
}

func (o *orders) GetOrder(ctx context.Context, _ *pb.GetOrderRequest) (*pb.Order, error) {
	if o.get == nil {
		return &pb.Order{}, nil
	}
	return &pb.Order{}, o.get(ctx)
}

func (o *orders) WatchOrders(_ *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	return o.watch(stream)
}

func (o *orders) UploadOrders(stream grpc.ClientStreamingServer[pb.UploadOrdersRequest, pb.UploadOrdersResponse]) error {
	return o.upload(stream)
}

func watch(t *testing.T, ctx context.Context, c pb.OrderServiceClient) grpc.ServerStreamingClient[pb.OrderEvent] {
	t.Helper()
	stream, err := c.WatchOrders(ctx, &pb.WatchOrdersRequest{})
	if err != nil {
		t.Fatal(err)
	}
	return stream
}

// stream/dead: every Recv after an error fails.
func TestDead(t *testing.T) {
	c := proof.Serve(t, &orders{watch: func(stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
		if err := stream.Send(&pb.OrderEvent{}); err != nil {
			return err
		}
		return status.Error(codes.Unavailable, "restarting")
	}})
	stream := watch(t, t.Context(), c)
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	for range 100 {
		if _, err := stream.Recv(); err == nil {
			t.Fatal("the stream has come back")
		}
	}
	if _, err := watch(t, t.Context(), c).Recv(); err != nil {
		t.Errorf("a new stream: %v", err)
	}
}

// stream/leak: a stream that is dropped stays, at the server too, until its
// context is over.
func TestLeak(t *testing.T) {
	ended := make(chan struct{})
	c := proof.Serve(t, &orders{watch: func(stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
		defer close(ended)
		if err := stream.Send(&pb.OrderEvent{}); err != nil {
			return err
		}
		<-stream.Context().Done()
		return nil
	}})
	ctx, cancel := context.WithCancel(t.Context())
	first := func() error {
		_, err := watch(t, ctx, c).Recv()
		return err
	}
	if err := first(); err != nil {
		t.Fatal(err)
	}
	// What the client has sent before this round trip has arrived after it.
	if _, err := c.GetOrder(t.Context(), &pb.GetOrderRequest{}); err != nil {
		t.Fatal(err)
	}
	select {
	case <-ended:
		t.Error("the stream has ended by itself")
	default:
	}
	cancel()
	<-ended
}

// stream/masked-send: Send says io.EOF, and CloseAndRecv the status.
func TestMaskedSend(t *testing.T) {
	c := proof.Serve(t, &orders{upload: func(grpc.ClientStreamingServer[pb.UploadOrdersRequest, pb.UploadOrdersResponse]) error {
		return status.Error(codes.PermissionDenied, "not yours")
	}})
	stream, err := c.UploadOrders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	for err == nil {
		err = stream.Send(&pb.UploadOrdersRequest{})
	}
	if err != io.EOF || status.Code(err) != codes.Unknown {
		t.Errorf("Send: %v", err)
	}
	if _, err := stream.CloseAndRecv(); status.Code(err) != codes.PermissionDenied {
		t.Errorf("CloseAndRecv: %v", err)
	}
}

// stream/unread-result: Send and CloseSend succeed although the RPC fails.
func TestUnreadResult(t *testing.T) {
	c := proof.Serve(t, &orders{upload: func(stream grpc.ClientStreamingServer[pb.UploadOrdersRequest, pb.UploadOrdersResponse]) error {
		for {
			if _, err := stream.Recv(); err == io.EOF {
				return status.Error(codes.InvalidArgument, "no such order")
			} else if err != nil {
				return err
			}
		}
	}})
	stream, err := c.UploadOrders(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	if err := stream.Send(&pb.UploadOrdersRequest{}); err != nil {
		t.Errorf("Send: %v", err)
	}
	if err := stream.CloseSend(); err != nil {
		t.Errorf("CloseSend: %v", err)
	}
	if _, err := stream.CloseAndRecv(); status.Code(err) != codes.InvalidArgument {
		t.Errorf("CloseAndRecv: %v", err)
	}
}

// stream/early-trailer: the trailer is there when the stream has ended.
func TestEarlyTrailer(t *testing.T) {
	read := make(chan struct{})
	c := proof.Serve(t, &orders{watch: func(stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
		stream.SetTrailer(metadata.Pairs("cursor", "7"))
		if err := stream.Send(&pb.OrderEvent{}); err != nil {
			return err
		}
		<-read
		return nil
	}})
	stream := watch(t, t.Context(), c)
	if _, err := stream.Recv(); err != nil {
		t.Fatal(err)
	}
	if got := stream.Trailer().Get("cursor"); len(got) != 0 {
		t.Errorf("before the end: %q", got)
	}
	close(read)
	if _, err := stream.Recv(); err != io.EOF {
		t.Fatal(err)
	}
	if got := stream.Trailer().Get("cursor"); len(got) != 1 {
		t.Errorf("after the end: %q", got)
	}
}

// stream/late-header: a header that is set after the first message is an
// error at the server, and does not arrive.
func TestLateHeader(t *testing.T) {
	var set error
	c := proof.Serve(t, &orders{watch: func(stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
		if err := stream.SetHeader(metadata.Pairs("early", "1")); err != nil {
			return err
		}
		if err := stream.Send(&pb.OrderEvent{}); err != nil {
			return err
		}
		set = stream.SetHeader(metadata.Pairs("late", "1"))
		return nil
	}})
	stream := watch(t, t.Context(), c)
	for {
		if _, err := stream.Recv(); err == io.EOF {
			break
		} else if err != nil {
			t.Fatal(err)
		}
	}
	md, err := stream.Header()
	if err != nil {
		t.Fatal(err)
	}
	if set == nil || len(md.Get("late")) != 0 || len(md.Get("early")) != 1 {
		t.Errorf("SetHeader: %v, header %v", set, md)
	}
}

// stream/reconnect: without a connection, a stream fails at once.
func TestReconnect(t *testing.T) {
	conn, err := grpc.NewClient("passthrough:///down", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) { return nil, errors.New("down") }))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	for range 1000 {
		if _, err := pb.NewOrderServiceClient(conn).WatchOrders(t.Context(), &pb.WatchOrdersRequest{}); status.Code(err) != codes.Unavailable {
			t.Fatal(err)
		}
	}
}

// cancel/ignored-send: once the client has gone, every Send fails.
func TestIgnoredSend(t *testing.T) {
	failures := make(chan int, 1)
	c := proof.Serve(t, &orders{watch: func(stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
		if err := stream.Send(&pb.OrderEvent{}); err != nil {
			return err
		}
		<-stream.Context().Done()
		failed := 0
		for range 10 {
			if stream.Send(&pb.OrderEvent{}) != nil {
				failed++
			}
		}
		failures <- failed
		return nil
	}})
	ctx, cancel := context.WithCancel(t.Context())
	if _, err := watch(t, ctx, c).Recv(); err != nil {
		t.Fatal(err)
	}
	cancel()
	if failed := <-failures; failed != 10 {
		t.Errorf("%d of 10 have failed", failed)
	}
}

// cancel/stream-after-return: what a goroutine sends after the handler has
// returned fails.
func TestStreamAfterReturn(t *testing.T) {
	sent := make(chan error, 1)
	c := proof.Serve(t, &orders{watch: func(stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
		go func() {
			<-stream.Context().Done() // when the handler has returned
			sent <- stream.Send(&pb.OrderEvent{})
		}()
		return nil
	}})
	if _, err := watch(t, t.Context(), c).Recv(); err != io.EOF {
		t.Errorf("Recv: %v", err)
	}
	if err := <-sent; err == nil {
		t.Error("Send has succeeded")
	}
}

// cancel/goroutine: the context of an RPC is over when its handler has
// returned; context.WithoutCancel is not.
func TestGoroutine(t *testing.T) {
	type outcome struct{ with, without error }
	outcomes := make(chan outcome, 1)
	var c pb.OrderServiceClient
	audits := proof.Serve(t, &orders{})
	c = proof.Serve(t, &orders{get: func(ctx context.Context) error {
		go func() {
			<-ctx.Done() // when the handler has returned
			_, with := audits.GetOrder(ctx, &pb.GetOrderRequest{})
			_, without := audits.GetOrder(context.WithoutCancel(ctx), &pb.GetOrderRequest{})
			outcomes <- outcome{with, without}
		}()
		return nil
	}})
	if _, err := c.GetOrder(t.Context(), &pb.GetOrderRequest{}); err != nil {
		t.Fatal(err)
	}
	got := <-outcomes
	if status.Code(got.with) != codes.Canceled || got.without != nil {
		t.Errorf("with the context: %v, without its end: %v", got.with, got.without)
	}
}

// cancel/cleanup: an RPC with a context that is over does not leave the
// process.
func TestCleanup(t *testing.T) {
	calls := 0
	c := proof.Serve(t, &orders{get: func(context.Context) error {
		calls++
		return nil
	}})
	ctx, cancel := context.WithCancel(t.Context())
	cancel()
	if _, err := c.GetOrder(ctx, &pb.GetOrderRequest{}); status.Code(err) != codes.Canceled {
		t.Errorf("with the context: %v", err)
	}
	if _, err := c.GetOrder(context.WithoutCancel(ctx), &pb.GetOrderRequest{}); err != nil || calls != 1 {
		t.Errorf("without its end: %v, %d calls", err, calls)
	}
}

// cancel/unbuffered-result: the goroutine waits until somebody receives.
func TestUnbufferedResult(t *testing.T) {
	result, handed := make(chan int), make(chan struct{})
	started := make(chan struct{})
	c := proof.Serve(t, &orders{get: func(ctx context.Context) error {
		go func() {
			result <- 1
			close(handed)
		}()
		close(started)
		<-ctx.Done()
		return ctx.Err()
	}})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-started
		cancel()
	}()
	if _, err := c.GetOrder(ctx, &pb.GetOrderRequest{}); status.Code(err) != codes.Canceled {
		t.Errorf("GetOrder: %v", err)
	}
	select {
	case <-handed:
		t.Error("the result has gone, to nobody")
	default:
	}
	<-result // still there
	<-handed
}

// cancel/sleep, cancel/loop, cancel/channel: a handler that does not look at
// its context is not interrupted, and goes on when its client has gone.
func TestNotInterrupted(t *testing.T) {
	started, release, returned := make(chan struct{}), make(chan struct{}), make(chan error, 1)
	c := proof.Serve(t, &orders{get: func(ctx context.Context) error {
		close(started)
		<-ctx.Done() // the client has gone
		<-release    // time.Sleep, a channel
		returned <- ctx.Err()
		return nil
	}})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		<-started
		cancel()
	}()
	if _, err := c.GetOrder(ctx, &pb.GetOrderRequest{}); status.Code(err) != codes.Canceled {
		t.Errorf("the client gets %v", err)
	}
	select {
	case <-returned:
		t.Error("the handler has been interrupted")
	default:
	}
	close(release)
	if err := <-returned; !errors.Is(err, context.Canceled) {
		t.Errorf("the handler's context is over because of %v", err)
	}
}
