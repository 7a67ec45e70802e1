package across

import (
	pb "example.com/testdata/stubs/orderpb"
)

// Name is below what uses it.
func Name(req *pb.UpdateOrderRequest) string {
	return req.Order.Name
}
