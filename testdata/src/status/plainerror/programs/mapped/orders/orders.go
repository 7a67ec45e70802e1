// Package orders does not know how it is served.
package orders

import (
	"context"
	"errors"

	pb "example.com/testdata/stubs/orderpb"
)

// Server is served by package mapped, behind an interceptor.
type Server struct {
	pb.UnimplementedOrderServiceServer
}

// GetOrder returns an error that the interceptor converts: the run over the
// whole program takes the finding back.
func (s *Server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return nil, errors.New("no name")
}
