// Package reply makes replies.
package reply

import pb "example.com/testdata/stubs/orderpb"

// Empty says nothing.
func Empty() *pb.Order { return &pb.Order{} }

// Named says something.
func Named() *pb.Order { return &pb.Order{Name: "orders/draft"} }
