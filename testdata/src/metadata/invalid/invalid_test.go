package invalid

import (
	"context"
	"io"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/proof"
	pb "example.com/testdata/stubs/orderpb"
)

func TestInvalid(t *testing.T) {
	var sendHeader func(context.Context) error
	var sending error
	c := proof.Serve(t, &proof.Orders{
		Get: func(ctx context.Context, _ *pb.GetOrderRequest) (*pb.Order, error) {
			if sendHeader != nil {
				return &pb.Order{}, sendHeader(ctx)
			}
			return &pb.Order{}, nil
		},
		Watch: func(_ *pb.WatchOrdersRequest, s grpc.ServerStreamingServer[pb.OrderEvent]) error {
			sending = streamHeader(s)
			return nil
		},
	})
	for name, wrong := range map[string]func(context.Context) context.Context{
		"space": space, "colon": colon, "umlaut": umlaut, "empty": empty,
	} {
		if _, err := c.GetOrder(wrong(t.Context()), &pb.GetOrderRequest{}); status.Code(err) != codes.Internal {
			t.Errorf("%s: %v", name, err)
		}
	}
	for name, right := range map[string]func(context.Context) context.Context{"binary": binary, "upper": upper, "plain": plain} {
		if _, err := c.GetOrder(right(t.Context()), &pb.GetOrderRequest{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	sendHeader = newline
	if _, err := c.GetOrder(t.Context(), &pb.GetOrderRequest{}); status.Code(err) != codes.Internal {
		t.Errorf("a header with a line feed: %v", err)
	}
	sendHeader = umlautHeader
	if _, err := c.GetOrder(t.Context(), &pb.GetOrderRequest{}); err != nil {
		t.Errorf("a header that is not ASCII: %v", err)
	}
	stream, err := c.WatchOrders(t.Context(), &pb.WatchOrdersRequest{})
	if err != nil {
		t.Fatal(err)
	}
	if _, err := stream.Recv(); err != io.EOF {
		t.Error(err)
	}
	proof.Contains(t, sending.Error(), "non-printable ASCII characters")
}
