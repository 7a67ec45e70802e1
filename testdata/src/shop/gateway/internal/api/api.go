// Package api is the HTTP face of the shop.
package api

import (
	"context"
	"errors"
	"io"
	"log/slog"
	"net/http"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/encoding/protojson"
	"google.golang.org/protobuf/proto"

	orderv1 "example.com/testdata/shop/gen/order/v1"
)

const (
	maxBody      = 1 << 20
	readTimeout  = 2 * time.Second
	writeTimeout = 10 * time.Second
)

// API answers HTTP requests with what the services say.
type API struct {
	orderConn   *grpc.ClientConn
	orders      orderv1.OrderServiceClient
	recent      *Recent
	paymentAddr string
}

// New returns an API on the connection to the order service.
func New(orderConn *grpc.ClientConn, recent *Recent, paymentAddr string) *API {
	return &API{
		orderConn:   orderConn,
		orders:      orderv1.NewOrderServiceClient(orderConn),
		recent:      recent,
		paymentAddr: paymentAddr,
	}
}

// Handler returns the routes.
func (a *API) Handler() http.Handler {
	mux := http.NewServeMux()
	mux.HandleFunc("GET /readyz", a.ready)
	mux.HandleFunc("GET /orders", a.listOrders)
	mux.HandleFunc("POST /orders", a.placeOrder)
	mux.HandleFunc("GET /orders/{id}", a.getOrder)
	mux.HandleFunc("DELETE /orders/{id}", a.cancelOrder)
	mux.HandleFunc("POST /orders/{id}/again", a.reorder)
	mux.HandleFunc("GET /orders/{id}/events", a.watchOrder)
	mux.HandleFunc("POST /payments/{id}/refund", a.refund)
	return mux
}

func (a *API) ready(w http.ResponseWriter, _ *http.Request) {
	if a.orderConn.GetState() != connectivity.Ready {
		http.Error(w, "order service is not connected", http.StatusServiceUnavailable)
		return
	}
	w.WriteHeader(http.StatusNoContent)
}

func (a *API) listOrders(w http.ResponseWriter, r *http.Request) {
	reply(w, r, a.recent.Orders(), nil)
}

func (a *API) placeOrder(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(http.MaxBytesReader(w, r.Body, maxBody))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	req := new(orderv1.PlaceOrderRequest)
	if err := protojson.Unmarshal(body, req); err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	if req.GetRequestId() == "" {
		req.RequestId = uuid.NewString()
	}
	ctx, cancel := context.WithTimeout(r.Context(), writeTimeout)
	defer cancel()
	o, err := a.orders.PlaceOrder(ctx, req)
	if err == nil {
		go a.recent.Show(r.Context(), o.GetName())
	}
	reply(w, r, o, err)
}

func (a *API) getOrder(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), readTimeout)
	defer cancel()
	o, err := a.orders.GetOrder(ctx, &orderv1.GetOrderRequest{Name: "orders/" + r.PathValue("id")})
	reply(w, r, o, err)
}

func (a *API) cancelOrder(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), writeTimeout)
	defer cancel()
	o, err := a.orders.CancelOrder(ctx, &orderv1.CancelOrderRequest{
		Name: "orders/" + r.PathValue("id"),
		Etag: r.Header.Get("If-Match"),
	})
	reply(w, r, o, err)
}

// watchOrder sends one line of JSON per change, until the client goes away.
func (a *API) watchOrder(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithCancel(r.Context())
	defer cancel()
	stream, err := a.orders.WatchOrder(ctx, &orderv1.WatchOrderRequest{Name: "orders/" + r.PathValue("id")})
	if err != nil {
		reply(w, r, nil, err)
		return
	}
	out := http.NewResponseController(w)
	for first := true; ; first = false {
		o, err := stream.Recv()
		switch {
		case errors.Is(err, io.EOF):
			return
		case err != nil && first:
			reply(w, r, nil, err)
			return
		case err != nil:
			slog.InfoContext(ctx, "watch order ended", "err", err)
			return
		}
		reply(w, r, o, nil)
		if err := out.Flush(); err != nil {
			return
		}
	}
}

// reply writes a message, or the error of the call that should have made it.
func reply(w http.ResponseWriter, r *http.Request, m proto.Message, err error) {
	if err != nil {
		s := status.Convert(err)
		slog.WarnContext(r.Context(), "call failed", "path", r.URL.Path, "code", s.Code().String(), "err", s.Message())
		http.Error(w, s.Message(), httpStatus(s.Code()))
		return
	}
	body, err := protojson.Marshal(m)
	if err != nil {
		http.Error(w, err.Error(), http.StatusInternalServerError)
		return
	}
	w.Header().Set("Content-Type", "application/json")
	if _, err := w.Write(append(body, '\n')); err != nil {
		slog.InfoContext(r.Context(), "write reply", "path", r.URL.Path, "err", err)
	}
}

func httpStatus(c codes.Code) int {
	switch c {
	case codes.InvalidArgument:
		return http.StatusBadRequest
	case codes.NotFound:
		return http.StatusNotFound
	case codes.Aborted, codes.FailedPrecondition:
		return http.StatusConflict
	case codes.Unavailable:
		return http.StatusServiceUnavailable
	case codes.DeadlineExceeded:
		return http.StatusGatewayTimeout
	}
	return http.StatusInternalServerError
}
