package api

import (
	"context"
	"errors"
	"log/slog"
	"math/rand/v2"
	"net/http"
	"time"

	"github.com/google/uuid"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	orderv1 "example.com/testdata/shop/gen/order/v1"
)

const (
	placeAttempts = 3
	placeBackoff  = 200 * time.Millisecond
)

// reorder places the order of an earlier day once more.
func (a *API) reorder(w http.ResponseWriter, r *http.Request) {
	ctx, cancel := context.WithTimeout(r.Context(), writeTimeout)
	defer cancel()
	old, err := a.orders.GetOrder(ctx, &orderv1.GetOrderRequest{Name: "orders/" + r.PathValue("id")})
	if errors.Is(err, context.DeadlineExceeded) {
		slog.WarnContext(ctx, "the order service is slow", "path", r.URL.Path)
	}
	if err != nil {
		reply(w, r, nil, err)
		return
	}
	o, err := a.placeAgain(ctx, old)
	reply(w, r, o, err)
}

// placeAgain tries a few times, as the order service may be restarting.
func (a *API) placeAgain(ctx context.Context, old *orderv1.Order) (*orderv1.Order, error) {
	for attempt := 1; ; attempt++ {
		o, err := a.orders.PlaceOrder(ctx, &orderv1.PlaceOrderRequest{
			Customer:  old.GetCustomer(),
			Items:     old.GetItems(),
			RequestId: uuid.NewString(),
		})
		if status.Code(err) != codes.Unavailable || attempt == placeAttempts {
			return o, err
		}
		select {
		case <-ctx.Done():
			return nil, err
		case <-time.After(rand.N(placeBackoff << attempt)):
		}
	}
}
