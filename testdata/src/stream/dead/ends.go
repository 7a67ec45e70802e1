package dead

import (
	"context"
	"fmt"
	"log"
	"os"
	"runtime"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/stream/dead/cli"
	"example.com/testdata/stream/dead/plain"
	pb "example.com/testdata/stubs/orderpb"
)

// Silent: the usual loop that connects anew, in one function.

func silentReconnects(ctx context.Context, c pb.OrderServiceClient) error {
	for {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			return err
		}
		for {
			m, err := stream.Recv()
			if err != nil {
				break
			}
			log.Print(m)
		}
	}
}

func silentReconnectsByHelper(ctx context.Context, c pb.OrderServiceClient) error {
	for ctx.Err() == nil {
		stream, err := watch(ctx, c)
		if err != nil {
			return err
		}
		for {
			if _, err := stream.Recv(); err != nil {
				break
			}
		}
	}
	return ctx.Err()
}

func watch(ctx context.Context, c pb.OrderServiceClient) (pb.OrderService_WatchOrdersClient, error) {
	return c.WatchOrders(ctx, nil)
}

// Bad: the inner loop goes on with the same one.
func spinsInside(ctx context.Context, c pb.OrderServiceClient) error {
	for {
		stream, err := c.WatchOrders(ctx, nil)
		if err != nil {
			return err
		}
		for {
			m, err := stream.Recv()
			if err != nil {
				log.Print(err)
				continue // want `spins once stream has failed`
			}
			if m == nil {
				break
			}
		}
	}
}

// Silent: what is called does not come back.

func silentBail(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		m, err := stream.Recv()
		if err != nil {
			cli.Bail(err)
		}
		log.Print(m)
	}
}

func silentCheck(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		m, err := stream.Recv()
		cli.Check(err)
		log.Print(m)
	}
}

func silentLocalCheck(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		m := must(stream.Recv())
		log.Print(m)
	}
}

func must[T any](value T, err error) T {
	if err != nil && value2() {
		panic(err)
	} else if err != nil {
		runtime.Goexit()
	}
	return value
}

func value2() bool { return os.Getenv("PANIC") != "" }

func silentLiteral(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	quit := func(err error) {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	for {
		m, err := stream.Recv()
		if err != nil {
			quit(err)
		}
		log.Print(m)
	}
}

func silentForever(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		if _, err := stream.Recv(); err != nil {
			park(err)
		}
	}
}

func park(err error) {
	switch log.Print(err); {
	case value2():
		select {}
	default:
		for {
			runtime.Gosched()
		}
	}
}

type logger interface {
	Fatalf(format string, args ...any)
}

func silentInterface(l logger, stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		if _, err := stream.Recv(); err != nil {
			l.Fatalf("receive: %v", err)
		}
	}
}

func silentUnknown(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		_, err := stream.Recv()
		plain.Finish(err)
	}
}

// Bad: it does.

func comesBack(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		m, err := stream.Recv() // want `spins once stream has failed`
		if err != nil {
			cli.FatalLess(err)
		}
		log.Print(m)
	}
}

func recovers(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		m, err := stream.Recv() // want `spins once stream has failed`
		if err != nil {
			cli.Guard(err)
		}
		log.Print(m)
	}
}

func warns(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		m, err := stream.Recv() // want `spins once stream has failed`
		if err != nil {
			plain.Warn(err)
		}
		log.Print(m)
	}
}

func fatalNow(err error) {
	if _, set := os.LookupEnv("LENIENT"); set {
		return
	}
	os.Exit(1)
}

func mayComeBack(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		m, err := stream.Recv() // want `spins once stream has failed`
		if err != nil {
			fatalNow(err)
		}
		log.Print(m)
	}
}

func onlyUnlessNil(err error) {
	if err == nil {
		os.Exit(0)
	}
}

func endsWhenFine(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		_, err := stream.Recv() // want `spins once stream has failed`
		onlyUnlessNil(err)
	}
}

// Silent: what does not come back sees the error in another way.

type report struct {
	what string
	err  error
}

func (r report) bail() {
	if r.err != nil {
		log.Print(r.what)
		cli.Bail(r.err)
	}
}

func silentField(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		m, err := stream.Recv()
		report{"receive", err}.bail()
		log.Print(m)
	}
}

func silentCaptured(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		m, err := stream.Recv()
		func() { cli.Check(err) }()
		log.Print(m)
	}
}

func silentCodeOf(stream grpc.ServerStreamingClient[pb.OrderEvent]) error {
	for {
		_, err := stream.Recv()
		result := struct{ code codes.Code }{codeOf(err)}
		if result.code != codes.OK {
			return err
		}
	}
}

func codeOf(err error) codes.Code {
	if err == nil {
		return codes.OK
	}
	log.Print(err)
	return status.Code(err)
}

// Bad: it comes back with some errors.

func (r report) warn() {
	if r.err != nil && r.what != "" {
		cli.Bail(r.err)
	}
}

func fieldComesBack(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		m, err := stream.Recv() // want `spins once stream has failed`
		report{os.Getenv("WHAT"), err}.warn()
		log.Print(m)
	}
}

func otherCaptured(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	_, first := stream.Recv()
	for {
		m, _ := stream.Recv() // want `spins once stream has failed`
		func() { cli.Check(first) }()
		log.Print(m)
	}
}

// A question that asks itself has no answer.
func asksItself(err error) bool { return asksItself(err) }

func silentAsksItself(stream grpc.ServerStreamingClient[pb.OrderEvent]) {
	for {
		if _, err := stream.Recv(); asksItself(err) || err != nil {
			return
		}
	}
}
