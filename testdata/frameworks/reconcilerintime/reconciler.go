// Package reconcilerintime holds a controller whose reconciliations have a
// deadline.
package reconcilerintime

import (
	"context"
	"time"

	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/controller"

	pb "example.com/testdata/stubs/orderpb"
)

type reconciler struct{ orders pb.OrderServiceClient }

func (r *reconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	_, err := r.orders.GetOrder(ctx, &pb.GetOrderRequest{Name: req.Name})
	return ctrl.Result{}, err
}

func setup(mgr ctrl.Manager, r *reconciler) error {
	_, err := controller.New("orders", mgr, controller.Options{Reconciler: r, ReconciliationTimeout: time.Minute})
	return err
}
