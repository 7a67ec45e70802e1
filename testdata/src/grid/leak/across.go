package leak

import (
	"context"

	"example.com/testdata/grid/leak/across"
	pb "example.com/testdata/stubs/orderpb"
)

func imported(ctx context.Context, addr string) error {
	conn, err := across.Dial(addr) // want `conn leaks.* \[conn/leak\]$`
	if err != nil {
		return err
	}
	_, err = pb.NewOrderServiceClient(conn).GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}
