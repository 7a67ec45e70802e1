package uncheckedindex

import (
	"context"
	"testing"

	"google.golang.org/grpc/metadata"

	"example.com/testdata/proof"
	pb "example.com/testdata/stubs/orderpb"
)

func serve(t *testing.T, token func(context.Context) string) pb.OrderServiceClient {
	return proof.Serve(t, &proof.Orders{Get: func(ctx context.Context, _ *pb.GetOrderRequest) (*pb.Order, error) {
		return &pb.Order{Name: token(ctx)}, nil
	}})
}

// A client that leaves the header out ends the process of the server.
func TestCrash(t *testing.T) {
	output := proof.Crash(t, func() {
		_, _ = serve(t, get).GetOrder(t.Context(), &pb.GetOrderRequest{})
	})
	proof.Contains(t, output, "panic: runtime error: index out of range [0] with length 0")
}

func TestChecked(t *testing.T) {
	for name, right := range map[string]func(context.Context) string{
		"length": length, "lengthTwice": lengthTwice, "commaOk": commaOk, "exactly": exactly, "bySwitch": bySwitch,
		"ranged": func(ctx context.Context) string { return ranged(ctx)["token"] },
		"stored": stored, "notNil": notNil, "loop": loop, "required": required, "setBefore": setBefore,
	} {
		if _, err := serve(t, right).GetOrder(t.Context(), &pb.GetOrderRequest{}); err != nil {
			t.Errorf("%s: %v", name, err)
		}
	}
	ctx := metadata.AppendToOutgoingContext(t.Context(), "token", "secret")
	order, err := serve(t, length).GetOrder(ctx, &pb.GetOrderRequest{})
	if err != nil || order.GetName() != "secret" {
		t.Errorf("with the header: %v, %v", order, err)
	}
}
