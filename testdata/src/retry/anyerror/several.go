package anyerror

import (
	"context"

	pb "example.com/testdata/stubs/orderpb"
)

// One loop that tries several RPCs again is one mistake.
func several(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest, update *pb.UpdateOrderRequest) (err error) {
	for range 3 {
		if update == nil {
			_, err = c.DeleteOrder(ctx, req) // want `^OrderService.DeleteOrder and 1 more RPC are tried again after errors that can only come again, InvalidArgument say: no code is looked at`
		} else {
			_, err = c.UpdateOrder(ctx, update) // related `OrderService.UpdateOrder too`
		}
		if err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return err
}

// Two loops are two.
func apart(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest, update *pb.UpdateOrderRequest) (err error) {
	for range 3 {
		if _, err = c.DeleteOrder(ctx, req); err == nil { // want `^OrderService.DeleteOrder is tried again`
			break
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	for range 3 {
		if _, err = c.UpdateOrder(ctx, update); err == nil { // want `^OrderService.UpdateOrder is tried again`
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return err
}
