// Package plainerror has handlers that return errors without a code.
package plainerror

import (
	"context"
	"database/sql"
	"errors"
	"fmt"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/status/plainerror/pure"
	"example.com/testdata/status/plainerror/store"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	orders map[string]*pb.Order
}

var errLocal = errors.New("local")

// Bad.

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	switch req.GetName() {
	case "":
		return nil, errors.New("no name") // want `clients of GetOrder get the code Unknown: errors\.New has none \[status/plain-error\]`
	case "sql":
		return nil, sql.ErrNoRows // want `clients of GetOrder get the code Unknown: sql\.ErrNoRows has none`
	case "local":
		return nil, errLocal // want `clients of GetOrder get the code Unknown: plainerror\.errLocal has none`
	case "store":
		return nil, store.ErrNotFound // want `clients of GetOrder get the code Unknown: store\.ErrNotFound has none`
	case "pure":
		return nil, fmt.Errorf("closed: %w", pure.ErrClosed) // want `clients of GetOrder get the code Unknown: pure\.ErrClosed has none`
	}
	return s.find(req.GetName())
}

func (s *server) find(name string) (*pb.Order, error) {
	order := s.orders[name]
	if order == nil {
		return nil, fmt.Errorf("order %s not found", name) // want `clients of GetOrder may get the code Unknown: fmt\.Errorf has none`
	}
	return order, nil
}

func (s *server) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	if _, err := store.Get(ctx, req.GetPageToken()); err != nil {
		return nil, err // want `clients of ListOrders may get the code Unknown: fmt\.Errorf has none`
	}
	return &pb.ListOrdersResponse{}, nil
}

func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	return &tooMany{len(s.orders)} // want `clients of WatchOrders get the code Unknown: \*plainerror\.tooMany has none`
}

type tooMany struct{ n int }

func (e *tooMany) Error() string { return fmt.Sprint(e.n) }

func (s *server) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (_ *emptypb.Empty, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = status.Error(codes.Internal, "panic")
		}
	}()
	if req.GetName() == "" {
		return nil, errors.New("no name") // want `clients of DeleteOrder get the code Unknown`
	}
	return &emptypb.Empty{}, nil
}

// Silent.

type second struct {
	pb.UnimplementedOrderServiceServer
	orders map[string]*pb.Order
	get    func(string) error
	load   loader
	err    error
}

type loader interface{ Load(name string) error }

func (s *second) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	switch req.GetName() {
	case "status":
		return nil, status.Error(codes.NotFound, "not found")
	case "gone":
		return nil, store.ErrGone
	case "function":
		return nil, s.get("x")
	case "interface":
		return nil, s.load.Load("x")
	case "field":
		return nil, s.err
	case "wrapped":
		return nil, fmt.Errorf("gone: %w", store.ErrGone)
	case "own":
		return nil, &coded{}
	case "pure":
		return nil, pure.Do(func() error { return nil })
	}
	return store.Find(ctx, req.GetName())
}

type coded struct{}

func (*coded) Error() string { return "coded" }

func (*coded) GRPCStatus() *status.Status { return status.New(codes.NotFound, "coded") }

func (s *second) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	if _, err := store.Get(ctx, req.GetPageToken()); err != nil {
		return nil, store.ToStatus(err)
	}
	return &pb.ListOrdersResponse{}, nil
}

func (s *second) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	_ = req.GetRequestId()
	order, err := s.find(req.GetOrder().GetName())
	if errors.Is(err, errLocal) {
		return nil, status.Error(codes.NotFound, "not found")
	}
	if err != nil {
		return nil, err // errLocal it is not
	}
	return order, nil
}

func (s *second) find(name string) (*pb.Order, error) {
	if s.orders[name] == nil {
		return nil, errLocal
	}
	return s.orders[name], nil
}

func (s *second) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (_ *pb.Order, err error) {
	defer func() {
		if err != nil {
			err = store.ToStatus(err)
		}
	}()
	if req.GetOrder() == nil {
		return nil, errors.New("no order")
	}
	return &pb.Order{}, nil
}

func (s *second) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	run := func() error {
		return errors.New("of a literal that nobody returns")
	}
	if err := run(); err != nil {
		return nil, toStatus(err)
	}
	return &emptypb.Empty{}, nil
}

func toStatus(err error) error {
	if _, ok := status.FromError(err); ok {
		return err
	}
	return status.Error(codes.Internal, err.Error())
}

// unserved has the methods of a server, and never is one.
type unserved struct{ second *second }

func (u *unserved) Get(name string) (*pb.Order, error) { return nil, errLocal }

func helper(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return nil, errors.New("no handler")
}
