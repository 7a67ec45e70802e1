// Package config sets deadlines in the service config, for one service.
package config

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/stubs/grpc13pb"
	pb "example.com/testdata/stubs/orderpb"
)

const balancer = "round_robin"

func open() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(fmt.Sprintf(`{
			"loadBalancingConfig": [{%q: {}}],
			"methodConfig": [{"name": [{"service": "example.order.v1.OrderService"}], "timeout": "2s"}]
		}`, balancer))) // want-1 `\[serviceconfig/stream-timeout\]`
}

func use(orders pb.OrderServiceClient, items grpc13pb.Grpc13ServiceClient) {
	orders.GetOrder(context.Background(), nil)
	items.Get(context.Background(), nil) // want `Grpc13Service.Get can hang`
}

var _ = []any{open, use}
