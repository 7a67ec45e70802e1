package deadlinemissing

import (
	"context"

	"example.com/testdata/grid/deadlinemissing/across"
	pb "example.com/testdata/stubs/orderpb"
)

func imported(c pb.OrderServiceClient) (*pb.Order, error) {
	return across.Fetch(context.Background(), c) // want `GetOrder can hang for ever.* \[deadline/missing\]$`
}
