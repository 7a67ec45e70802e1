package server_test

import (
	"context"
	"net"
	"testing"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/status"
	"google.golang.org/grpc/test/bufconn"

	orderv1 "example.com/testdata/shop/gen/order/v1"
	paymentv1 "example.com/testdata/shop/gen/payment/v1"
	"example.com/testdata/shop/order/internal/paymentclient"
	"example.com/testdata/shop/order/internal/server"
	"example.com/testdata/shop/order/internal/store"
)

func TestOrderLife(t *testing.T) {
	goods := &fakeGoods{soldOut: "tea", held: make(map[string]bool)}
	payments := &paymentclient.Client{PaymentServiceClient: &fakePayments{}}
	client := dial(t, server.New(store.New(), goods, goods, payments))
	ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
	defer cancel()

	req := &orderv1.PlaceOrderRequest{
		Customer:  "customers/1",
		Items:     []*orderv1.Item{{Sku: "tea", Quantity: 2, UnitPriceCents: 350}},
		RequestId: uuid.NewString(),
	}
	if _, err := client.PlaceOrder(ctx, req); status.Code(err) != codes.FailedPrecondition {
		t.Errorf("an order of what is sold out: %v, want FailedPrecondition", err)
	}

	req.Items[0].Sku = "coffee"
	placed, err := client.PlaceOrder(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	again, err := client.PlaceOrder(ctx, req)
	if err != nil {
		t.Fatal(err)
	}
	if !placed.GetPaid() || again.GetName() != placed.GetName() || !goods.held[placed.GetName()] {
		t.Errorf("placed %v, and again %v; held %v", placed, again, goods.held)
	}

	cancelReq := &orderv1.CancelOrderRequest{Name: placed.GetName(), Etag: "0"}
	if _, err := client.CancelOrder(ctx, cancelReq); status.Code(err) != codes.Aborted {
		t.Errorf("cancel with another etag: %v, want Aborted", err)
	}
	cancelReq.Etag = placed.GetEtag()
	if _, err := client.CancelOrder(ctx, cancelReq); err != nil {
		t.Fatal(err)
	}
	got, err := client.GetOrder(ctx, &orderv1.GetOrderRequest{Name: placed.GetName()})
	if err != nil {
		t.Fatal(err)
	}
	if got.GetPaid() || got.GetState() != orderv1.Order_STATE_CANCELLED || goods.held[placed.GetName()] {
		t.Errorf("after cancelling: %v; held %v", got, goods.held)
	}
}

// dial serves s in memory and returns a client of it.
func dial(t *testing.T, s orderv1.OrderServiceServer) orderv1.OrderServiceClient {
	lis := bufconn.Listen(1 << 16)
	gs := grpc.NewServer()
	orderv1.RegisterOrderServiceServer(gs, s)
	go gs.Serve(lis)
	t.Cleanup(gs.Stop)

	conn, err := grpc.NewClient("passthrough:///bufnet",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
			return lis.DialContext(ctx)
		}),
	)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	return orderv1.NewOrderServiceClient(conn)
}

// fakeGoods is the warehouse and the copy of its stock. The server runs one
// call at a time here.
type fakeGoods struct {
	soldOut string
	held    map[string]bool
}

func (g *fakeGoods) SoldOut(sku string) bool { return sku == g.soldOut }

func (g *fakeGoods) Reserve(_ context.Context, order string, _ []*orderv1.Item) error {
	g.held[order] = true
	return nil
}

func (g *fakeGoods) Release(_ context.Context, order string) error {
	delete(g.held, order)
	return nil
}

// fakePayments knows one payment.
type fakePayments struct {
	paymentv1.PaymentServiceClient
	refunded bool
}

func (p *fakePayments) Charge(context.Context, *paymentv1.ChargeRequest, ...grpc.CallOption) (*paymentv1.Payment, error) {
	return &paymentv1.Payment{Name: "payments/1", State: paymentv1.Payment_STATE_CHARGED}, nil
}

func (p *fakePayments) Refund(context.Context, *paymentv1.RefundRequest, ...grpc.CallOption) (*paymentv1.Payment, error) {
	p.refunded = true
	return &paymentv1.Payment{Name: "payments/1", State: paymentv1.Payment_STATE_REFUNDED}, nil
}

func (p *fakePayments) GetPayment(context.Context, *paymentv1.GetPaymentRequest, ...grpc.CallOption) (*paymentv1.Payment, error) {
	if p.refunded {
		return &paymentv1.Payment{Name: "payments/1", State: paymentv1.Payment_STATE_REFUNDED}, nil
	}
	return &paymentv1.Payment{Name: "payments/1", State: paymentv1.Payment_STATE_CHARGED}, nil
}
