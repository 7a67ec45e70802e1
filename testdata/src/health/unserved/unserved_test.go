package unserved

import (
	"context"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/resolver/manual"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	"net"

	pb "example.com/testdata/stubs/orderpb"
)

type answers struct {
	pb.UnimplementedOrderServiceServer
}

func (answers) GetOrder(context.Context, *pb.GetOrderRequest) (*pb.Order, error) {
	return &pb.Order{}, nil
}

// get makes an RPC with a service config, to a server with or without a health
// service which says NOT_SERVING of "down" and knows no other service.
func get(t *testing.T, config string, withHealth bool) codes.Code {
	t.Helper()
	listener := bufconn.Listen(1 << 20)
	s := grpc.NewServer()
	pb.RegisterOrderServiceServer(s, answers{})
	if withHealth {
		service := health.NewServer()
		service.SetServingStatus("down", healthpb.HealthCheckResponse_NOT_SERVING)
		healthpb.RegisterHealthServer(s, service)
	}
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(s.Stop)
	targets := manual.NewBuilderWithScheme("orders")
	targets.InitialState(resolver.State{Addresses: []resolver.Address{{Addr: "a"}}})
	conn, err := grpc.NewClient("orders:///", grpc.WithResolvers(targets),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultServiceConfig(config),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) { return listener.DialContext(ctx) }))
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { _ = conn.Close() })
	_, err = pb.NewOrderServiceClient(conn).GetOrder(t.Context(), &pb.GetOrderRequest{})
	return status.Code(err)
}

func TestUnserved(t *testing.T) {
	for _, test := range []struct {
		name, config string
		withHealth   bool
		want         codes.Code
	}{
		{"pick_first does not ask", `{"healthCheckConfig": {"serviceName": "down"}}`, true, codes.OK},
		{"round_robin asks", `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "down"}}`, true, codes.Unavailable},
		{"a name that is never set", `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "example.order.v1.OrderService"}}`, true, codes.Unavailable},
		{"no health service", `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "example.order.v1.OrderService"}}`, false, codes.OK},
		{"the whole server", `{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": ""}}`, true, codes.OK},
	} {
		t.Run(test.name, func(t *testing.T) {
			if got := get(t, test.config, test.withHealth); got != test.want {
				t.Errorf("GetOrder ends with %s, not %s", got, test.want)
			}
		})
	}
}
