// Package controllers leaves it to its program how long a reconciliation takes.
package controllers

import (
	"context"

	ctrl "sigs.k8s.io/controller-runtime"

	pb "example.com/testdata/stubs/orderpb"
)

type Orders struct{ Client pb.OrderServiceClient }

func (o *Orders) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	_, err := o.Client.GetOrder(ctx, &pb.GetOrderRequest{Name: req.Name})
	return ctrl.Result{}, err
}
