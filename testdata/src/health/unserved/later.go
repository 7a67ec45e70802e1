package unserved

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// dialLater is given its config as dial is: the mistake is its caller's.
func dialLater(target, config string) (*grpc.ClientConn, error) {
	option := func() grpc.DialOption { return grpc.WithDefaultServiceConfig(config) }
	return grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()), option())
}

func nobodySaysLater() {
	conn, err := dialLater("dns:///orders", `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "example.order.v1.OrderService"}}`) // want `no health service ever says how OrderService is`
	use(conn, err)
}

// A struct takes the config on its way.
type configured struct{ config string }

func (c configured) option() grpc.DialOption { return grpc.WithDefaultServiceConfig(c.config) }

func dialConfigured(target, config string) (*grpc.ClientConn, error) {
	return grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()), configured{config}.option())
}

func nobodySaysInStruct() {
	conn, err := dialConfigured("dns:///orders", `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "example.order.v1.OrderService"}}`) // want `no health service ever says how OrderService is`
	use(conn, err)
}
