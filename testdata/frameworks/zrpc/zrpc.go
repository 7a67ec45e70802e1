// Package zrpc holds programs made with go-zero's zrpc, whose clients and servers
// give every call the timeout of their configuration.
package zrpc

import (
	"context"
	"time"

	"github.com/zeromicro/go-zero/core/conf"
	"github.com/zeromicro/go-zero/core/service"
	"github.com/zeromicro/go-zero/zrpc"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/reflection"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

type config struct {
	zrpc.RpcServerConf
	Orders zrpc.RpcClientConf
}

type serviceContext struct {
	config config
	orders pb.OrderServiceClient
}

func newServiceContext(c config) *serviceContext {
	return &serviceContext{c, pb.NewOrderServiceClient(zrpc.MustNewClient(c.Orders).Conn())}
}

type getLogic struct {
	ctx    context.Context
	svcCtx *serviceContext
}

func newGetLogic(ctx context.Context, svcCtx *serviceContext) *getLogic {
	return &getLogic{ctx, svcCtx}
}

func (l *getLogic) Get(in *pb.GetOrderRequest) (*pb.Order, error) {
	if in.GetName() == "" {
		return nil, status.Error(codes.InvalidArgument, "no name")
	}
	return l.svcCtx.orders.GetOrder(l.ctx, in)
}

type server struct {
	pb.UnimplementedOrderServiceServer
	svcCtx *serviceContext
}

func (s *server) GetOrder(ctx context.Context, in *pb.GetOrderRequest) (*pb.Order, error) {
	return newGetLogic(ctx, s.svcCtx).Get(in)
}

func run() {
	var c config
	conf.MustLoad("etc/orders.yaml", &c)
	ctx := newServiceContext(c)
	s := zrpc.MustNewServer(c.RpcServerConf, func(g *grpc.Server) {
		pb.RegisterOrderServiceServer(g, &server{svcCtx: ctx})
		if c.Mode == service.DevMode {
			reflection.Register(g)
		}
	})
	defer s.Stop()
	s.Start()
}

func poll(ctx *serviceContext) error {
	_, err := ctx.orders.GetOrder(context.Background(), &pb.GetOrderRequest{})
	return err
}

// As goctl makes clients: behind an interface, one for the process.
type orders interface {
	GetOrder(ctx context.Context, in *pb.GetOrderRequest, opts ...grpc.CallOption) (*pb.Order, error)
}

type defaultOrders struct{ cli zrpc.Client }

func newOrders(cli zrpc.Client) orders { return &defaultOrders{cli} }

func (m *defaultOrders) GetOrder(ctx context.Context, in *pb.GetOrderRequest, opts ...grpc.CallOption) (*pb.Order, error) {
	return pb.NewOrderServiceClient(m.cli.Conn()).GetOrder(ctx, in, opts...)
}

func count(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	return invoker(ctx, method, req, reply, cc, opts...)
}

// Bad.

func (s *server) ListOrders(ctx context.Context, in *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	client := zrpc.MustNewClient(s.svcCtx.config.Orders) // want `every request opens a new connection: \(\*server\).ListOrders → zrpc.MustNewClient`
	return pb.NewOrderServiceClient(client.Conn()).ListOrders(ctx, in)
}

// Each job has a connection of its own, which nobody closes.
func job(c config) error {
	client := newOrders(zrpc.MustNewClient(c.Orders, zrpc.WithUnaryClientInterceptor(count))) // want `the connection leaks: job drops what zrpc.MustNewClient returns`
	_, err := client.GetOrder(context.Background(), &pb.GetOrderRequest{}, zrpc.WithCallTimeout(time.Second))
	return err
}
