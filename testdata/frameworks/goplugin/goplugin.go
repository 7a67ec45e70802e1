// Package goplugin holds plugins of hashicorp/go-plugin, which has the server and
// the connection.
package goplugin

import (
	"context"
	"time"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	pb "example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

// Orders is what the plugin does.
type Orders interface {
	Get(name string) (*pb.Order, error)
}

type ordersPlugin struct {
	plugin.NetRPCUnsupportedPlugin
	impl Orders
}

func (p *ordersPlugin) GRPCServer(broker *plugin.GRPCBroker, s *grpc.Server) error {
	pb.RegisterOrderServiceServer(s, &server{impl: p.impl})
	return nil
}

func (p *ordersPlugin) GRPCClient(ctx context.Context, broker *plugin.GRPCBroker, c *grpc.ClientConn) (interface{}, error) {
	return &client{ctx: ctx, client: pb.NewOrderServiceClient(c)}, nil
}

type client struct {
	ctx    context.Context
	client pb.OrderServiceClient
}

func (c *client) Get(name string) (*pb.Order, error) {
	return c.client.GetOrder(c.ctx, &pb.GetOrderRequest{Name: name})
}

type server struct {
	pb.UnimplementedOrderServiceServer
	impl Orders
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return s.impl.Get(req.GetName())
}

func serve(impl Orders) {
	plugin.Serve(&plugin.ServeConfig{
		Plugins:    map[string]plugin.Plugin{"orders": &ordersPlugin{impl: impl}},
		GRPCServer: plugin.DefaultGRPCServer,
	})
}

// A call back: the plugin serves what the host dials for this one call.

type host struct {
	pb.UnimplementedOrderServiceServer
	broker *plugin.GRPCBroker
}

func (h *host) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	conn, err := h.broker.Dial(uint32(req.GetPageSize()))
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return pb.NewOrderServiceClient(conn).ListOrders(ctx, req)
}

func (c *client) callBack(broker *plugin.GRPCBroker, impl Orders) (*pb.ListOrdersResponse, error) {
	var s *grpc.Server
	id := broker.NextId()
	go broker.AcceptAndServe(id, func(opts []grpc.ServerOption) *grpc.Server {
		s = grpc.NewServer(opts...)
		pb.RegisterOrderServiceServer(s, &server{impl: impl})
		return s
	})
	defer func() { s.Stop() }()
	return c.client.ListOrders(c.ctx, &pb.ListOrdersRequest{PageSize: int32(id)})
}

func dispense() (Orders, error) {
	c := plugin.NewClient(&plugin.ClientConfig{AllowedProtocols: []plugin.Protocol{plugin.ProtocolGRPC}})
	protocol, err := c.Client()
	if err != nil {
		c.Kill()
		return nil, err
	}
	raw, err := protocol.Dispense("orders")
	if err != nil {
		return nil, err
	}
	return raw.(Orders), nil
}

// Bad: the plugin may hang, and with it its host, until that is killed.
func (c *client) watch() error {
	for {
		if _, err := c.client.GetOrder(context.Background(), &pb.GetOrderRequest{}); err != nil { // want info `OrderService.GetOrder can hang for ever`
			return err
		}
		time.Sleep(time.Minute)
	}
}

// What is no plugin's cannot be killed.
func pay(target string) error {
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer conn.Close()
	for {
		if _, err := paypb.NewPaymentServiceClient(conn).GetPayment(context.Background(), &paypb.GetPaymentRequest{}); err != nil { // want `PaymentService.GetPayment can hang for ever`
			return err
		}
		time.Sleep(time.Minute)
	}
}
