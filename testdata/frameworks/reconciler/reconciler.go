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
	"sigs.k8s.io/controller-runtime/pkg/log"
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

// unstarted is given to no manager.
type unstarted struct{ orders pb.OrderServiceClient }

func (u unstarted) Start(ctx context.Context) error {
	_, err := u.orders.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
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

// Bad.

type endless struct {
	client.Client
	orders pb.OrderServiceClient
}

func (r *endless) Reconcile(ctx context.Context, req ctrl.Request) (ctrl.Result, error) {
	return r.sync(log.IntoContext(ctx, log.Log), req.Name) // want `OrderService.GetOrder can hang for ever: ctx of endless.Reconcile has no deadline \(endless.sync\)`
}

func (r *endless) sync(ctx context.Context, name string) (ctrl.Result, error) {
	_, err := r.orders.GetOrder(ctx, &pb.GetOrderRequest{Name: name})
	return ctrl.Result{}, err
}

type ticking struct{ orders pb.OrderServiceClient }

func (t ticking) Start(ctx context.Context) error {
	for range time.Tick(time.Second) {
		if _, err := t.orders.GetOrder(ctx, &pb.GetOrderRequest{}); err != nil { // want `can hang for ever: ctx of ticking.Start has no deadline`
			return err
		}
	}
	return nil
}

func setupEndless(mgr ctrl.Manager, r *endless) error {
	if err := mgr.Add(ticking{r.orders}); err != nil {
		return err
	}
	return mgr.Add(manager.RunnableFunc(func(ctx context.Context) error {
		_, err := r.orders.GetOrder(ctx, &pb.GetOrderRequest{}) // want `can hang for ever: ctx of setupEndless.1 has no deadline`
		return err
	}))
}
