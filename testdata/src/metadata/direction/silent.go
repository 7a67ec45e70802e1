package direction

import (
	"context"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	"example.com/testdata/metadata/direction/lookup"
	pb "example.com/testdata/stubs/orderpb"
)

type right struct {
	pb.UnimplementedOrderServiceServer
	other pb.OrderServiceClient
	local pb.OrderServiceServer
}

func (s *right) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
	if len(metadata.ValueFromIncomingContext(ctx, "authorization")) == 0 {
		return nil, context.Canceled
	}
	ctx = metadata.AppendToOutgoingContext(ctx, "tenant", "a")
	return s.other.GetOrder(ctx, req)
}

// CreateOrder adds to what there may be.
func (s *right) CreateOrder(ctx context.Context, req *pb.CreateOrderRequest) (*pb.Order, error) {
	md, ok := metadata.FromOutgoingContext(ctx)
	if !ok {
		md = metadata.New(nil)
	}
	md = md.Copy()
	md.Set("tenant", "a")
	return s.other.CreateOrder(metadata.NewOutgoingContext(ctx, md), req)
}

func (s *right) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	ctx = metadata.AppendToOutgoingContext(ctx, "tenant", "a")
	if lookup.Sent(ctx, "tenant") != "a" {
		return nil, context.Canceled
	}
	return s.save(ctx, req.GetOrder())
}

// save may make RPCs.
func (s *right) save(ctx context.Context, order *pb.Order) (*pb.Order, error) {
	return order, ctx.Err()
}

func (s *right) ListOrders(ctx context.Context, req *pb.ListOrdersRequest) (*pb.ListOrdersResponse, error) {
	ctx = metadata.AppendToOutgoingContext(ctx, "tenant", "a")
	var reply *pb.ListOrdersResponse
	var err error
	func() { reply, err = s.other.ListOrders(ctx, req) }()
	return reply, err
}

// inProcess calls a server directly, which takes what it gets from here.
func (s *right) inProcess(ctx context.Context) (*pb.Order, error) {
	ctx = metadata.NewIncomingContext(ctx, metadata.Pairs("authorization", "token"))
	return s.local.GetOrder(ctx, &pb.GetOrderRequest{})
}

// both is used to ask this server and another one.
func (s *right) both(ctx context.Context) error {
	ctx = metadata.NewIncomingContext(ctx, metadata.Pairs("authorization", "token"))
	if _, err := s.local.GetOrder(ctx, &pb.GetOrderRequest{}); err != nil {
		return err
	}
	_, err := s.other.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}

func clientInterceptor(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	if md, _ := metadata.FromOutgoingContext(ctx); len(md.Get("tenant")) == 0 {
		ctx = metadata.AppendToOutgoingContext(ctx, "tenant", "a")
	}
	return invoker(ctx, method, req, reply, cc, opts...)
}

// asServer plays a client's request to itself.
func asServer() []string {
	ctx := metadata.NewIncomingContext(context.Background(), metadata.Pairs("tenant", "a"))
	return metadata.ValueFromIncomingContext(ctx, "tenant")
}

func header(c pb.OrderServiceClient) ([]string, error) {
	ctx, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	var md metadata.MD
	_, err := c.GetOrder(ctx, &pb.GetOrderRequest{}, grpc.Header(&md))
	return md.Get("etag"), err
}

// Anybody may call it, with what the client has sent.
func Caller(ctx context.Context) []string { return metadata.ValueFromIncomingContext(ctx, "caller") }

// serverInterceptor gives the contexts of handlers nothing to send.
func serverInterceptor(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	return handler(metadata.NewIncomingContext(ctx, metadata.Pairs("tenant", "a")), req)
}
