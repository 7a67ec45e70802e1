// Package kratos holds programs made with go-kratos: its clients give every call
// two seconds unless they are told otherwise, its servers recover if they are told
// to, and its App stops them.
package kratos

import (
	"context"
	"crypto/tls"
	"fmt"
	"time"

	"github.com/go-kratos/kratos/v2"
	kerrors "github.com/go-kratos/kratos/v2/errors"
	"github.com/go-kratos/kratos/v2/middleware/recovery"
	"github.com/go-kratos/kratos/v2/registry"
	"github.com/go-kratos/kratos/v2/transport/grpc"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/emptypb"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	repo Repo
}

// Repo is filled by others.
type Repo interface {
	Find(ctx context.Context, name string) (*pb.Order, error)
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if req.GetName() == "" {
		return nil, kerrors.BadRequest("NAME", "no name")
	}
	o, err := s.repo.Find(ctx, req.GetName())
	if kerrors.IsNotFound(err) {
		return nil, kerrors.NotFound("ORDER", "no such order").WithCause(err)
	}
	return o, err
}

func (s *server) WatchOrders(req *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	<-stream.Context().Done()
	return nil
}

// NewServer makes a server that the app runs.
func NewServer(s *server) *grpc.Server {
	srv := grpc.NewServer(grpc.Address(":9000"), grpc.Middleware(recovery.Recovery()))
	pb.RegisterOrderServiceServer(srv, s)
	return srv
}

func app(srv *grpc.Server) error {
	return kratos.New(kratos.Name("orders"), kratos.Server(srv)).Run()
}

func newClient(ctx context.Context) (pb.OrderServiceClient, error) {
	conn, err := grpc.DialInsecure(ctx, grpc.WithEndpoint("discovery:///orders"))
	if err != nil {
		return nil, err
	}
	return pb.NewOrderServiceClient(conn), nil
}

func poll(client pb.OrderServiceClient) error {
	_, err := client.GetOrder(context.Background(), &pb.GetOrderRequest{})
	if kerrors.Code(err) == 404 || status.Code(err) == codes.NotFound {
		return nil
	}
	return err
}

// Errors of a service are made once, and by functions that protoc-gen-go-errors
// makes.
var errNotFound = kerrors.NotFound("ORDER", "no such order")

func errorNotFound(format string, args ...any) *kerrors.Error {
	return kerrors.New(404, "ORDER", fmt.Sprintf(format, args...))
}

type second struct {
	pb.UnimplementedOrderServiceServer
	orders map[string]*pb.Order
	next   pb.OrderServiceClient
}

func (s *second) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	o, ok := s.orders[req.GetName()]
	if !ok {
		return nil, errNotFound
	}
	if o.GetState() == pb.Order_STATE_UNSPECIFIED {
		return nil, errorNotFound("order %s", req.GetName())
	}
	return o, nil
}

func (s *second) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	res, err := s.next.ListOrders(ctx, req)
	switch e := kerrors.FromError(err); {
	case err == nil:
		return res, nil
	case e.Reason == "ORDER":
		return nil, errNotFound.WithMetadata(e.Metadata)
	}
	return nil, err
}

func (s *second) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := s.next.UpdateOrder(ctx, req)
	if kerrors.IsGatewayTimeout(err) || kerrors.IsServiceUnavailable(err) {
		return nil, kerrors.ServiceUnavailable("BUSY", "try again")
	}
	return nil, kerrors.InternalServer("UPDATE", "failed").WithCause(err)
}

type third struct {
	pb.UnimplementedOrderServiceServer
	orders map[string]*pb.Order
}

// Conflict is all that there is for a wrong state.
func (s *third) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	o, ok := s.orders[req.GetOrder().GetName()]
	if !ok {
		return nil, errNotFound
	}
	if o.GetState() != pb.Order_STATE_UNSPECIFIED {
		return nil, kerrors.Conflict("STATE", "it has been sent")
	}
	return o, nil
}

func (s *third) DeleteOrder(ctx context.Context, req *pb.DeleteOrderRequest) (*emptypb.Empty, error) {
	select {
	case <-ctx.Done():
		return nil, kerrors.ClientClosed("GONE", ctx.Err().Error())
	case <-time.After(time.Second):
		return nil, kerrors.New(500, "LATE", "nothing").WithMetadata(nil)
	}
}

// A client for a server behind TLS, with a service config of its own.
func newSecureClient(ctx context.Context, r registry.Discovery, config *tls.Config) (pb.OrderServiceClient, func(), error) {
	conn, err := grpc.Dial(ctx, grpc.WithEndpoint("discovery:///orders"), grpc.WithDiscovery(r), grpc.WithTLSConfig(config),
		grpc.WithTimeout(time.Second), grpc.WithMiddleware(recovery.Recovery()))
	if err != nil {
		return nil, nil, err
	}
	return pb.NewOrderServiceClient(conn), func() { _ = conn.Close() }, nil
}

// Bad.

type proxy struct {
	pb.UnimplementedOrderServiceServer
}

func (p *proxy) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	conn, err := grpc.DialInsecure(ctx, grpc.WithEndpoint("orders:9000")) // want `every request opens a new connection: \(\*proxy\).GetOrder → grpc.DialInsecure \[conn/per-call\]`
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return pb.NewOrderServiceClient(conn).GetOrder(ctx, req)
}

func (p *proxy) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	select {
	case <-ctx.Done():
		return nil, gone(ctx.Err()) // want `ctx.Done\(\) is answered with the code Internal`
	case <-time.After(time.Second):
		return &pb.Order{}, nil
	}
}

func gone(err error) error { return kerrors.InternalServer("GONE", err.Error()) }
