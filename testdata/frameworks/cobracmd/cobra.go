// Package cobracmd holds commands of spf13/cobra.
package cobracmd

import (
	"context"
	"net"
	"time"

	"github.com/spf13/cobra"
	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

// NewGet makes a command that ends by itself: who runs it sees that it hangs, and
// ends it.
func newGet(client pb.OrderServiceClient) *cobra.Command {
	return &cobra.Command{
		Use: "get",
		RunE: func(cmd *cobra.Command, args []string) error {
			ctx, cancel := context.WithTimeout(cmd.Context(), time.Minute)
			defer cancel()
			_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
			return err
		},
	}
}

type server struct {
	pb.UnimplementedOrderServiceServer
	next pb.OrderServiceClient
}

func (s *server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	return s.next.GetOrder(ctx, req)
}

func newServe(lis net.Listener, s *server) *cobra.Command {
	return &cobra.Command{
		Use: "serve",
		RunE: func(cmd *cobra.Command, args []string) error {
			srv := grpc.NewServer()
			pb.RegisterOrderServiceServer(srv, s)
			go func() {
				<-cmd.Context().Done()
				srv.GracefulStop()
			}()
			return srv.Serve(lis)
		},
	}
}

// Bad.

func newPoll(client pb.OrderServiceClient) *cobra.Command {
	cmd := &cobra.Command{Use: "poll"}
	cmd.RunE = func(cmd *cobra.Command, args []string) error {
		for {
			if _, err := client.GetOrder(cmd.Context(), &pb.GetOrderRequest{}); err != nil { // want info `OrderService.GetOrder can hang for ever: cmd.Context\(\) has no deadline`
				return err
			}
			time.Sleep(time.Minute)
		}
	}
	return cmd
}
