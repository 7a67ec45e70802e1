// Package base has a server for others to embed.
package base

import "example.com/testdata/stubs/orderpb"

// Orders embeds what it has to, by value.
type Orders struct {
	orderpb.UnimplementedOrderServiceServer
}
