// Package unserved asks for the health of services.
package unserved

import (
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"

	"example.com/testdata/health/unserved/client"
	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
}

func serve(l net.Listener) {
	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, &server{})
	status := health.NewServer()
	status.SetServingStatus("orders", healthpb.HealthCheckResponse_SERVING)
	healthpb.RegisterHealthServer(s, status)
	go func() { _ = s.Serve(l) }()
}

func dial(target, config string) (*grpc.ClientConn, error) {
	return grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultServiceConfig(config))
}

func noBalancer() {
	conn, err := dial("dns:///orders", `{"healthCheckConfig": {"serviceName": "orders"}}`) // want `health is never checked: no balancer is named, so it is pick_first, which does not ask for it \[health/unserved\]`
	use(conn, err)
}

func pickFirst() {
	conn, err := dial("dns:///orders", `{"loadBalancingPolicy": "pick_first", "healthCheckConfig": {"serviceName": ""}}`) // want `health is never checked: the balancer is pick_first` `loadBalancingPolicy is deprecated`
	use(conn, err)
}

const first = `{"loadBalancingConfig": [{"pick_first": {}}, {"round_robin": {}}], ` +
	`"healthCheckConfig": {"serviceName": "orders"}}` // want `the balancer is pick_first`

func firstOfTwo() {
	conn, err := dial("dns:///orders", first)
	use(conn, err)
}

func nobodySays() {
	conn, err := dial("dns:///orders", `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "example.order.v1.OrderService"}}`) // want `every RPC of this client fails with UNAVAILABLE: no health service ever says how OrderService is`
	use(conn, err)
}

func byHelper() {
	conn, err := client.With("dns:///orders", `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "example.order.v1.OrderService"}}`) // want `no health service ever says how OrderService is`
	use(conn, err)
}

// What follows is right, or not known to be wrong.

func said() {
	conn, err := dial("dns:///orders", `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "orders"}}`)
	use(conn, err)
}

func whole() {
	conn, err := dial("dns:///orders", `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": ""}}`)
	use(conn, err)
}

// other programs serve it.
func elsewhere() {
	conn, err := dial("dns:///payments", `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "example.pay.v1.PaymentService"}}`)
	use(conn, err)
}

func asksNothing() {
	conn, err := dial("dns:///orders", `{"loadBalancingConfig": [{"pick_first": {}}]}`)
	use(conn, err)
}

func isNull() {
	conn, err := dial("dns:///orders", `{"healthCheckConfig": null}`)
	use(conn, err)
}

func notConstant(config string) {
	conn, err := dial("dns:///orders", config)
	use(conn, err)
}

func use(conn *grpc.ClientConn, err error) {
	if err == nil {
		_ = conn.Close()
	}
}
