package percall

import (
	"context"
	"net/http"

	"example.com/testdata/conn/percall/open"
	"example.com/testdata/stubs/orderpb"
)

// nightly says at the handler that it is meant so; the dial is in a helper.
//
//grpclint:ignore conn/per-call one request a night
func (s *server) nightly(w http.ResponseWriter, r *http.Request) {
	s.export(r.Context())
}

func (s *server) export(ctx context.Context) {
	conn, err := open.Conn(s.addr)
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
}
