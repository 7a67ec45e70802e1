// Package server implements the order service.
package server

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	"google.golang.org/protobuf/types/known/timestamppb"

	orderv1 "example.com/testdata/shop/gen/order/v1"
	paymentv1 "example.com/testdata/shop/gen/payment/v1"
	"example.com/testdata/shop/order/internal/paymentclient"
	"example.com/testdata/shop/order/internal/store"
)

const (
	maxPageSize    = 500
	releaseTimeout = 5 * time.Second
	paymentTimeout = 2 * time.Second
)

// Warehouse reserves goods.
type Warehouse interface {
	Reserve(ctx context.Context, order string, items []*orderv1.Item) error
	Release(ctx context.Context, order string) error
}

// Stock knows what is sold out.
type Stock interface {
	SoldOut(sku string) bool
}

// Server is the order service.
type Server struct {
	orderv1.UnimplementedOrderServiceServer

	orders    *store.Store
	warehouse Warehouse
	stock     Stock
	payments  *paymentclient.Client
}

// New returns the order service.
func New(orders *store.Store, warehouse Warehouse, stock Stock, payments *paymentclient.Client) *Server {
	return &Server{orders: orders, warehouse: warehouse, stock: stock, payments: payments}
}

// PlaceOrder reserves the goods, stores the order and charges the customer.
func (s *Server) PlaceOrder(ctx context.Context, req *orderv1.PlaceOrderRequest) (*orderv1.Order, error) {
	if _, err := uuid.Parse(req.GetRequestId()); err != nil {
		return nil, status.Error(codes.InvalidArgument, "request_id must be a UUID")
	}
	if len(req.GetItems()) == 0 {
		return nil, status.Error(codes.InvalidArgument, "an order needs items")
	}
	o, ok := s.orders.ByRequest(req.GetRequestId())
	if !ok {
		var err error
		if o, err = s.reserve(ctx, req); err != nil {
			return nil, err
		}
	}
	if o.GetPayment() != "" || o.GetState() != orderv1.Order_STATE_OPEN {
		return o, nil
	}
	payment, err := s.payments.ChargeOrder(ctx, o, req.GetRequestId())
	if err != nil {
		// The order stays unpaid: the caller may try again.
		return nil, status.Errorf(status.Code(err), "charge: %s", status.Convert(err).Message())
	}
	if o, err = s.orders.SetPaid(o.GetName(), payment); err != nil {
		return nil, toStatus(err)
	}
	return o, nil
}

// reserve holds the goods of a new order and stores it.
func (s *Server) reserve(ctx context.Context, req *orderv1.PlaceOrderRequest) (*orderv1.Order, error) {
	for _, it := range req.GetItems() {
		if s.stock.SoldOut(it.GetSku()) {
			return nil, status.Errorf(codes.FailedPrecondition, "%s is sold out", it.GetSku())
		}
	}

	o := &orderv1.Order{
		Name:       "orders/" + req.GetRequestId(),
		Customer:   req.GetCustomer(),
		Items:      req.GetItems(),
		State:      orderv1.Order_STATE_OPEN,
		CreateTime: timestamppb.Now(),
	}
	if err := s.warehouse.Reserve(ctx, o.GetName(), o.GetItems()); err != nil {
		return nil, status.Errorf(status.Code(err), "reserve goods: %s", status.Convert(err).Message())
	}
	s.orders.Put(o, req.GetRequestId())
	return o, nil
}

// GetOrder returns one order with the state of its payment.
func (s *Server) GetOrder(ctx context.Context, req *orderv1.GetOrderRequest) (*orderv1.Order, error) {
	o, err := s.orders.Get(req.GetName())
	if err != nil {
		return nil, toStatus(err)
	}
	if o.GetPayment() == "" {
		return o, nil
	}
	payCtx, cancel := context.WithTimeout(context.Background(), paymentTimeout)
	defer cancel()
	p, err := s.payments.GetPayment(payCtx, &paymentv1.GetPaymentRequest{Name: o.GetPayment()})
	if err != nil {
		return nil, status.Errorf(status.Code(err), "payment: %s", status.Convert(err).Message())
	}
	o.Paid = p.GetState() == paymentv1.Payment_STATE_CHARGED
	return o, nil
}

// ListOrders returns the newest orders.
func (s *Server) ListOrders(_ context.Context, req *orderv1.ListOrdersRequest) (*orderv1.ListOrdersResponse, error) {
	n := int(req.GetPageSize())
	if n <= 0 || n > maxPageSize {
		n = maxPageSize
	}
	return &orderv1.ListOrdersResponse{Orders: s.orders.List(n)}, nil
}

// CancelOrder cancels an order, gives the money back and the goods.
func (s *Server) CancelOrder(ctx context.Context, req *orderv1.CancelOrderRequest) (*orderv1.Order, error) {
	o, err := s.orders.Cancel(req.GetName(), req.GetEtag())
	if err != nil {
		return nil, toStatus(err)
	}
	s.release(ctx, o.GetName())
	if o.GetPayment() == "" {
		return o, nil
	}
	refundCtx, cancel := context.WithTimeout(ctx, paymentTimeout)
	defer cancel()
	if err := s.payments.RefundOrder(refundCtx, o, "cancelled"); err != nil {
		return nil, status.Errorf(status.Code(err), "refund: %s", status.Convert(err).Message())
	}
	return o, nil
}

// WatchOrder sends an order whenever it changes.
func (s *Server) WatchOrder(req *orderv1.WatchOrderRequest, stream grpc.ServerStreamingServer[orderv1.Order]) error {
	changes, stop := s.orders.Watch(req.GetName())
	defer stop()
	o, err := s.orders.Get(req.GetName())
	if err != nil {
		return toStatus(err)
	}
	for {
		if err := stream.Send(o); err != nil {
			return err
		}
		select {
		case <-stream.Context().Done():
			return status.FromContextError(stream.Context().Err()).Err()
		case o = <-changes:
		}
	}
}

// release gives the goods back, also when the caller of the RPC is gone.
func (s *Server) release(ctx context.Context, order string) {
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), releaseTimeout)
	defer cancel()
	if err := s.warehouse.Release(ctx, order); err != nil {
		slog.ErrorContext(ctx, "release goods", "order", order, "err", err)
	}
}

func toStatus(err error) error {
	switch {
	case errors.Is(err, store.ErrNotFound):
		return status.Error(codes.NotFound, err.Error())
	case errors.Is(err, store.ErrChanged):
		return status.Error(codes.Aborted, err.Error())
	}
	return status.Error(codes.Internal, err.Error())
}
