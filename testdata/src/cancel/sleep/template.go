package sleep

import (
	"context"
	"time"

	"google.golang.org/protobuf/types/known/emptypb"

	pb "example.com/testdata/stubs/orderpb"
)

// written is what a tool makes of a template: //line comments name places in
// it, with a column or without one.
type written struct {
	pb.UnimplementedOrderServiceServer
}

func (*written) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
//line template.y:7
	time.Sleep(time.Second) // want `GetOrder may sleep on`
	if r.GetName() == "" {
//line /nowhere/template.y:1:1000000000
		time.Sleep(2 * time.Second) // want `GetOrder may sleep on`
	}
	return &pb.Order{}, nil
}

func (*written) DeleteOrder(ctx context.Context, r *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	switch r.GetName() {
	case "":
		/*line template.y:1:99*/
		time.Sleep(time.Second) // want `DeleteOrder may sleep on`
	}
	return &emptypb.Empty{}, nil
}
