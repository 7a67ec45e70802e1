package api

import (
	"context"
	"log/slog"
	"net/http"

	"github.com/google/uuid"

	paymentv1 "example.com/testdata/shop/gen/payment/v1"
	"example.com/testdata/shop/internal/rpc"
)

// refund is for the people of the call centre.
func (a *API) refund(w http.ResponseWriter, r *http.Request) {
	payments, done, err := openPayments(a.paymentAddr)
	if err != nil {
		slog.ErrorContext(r.Context(), "open payment service", "err", err)
		http.Error(w, "payment service is not available", http.StatusServiceUnavailable)
		return
	}
	defer done()

	key := r.Header.Get("Idempotency-Key")
	if key == "" {
		key = uuid.NewString()
	}
	ctx, cancel := context.WithTimeout(r.Context(), writeTimeout)
	defer cancel()
	p, err := payments.Refund(ctx, &paymentv1.RefundRequest{
		Name:      "payments/" + r.PathValue("id"),
		Reason:    r.FormValue("reason"),
		RequestId: key,
	})
	reply(w, r, p, err)
}

// openPayments returns the payment service and a function that closes it.
func openPayments(addr string) (paymentv1.PaymentServiceClient, func(), error) {
	conn, err := rpc.Dial(addr)
	if err != nil {
		return nil, nil, err
	}
	return paymentv1.NewPaymentServiceClient(conn), func() { conn.Close() }, nil
}
