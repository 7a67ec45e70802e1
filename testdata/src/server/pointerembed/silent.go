package pointerembed

import (
	"example.com/testdata/server/pointerembed/base"
	"example.com/testdata/stubs/gogopb"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/pluginpb"
)

// What follows is right, or not known to be wrong.

type byValue struct {
	orderpb.UnimplementedOrderServiceServer
}

type unsafeOrders struct {
	byValue
	orderpb.UnsafeOrderServiceServer
}

// Methods with pointer receivers do no harm.
type plugged struct {
	*pluginpb.UnimplementedPluginServiceServer
}

type gogo struct {
	*gogopb.UnimplementedGogoServiceServer
}

type client struct {
	orderpb.OrderServiceClient
}

type indirect struct {
	*base.Orders
}

type field struct {
	orders *orderpb.UnimplementedOrderServiceServer
}

type message struct {
	*orderpb.Order
}
