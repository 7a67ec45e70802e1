// Package goplugin holds plugins of hashicorp/go-plugin, which has the server and
// the connection.
package goplugin

import (
	"context"

	"github.com/hashicorp/go-plugin"
	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
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
