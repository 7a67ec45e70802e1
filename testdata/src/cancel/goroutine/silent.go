package goroutine

import (
	"context"
	"io"
	"log"
	"sync"

	"golang.org/x/sync/errgroup"
	"google.golang.org/grpc"

	"example.com/testdata/cancel/goroutine/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type careful struct {
	pb.UnimplementedOrderServiceServer
	c pb.OrderServiceClient
	s *server
}

func (s *careful) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	var wg sync.WaitGroup
	wg.Add(1)
	go func() {
		defer wg.Done()
		s.c.GetOrder(ctx, r)
	}()
	wg.Wait()
	return &pb.Order{}, nil
}

func (s *careful) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	go s.s.audit(context.WithoutCancel(ctx), 1)
	go helper.Log(ctx, "created")
	go func() {
		<-ctx.Done()
		log.Print("over")
	}()
	helper.Detached(ctx, s.c)
	return &pb.Order{}, nil
}

func (s *careful) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	done := make(chan error, 1)
	go func() {
		_, err := s.c.UpdateOrder(ctx, r)
		done <- err
	}()
	select {
	case err := <-done:
		return &pb.Order{}, err
	case <-ctx.Done():
		return nil, ctx.Err()
	}
}

func (s *careful) ListOrders(ctx context.Context, r *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	var wg sync.WaitGroup
	defer wg.Wait()
	wg.Add(1)
	go func() {
		defer wg.Done()
		s.c.ListOrders(ctx, r)
	}()
	g, ctx := errgroup.WithContext(ctx)
	g.Go(func() error {
		_, err := s.c.ListOrders(ctx, r)
		return err
	})
	result := s.start(ctx)
	return <-result, g.Wait()
}

func (s *careful) start(ctx context.Context) <-chan *pb.ListOrdersResponse {
	ch := make(chan *pb.ListOrdersResponse)
	go func() {
		r, _ := s.c.ListOrders(ctx, nil)
		ch <- r
	}()
	return ch
}

func (s *careful) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	go s.s.audit(stream.Context(), 1)
	s.watch(stream.Context())
	for {
		if _, err := stream.Recv(); err == io.EOF {
			return nil
		} else if err != nil {
			return err
		}
	}
}

func (s *careful) watch(ctx context.Context) {
	go s.s.audit(ctx, 1)
}

func background(ctx context.Context, s *server) { go s.audit(ctx, 1) }
