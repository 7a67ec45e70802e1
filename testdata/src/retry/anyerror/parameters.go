package anyerror

import (
	"context"

	"example.com/testdata/retry/anyerror/jobs"
	pb "example.com/testdata/stubs/orderpb"
)

// What an attempt is made of, in a struct that a helper is handed.

type attempt struct {
	ctx    context.Context
	client pb.OrderServiceClient
	req    *pb.DeleteOrderRequest
	call   func() error
}

func remove(a attempt) error {
	_, err := a.client.DeleteOrder(a.ctx, a.req)
	return err
}

func (a *attempt) remove() error {
	_, err := a.client.DeleteOrder(a.ctx, a.req)
	return err
}

// The context is another one every time, the rest is not.
func anewEveryTime(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	for {
		each, cancel := context.WithCancel(ctx)
		err := remove(attempt{ctx: each, client: c, req: req}) // want `OrderService.DeleteOrder \(remove\) is tried again after errors`
		cancel()
		if err == nil || pause(ctx) != nil {
			return
		}
	}
}

func anewByMethod(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	for {
		each, cancel := context.WithCancel(ctx)
		err := (&attempt{ctx: each, client: c, req: req}).remove() // want `OrderService.DeleteOrder \(remove\) is tried again after errors`
		cancel()
		if err == nil || pause(ctx) != nil {
			return
		}
	}
}

func eachRequest(ctx context.Context, c pb.OrderServiceClient, reqs []*pb.DeleteOrderRequest) {
	for _, req := range reqs {
		if remove(attempt{ctx: ctx, client: c, req: req}) == nil || pause(ctx) != nil {
			return
		}
	}
}

func eachClient(ctx context.Context, clients []pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	for _, c := range clients {
		if remove(attempt{ctx: ctx, client: c, req: req}) == nil || pause(ctx) != nil {
			return
		}
	}
}

func made(ctx context.Context, c pb.OrderServiceClient, id int) attempt {
	return attempt{ctx: ctx, client: c, req: request(id)}
}

func request(id int) *pb.DeleteOrderRequest {
	return &pb.DeleteOrderRequest{Name: names[id]}
}

var names []string

func eachMade(ctx context.Context, c pb.OrderServiceClient) {
	for id := range names {
		if remove(made(ctx, c, id)) == nil || pause(ctx) != nil {
			return
		}
	}
}

// One that is handed on in another struct.

type order struct{ attempt *attempt }

func (o order) remove() error {
	_, err := o.attempt.client.DeleteOrder(o.attempt.ctx, o.attempt.req)
	return err
}

func anewInside(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	for {
		each, cancel := context.WithCancel(ctx)
		err := order{&attempt{ctx: each, client: c, req: req}}.remove() // want `OrderService.DeleteOrder \(remove\) is tried again after errors`
		cancel()
		if err == nil || pause(ctx) != nil {
			return
		}
	}
}

func eachInside(ctx context.Context, clients []pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	for _, c := range clients {
		if (order{&attempt{ctx: ctx, client: c, req: req}}).remove() == nil || pause(ctx) != nil {
			return
		}
	}
}

// The function that is run, in a struct.

func run(a attempt) error { return a.call() }

func (a attempt) run() error { return a.call() }

func again(ctx context.Context, call func() error) {
	for run(attempt{call: call}) != nil {
		if pause(ctx) != nil {
			return
		}
	}
}

func runs(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	again(ctx, func() error {
		_, err := c.DeleteOrder(ctx, req) // want `OrderService.DeleteOrder is tried again by again after errors`
		return err
	})
}

func runsMethod(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	for {
		err := attempt{call: func() error { // want `OrderService.DeleteOrder \(run → call\) is tried again after errors`
			_, err := c.DeleteOrder(ctx, req)
			return err
		}}.run()
		if err == nil || pause(ctx) != nil {
			return
		}
	}
}

func handsOn(a attempt) error { return run(a) }

func runsThrough(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	for {
		err := handsOn(attempt{call: func() error { // want `OrderService.DeleteOrder \(handsOn\) is tried again after errors`
			_, err := c.DeleteOrder(ctx, req)
			return err
		}})
		if err == nil || pause(ctx) != nil {
			return
		}
	}
}

// It may run something else than it is handed.
func otherwise(a attempt, careful bool) error {
	if careful {
		a.call = once(a.call)
	}
	return a.call()
}

func once(call func() error) func() error {
	done := false
	return func() error {
		if done {
			return nil
		}
		done = true
		return call()
	}
}

func perhapsOnce(ctx context.Context, call func() error) {
	for otherwise(attempt{call: call}, true) != nil {
		if pause(ctx) != nil {
			return
		}
	}
}

func runsOnce(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) {
	perhapsOnce(ctx, func() error {
		_, err := c.DeleteOrder(ctx, req)
		return err
	})
}

// A request in what another package makes.

func sameJob(ctx context.Context, c pb.OrderServiceClient) {
	job := jobs.New("orders/1")
	for {
		err := job.Do(ctx, c) // want `OrderService.DeleteOrder \(Job.Do\) is tried again after errors`
		if err == nil || pause(ctx) != nil {
			return
		}
	}
}

func eachJob(ctx context.Context, c pb.OrderServiceClient, jobs []*jobs.Job) {
	for _, job := range jobs {
		if job.Do(ctx, c) == nil || pause(ctx) != nil {
			return
		}
	}
}
