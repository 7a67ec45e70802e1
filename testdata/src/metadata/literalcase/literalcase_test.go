package literalcase

import (
	"context"
	"testing"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/proof"
	pb "example.com/testdata/stubs/orderpb"
)

func TestLiteralCase(t *testing.T) {
	var setHeader func(context.Context) error
	c := proof.Serve(t, &proof.Orders{Get: func(ctx context.Context, _ *pb.GetOrderRequest) (*pb.Order, error) {
		if setHeader != nil {
			return nil, setHeader(ctx)
		}
		return &pb.Order{}, nil
	}})
	_, err := c.GetOrder(literal(t.Context()), &pb.GetOrderRequest{})
	if status.Code(err) != codes.Internal {
		t.Errorf("with an upper-case key: %v", err)
	}
	proof.Contains(t, err.Error(), `header key "X-Id" contains illegal characters`)
	if _, err := c.GetOrder(lowered(t.Context()), &pb.GetOrderRequest{}); err != nil {
		t.Errorf("lowered: %v", err)
	}
	setHeader = header
	_, err = c.GetOrder(t.Context(), &pb.GetOrderRequest{})
	if status.Code(err) != codes.Internal {
		t.Errorf("with an upper-case header: %v", err)
	}
	proof.Contains(t, err.Error(), `invalid header field name "Location"`)
}
