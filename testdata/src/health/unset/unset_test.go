package unset

import (
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/health"
	healthpb "google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/status"

	"example.com/testdata/proof"
)

func TestUnset(t *testing.T) {
	listener, conn := proof.Listen(t)
	s, service := grpc.NewServer(), health.NewServer()
	healthpb.RegisterHealthServer(s, service)
	go func() { _ = s.Serve(listener) }()
	t.Cleanup(s.Stop)
	c := healthpb.NewHealthClient(conn)
	ask := func(name string) (healthpb.HealthCheckResponse_ServingStatus, codes.Code) {
		answer, err := c.Check(t.Context(), &healthpb.HealthCheckRequest{Service: name})
		return answer.GetStatus(), status.Code(err)
	}
	const orders = "example.order.v1.OrderService"
	if says, _ := ask(""); says != healthpb.HealthCheckResponse_SERVING {
		t.Errorf("a new health service says %s of the server", says)
	}
	if _, code := ask(orders); code != codes.NotFound {
		t.Errorf("a name that is not set: %s", code)
	}
	watch, err := c.Watch(t.Context(), &healthpb.HealthCheckRequest{Service: orders})
	if err != nil {
		t.Fatal(err)
	}
	for _, step := range []struct {
		do   func()
		want healthpb.HealthCheckResponse_ServingStatus
	}{
		{func() {}, healthpb.HealthCheckResponse_SERVICE_UNKNOWN},
		{func() { service.SetServingStatus(orders, healthpb.HealthCheckResponse_SERVING) }, healthpb.HealthCheckResponse_SERVING},
		{service.Shutdown, healthpb.HealthCheckResponse_NOT_SERVING}, // what health/shutdown is about
	} {
		step.do()
		answer, err := watch.Recv()
		if err != nil || answer.GetStatus() != step.want {
			t.Errorf("who watches is told %s (%v), not %s", answer.GetStatus(), err, step.want)
		}
	}
}
