package anyerror

import (
	"context"
	"errors"
	"fmt"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/anyerror/plain"
	pb "example.com/testdata/stubs/orderpb"
)

func generic(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	_, err := plain.Value(ctx, func() (any, error) {
		return c.DeleteOrder(ctx, req) // want `OrderService.DeleteOrder is tried again by Value after errors`
	})
	return err
}

func itself(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	return plain.Func(3, time.Second, func() error {
		_, err := c.DeleteOrder(ctx, req) // want `OrderService.DeleteOrder is tried again by Func after errors`
		return err
	})
}

func stops(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	return plain.Func(3, time.Second, func() error {
		_, err := c.DeleteOrder(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return plain.Stop{Err: err}
		}
		return err
	})
}

func byPolicy(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	return (&plain.Policy{Max: 3}).Do(ctx, func(ctx context.Context) error {
		_, err := c.DeleteOrder(ctx, req) // want `OrderService.DeleteOrder is tried again by Do after errors`
		return err
	})
}

func stopsByPolicy(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	return (&plain.Policy{Max: 3}).Do(ctx, func(ctx context.Context) error {
		_, err := c.DeleteOrder(ctx, req)
		switch status.Code(err) {
		case codes.OK, codes.Unavailable:
			return err
		}
		return fmt.Errorf("%w: %w", plain.ErrStop, err)
	})
}

func always(error) bool { return true }

func isDown(err error) bool { return status.Code(err) == codes.Unavailable }

func asksAlways(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	return plain.While(func() error {
		_, err := c.DeleteOrder(ctx, req) // want `OrderService.DeleteOrder is tried again by While after errors`
		return err
	}, always)
}

func asksForCode(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	return plain.While(func() error {
		_, err := c.DeleteOrder(ctx, req)
		return err
	}, isDown)
}

func asksSomebody(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest, again func(error) bool) error {
	return plain.While(func() error {
		_, err := c.DeleteOrder(ctx, req)
		return err
	}, again)
}

func items(ctx context.Context, c pb.OrderServiceClient, names []string) error {
	return plain.Each(names, func(name string) error {
		_, err := c.DeleteOrder(ctx, &pb.DeleteOrderRequest{Name: name})
		return err
	})
}

func loopAroundHelper(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	for range 3 {
		err := plain.Once(func() error { // want `OrderService.DeleteOrder \(Once\) is tried again after errors`
			_, err := c.DeleteOrder(ctx, req)
			return err
		})
		if err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

func itemsAroundHelper(ctx context.Context, c pb.OrderServiceClient, names []string) {
	for _, name := range names {
		err := plain.Once(func() error {
			_, err := c.DeleteOrder(ctx, &pb.DeleteOrderRequest{Name: name})
			return err
		})
		if err == nil || pause(ctx) != nil {
			return
		}
	}
}

func pagesAroundHelper(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	page := 0
	next := func() error {
		page++
		_, err := c.DeleteOrder(ctx, &pb.DeleteOrderRequest{Name: fmt.Sprint(page)})
		return err
	}
	for {
		if err := next(); err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func withClient(conn *grpc.ClientConn, f func(pb.OrderServiceClient) error) error {
	return f(pb.NewOrderServiceClient(conn))
}

func sameClient(ctx context.Context, conn *grpc.ClientConn, req *pb.DeleteOrderRequest) error {
	for {
		err := withClient(conn, func(c pb.OrderServiceClient) error { // want `OrderService.DeleteOrder \(withClient\) is tried again after errors`
			_, err := c.DeleteOrder(ctx, req)
			return err
		})
		if err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func otherClients(ctx context.Context, conns []*grpc.ClientConn, req *pb.DeleteOrderRequest) error {
	for _, conn := range conns {
		err := withClient(conn, func(c pb.OrderServiceClient) error {
			_, err := c.DeleteOrder(ctx, req)
			return err
		})
		if err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}

func otherHelpersClient(ctx context.Context, pool *plain.Pool[pb.OrderServiceClient], req *pb.DeleteOrderRequest) error {
	for {
		err := pool.With(func(c pb.OrderServiceClient) error {
			_, err := c.DeleteOrder(ctx, req)
			return err
		})
		if err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
}

func stopsAtItsOwn(f func() error, stop *plain.Stop) error {
	for {
		err := f()
		if err == nil || errors.As(err, stop) {
			return err
		}
		time.Sleep(time.Second)
	}
}

func handsStop(ctx context.Context, c pb.OrderServiceClient, req *pb.DeleteOrderRequest) error {
	return stopsAtItsOwn(func() error {
		if _, err := c.DeleteOrder(ctx, req); status.Code(err) == codes.NotFound { // want `retry/code` `retry/unbounded`
			return plain.Stop{Err: err}
		} else if err != nil {
			return fmt.Errorf("deleting: %w", err)
		}
		return nil
	}, new(plain.Stop))
}

// withClientLater hands the function on in a literal.
func withClientLater(conn *grpc.ClientConn, f func(pb.OrderServiceClient) error) error {
	call := func() error { return f(pb.NewOrderServiceClient(conn)) }
	return call()
}

func otherClientsLater(ctx context.Context, conns []*grpc.ClientConn, req *pb.DeleteOrderRequest) error {
	for _, conn := range conns {
		err := withClientLater(conn, func(c pb.OrderServiceClient) error {
			_, err := c.DeleteOrder(ctx, req)
			return err
		})
		if err == nil {
			return nil
		}
		if err := pause(ctx); err != nil {
			return err
		}
	}
	return nil
}
