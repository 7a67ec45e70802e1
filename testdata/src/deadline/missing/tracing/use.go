// Package tracing has interceptors that set no deadline: that there is one
// is not enough.
package tracing

import (
	"context"

	"go.opentelemetry.io/otel/trace"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

func traced(tracer trace.Tracer) grpc.UnaryClientInterceptor {
	return func(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
		ctx, span := tracer.Start(ctx, method)
		defer span.End()
		ctx = metadata.AppendToOutgoingContext(ctx, "x-trace", span.SpanContext().TraceID().String())
		return invoker(ctx, method, req, reply, cc, opts...)
	}
}

func get(tracer trace.Tracer) error {
	conn, err := grpc.NewClient("dns:///orders",
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithChainUnaryInterceptor(traced(tracer)),
		grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"round_robin": {}}]}`))
	if err != nil {
		return err
	}
	defer conn.Close()
	ctx, span := tracer.Start(context.Background(), "get") // want `OrderService.GetOrder can hang`
	defer span.End()
	_, err = pb.NewOrderServiceClient(conn).GetOrder(ctx, nil)
	return err
}

var _ = get
