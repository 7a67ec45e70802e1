package across

import (
	"errors"

	pb "example.com/testdata/stubs/orderpb"
)

// Check is below what uses it.
func Check(req *pb.GetOrderRequest) error {
	if req.GetName() == "" {
		return errors.New("no name")
	}
	return nil
}
