package lateregister

import (
	"testing"

	"google.golang.org/grpc"

	"example.com/testdata/proof"
	"example.com/testdata/stubs/orderpb"
)

func TestEnds(t *testing.T) {
	output := proof.Crash(t, func() {
		listener, conn := proof.Listen(t)
		s := grpc.NewServer()
		orderpb.RegisterOrderServiceServer(s, orders{})
		go s.Serve(listener)
		// An answer, whichever, comes from a server that serves.
		_, _ = orderpb.NewOrderServiceClient(conn).GetOrder(t.Context(), &orderpb.GetOrderRequest{}, grpc.WaitForReady(true))
		(&app{server: s}).register() // want info `OrderServiceServer is registered twice on one server`
	})
	proof.Contains(t, output, "after Server.Serve")
}
