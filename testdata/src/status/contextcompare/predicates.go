package contextcompare

import (
	"context"
	"errors"
	"fmt"
	"log"
	"strconv"

	"google.golang.org/grpc"
	"google.golang.org/grpc/status"

	"example.com/testdata/status/contextcompare/fetch"
	pb "example.com/testdata/stubs/orderpb"
)

// Bad.

func imported(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return fetch.IsTimeout(err) // want `never true: the error of OrderService\.GetOrder has a code, IsTimeout compares it with context\.DeadlineExceeded \[status/context-compare\]`
}

func isCanceled(err error) bool { return err != nil && errors.Is(err, context.Canceled) }

func ofOneOrOther(ctx context.Context, client pb.OrderServiceClient) (bool, bool) {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return isCanceled(err), isCanceled(ctx.Err()) // want `never true: the error of OrderService\.GetOrder has a code, isCanceled compares it with context\.Canceled`
}

func gaveUp(err error) bool {
	is := func() bool { return isCanceled(err) }
	return is()
}

func ofRPCOrOther(ctx context.Context, client pb.OrderServiceClient) (bool, bool) {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return gaveUp(err), gaveUp(ctx.Err()) // want `never true: the error of OrderService\.GetOrder has a code, gaveUp compares it with context\.Canceled`
}

func captured(ctx context.Context, client pb.OrderServiceClient, list bool) bool {
	var err error
	if list {
		_, err = client.ListOrders(ctx, &pb.ListOrdersRequest{})
	} else {
		_, err = client.GetOrder(ctx, &pb.GetOrderRequest{})
	}
	late := func() bool { return errors.Is(err, context.DeadlineExceeded) } // want `never true`
	found := late()
	err = ctx.Err()
	return found && err == nil
}

func isLate(err error) bool {
	return err == context.DeadlineExceeded // want `never true: the error of OrderService\.GetOrder has the code DeadlineExceeded`
}

func ofRPCsOnly(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return isLate(err)
}

func invoker(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoke grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	err := invoke(ctx, method, req, reply, cc, opts...)
	if errors.Is(err, context.DeadlineExceeded) { // want `never true: the error of the RPC has the code DeadlineExceeded`
		log.Print("late")
	}
	return err
}

func parsedBefore(ctx context.Context, client pb.OrderServiceClient, page string) bool {
	_, err := strconv.Atoi(page)
	if err != nil {
		err = fmt.Errorf("page %s", page)
	} else {
		_, err = client.GetOrder(ctx, &pb.GetOrderRequest{})
	}
	return errors.Is(err, context.Canceled) // want `never true: the error of OrderService\.GetOrder has the code Canceled`
}

// Good.

func ofContextOnly(ctx context.Context) bool { return isCanceled(ctx.Err()) }

func asksBoth(err error) bool {
	return errors.Is(err, context.Canceled) || status.Code(err) == 1
}

func asksBothByLiteral(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	isCanceled := func() bool { return errors.Is(err, context.Canceled) }
	return isCanceled() || status.Code(err) == 1
}

func asked(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return asksBoth(err)
}

func codeToo(ctx context.Context, client pb.OrderServiceClient) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return fetch.IsTimeout(err) || status.Code(err) == 4
}

func gaveUpOrDenied(err error) bool { return gaveUp(err) || isDenied(err) }

func isDenied(err error) bool { return status.Code(err) == 7 }

func asksMore(ctx context.Context, client pb.OrderServiceClient) (bool, bool) {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return gaveUpOrDenied(err), gaveUpOrDenied(ctx.Err())
}

func capturedOfBoth(ctx context.Context, client pb.OrderServiceClient, wait func() error) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	if err == nil {
		err = wait()
	}
	canceled := func() bool { return errors.Is(err, context.Canceled) }
	return canceled()
}

func capturedLater(ctx context.Context, client pb.OrderServiceClient, wait func() error) bool {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	canceled := func() bool { return errors.Is(err, context.Canceled) }
	if err == nil {
		err = wait()
	}
	return canceled()
}

func capturedByMany(ctx context.Context, client pb.OrderServiceClient, wait func() error) (found bool) {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	again := func() { err = wait() }
	canceled := func() bool { return errors.Is(err, context.Canceled) }
	again()
	return canceled()
}

func isOpen(err error, also error) bool { return errors.Is(err, context.Canceled) && also == nil }

func handedOn(err error) bool {
	log.Print(err)
	return errors.Is(err, context.Canceled)
}

func logs(ctx context.Context, client pb.OrderServiceClient, wait func() error) (bool, bool) {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return handedOn(err), handedOn(wait())
}

func wrapsOfOthers(ctx context.Context, client pb.OrderServiceClient, wait func() error) bool {
	err := wait()
	if err != nil {
		err = fmt.Errorf("wait: %w", err)
	} else {
		_, err = client.GetOrder(ctx, &pb.GetOrderRequest{})
	}
	return errors.Is(err, context.Canceled)
}
