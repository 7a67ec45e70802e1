package blamedcancel

import (
	"context"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

type fake struct {
	pb.UnimplementedOrderServiceServer
}

func (f *fake) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return nil, status.Error(codes.Internal, ctx.Err().Error())
}
