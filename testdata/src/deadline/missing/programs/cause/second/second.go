// Package second takes the same context as package first.
package second

import (
	"example.com/testdata/deadline/missing/programs/cause/common"
	pb "example.com/testdata/stubs/orderpb"
)

func create(c pb.OrderServiceClient) {
	c.CreateOrder(common.Context(), nil) // related "reaches OrderService.CreateOrder here"
	c.ListOrders(common.Own(), nil)      // related "reaches OrderService.ListOrders here"
}

var _ = create
