// Package unsafeembed embeds interfaces.
package unsafeembed

import (
	"example.com/testdata/stubs/gogopb"
	"example.com/testdata/stubs/grpc13pb"
	"example.com/testdata/stubs/orderpb"
)

type orders struct {
	orderpb.UnsafeOrderServiceServer // want `orders does not compile when the service gets a new method: it embeds UnsafeOrderServiceServer \[server/unsafe-embed\]`
}

type wrapped struct {
	orderpb.OrderServiceServer // want `wrapped panics when a method that it lacks is called: it embeds the interface OrderServiceServer`
}

type old struct {
	gogopb.GogoServiceServer // want `old panics`
}

// What follows is right, or not known to be wrong.

type safe struct {
	orderpb.UnimplementedOrderServiceServer
}

type client struct {
	orderpb.OrderServiceClient
}

type held struct {
	orders orderpb.OrderServiceServer
	more   grpc13pb.Grpc13ServiceServer
}

// A server around another one.
type limited struct {
	orderpb.OrderServiceServer
	limit int
}

func limit(s orderpb.OrderServiceServer) *limited { return &limited{s, 7} }
