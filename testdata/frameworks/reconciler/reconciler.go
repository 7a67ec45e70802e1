// Package reconciler holds controllers: what they reconcile they come back to for
// ever.
package reconciler

import (
	"context"
	"time"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	ctrl "sigs.k8s.io/controller-runtime"
	"sigs.k8s.io/controller-runtime/pkg/client"
	"sigs.k8s.io/controller-runtime/pkg/manager"

	pb "example.com/testdata/stubs/orderpb"
)

type reconciler struct {
	client.Client
	orders pb.OrderServiceClient
}

func (r *reconciler) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	ctx, cancel := context.WithTimeout(ctx, time.Minute)
	defer cancel()
	_, err := r.orders.GetOrder(ctx, &pb.GetOrderRequest{Name: req.Name})
	if status.Code(err) == codes.NotFound {
		return ctrl.Result{}, client.IgnoreNotFound(err)
	}
	return ctrl.Result{RequeueAfter: time.Minute}, err
}

type poller struct{ orders pb.OrderServiceClient }

// Start is run by the manager until it ends.
func (p *poller) Start(ctx context.Context) error {
	for {
		if err := p.once(ctx); err != nil {
			return err
		}
		select {
		case <-time.After(time.Second):
		case <-ctx.Done():
			return nil
		}
	}
}

func (p *poller) once(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	_, err := p.orders.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}

func setup(mgr manager.Manager, orders pb.OrderServiceClient) error {
	if err := mgr.Add(&poller{orders}); err != nil {
		return err
	}
	if err := mgr.Add(manager.RunnableFunc(func(ctx context.Context) error {
		return (&poller{orders}).once(ctx)
	})); err != nil {
		return err
	}
	return mgr.Start(ctrl.SetupSignalHandler())
}

type endless struct {
	client.Client
	orders pb.OrderServiceClient
}

// Reconcile may have a deadline: the manager's ReconciliationTimeout.
func (r *endless) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	_, err := r.orders.GetOrder(ctx, &pb.GetOrderRequest{Name: req.Name})
	return ctrl.Result{}, err
}

func setupEndless(mgr ctrl.Manager, r *endless) error {
	return mgr.Add(manager.RunnableFunc(func(ctx context.Context) error {
		_, err := r.orders.GetOrder(ctx, &pb.GetOrderRequest{})
		return err
	}))
}
