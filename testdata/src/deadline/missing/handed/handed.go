// Package handed hands functions that make RPCs to helpers of another package.
package handed

import (
	"context"
	"time"

	"example.com/testdata/deadline/missing/handed/lib"
	pb "example.com/testdata/stubs/orderpb"
)

type service struct{ client pb.OrderServiceClient }

func (s *service) get(ctx context.Context) error {
	_, err := s.client.GetOrder(ctx, &pb.GetOrderRequest{}) // want `context.Background\(\) of Alone has no deadline \(service\.get\)`
	return err
}

func (s *service) tick(ctx context.Context) { s.get(ctx) }

func run(s *service) {
	lib.Until(context.Background(), func(ctx context.Context) { s.get(ctx) })      // want `context.Background\(\) has no deadline \(run\.1 → service\.get\)`
	lib.Until(context.Background(), s.tick)                                        // want `context.Background\(\) has no deadline \(service\.tick → service\.get\)`
	lib.UntilQuiet(context.Background(), func(ctx context.Context) { s.get(ctx) }) // want `context.Background\(\) has no deadline`
	lib.Values(context.TODO(), s.get)                                              // want `context.TODO\(\) has no deadline \(service\.get\)`
	lib.All(context.TODO(), func(context.Context) error { return nil }, s.get)     // want `context.TODO\(\) has no deadline \(service\.get\)`
}

func nested(s *service) {
	lib.Until(context.Background(), func(ctx context.Context) { // want `context.Background\(\) has no deadline`
		lib.Values(ctx, func(ctx context.Context) error { return s.get(ctx) })
	})
}

func fine(s *service) {
	lib.Within(context.Background(), s.get)
	lib.Maybe(context.Background(), time.Second, s.get)
	lib.Until(context.Background(), func(context.Context) {})
	lib.Until(context.Background(), func(ctx context.Context) {
		lib.Within(ctx, func(ctx context.Context) error { return s.get(ctx) })
	})
}
