// Package reconciledbelow holds a reconciler around another.
package reconciledbelow

import (
	"context"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/reconcile"

	pb "example.com/testdata/stubs/orderpb"
)

type inTime struct{ reconcile.Reconciler }

func (r inTime) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	return r.Reconciler.Reconcile(ctx, req)
}

type reconciler struct{ orders pb.OrderServiceClient }

func (r *reconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	_, err := r.orders.GetOrder(ctx, &pb.GetOrderRequest{Name: req.Name})
	return ctrl.Result{}, err
}

func newReconciler(orders pb.OrderServiceClient) reconcile.Reconciler {
	return inTime{&reconciler{orders}}
}
