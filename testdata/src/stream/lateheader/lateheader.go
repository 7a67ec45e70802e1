// Package lateheader tests stream/late-header.
package lateheader

import (
	"context"
	"log"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"

	pb "example.com/testdata/stubs/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	md    metadata.MD
	ready bool
}

func (s *server) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	if err := stream.Send(nil); err != nil { // related `sends the headers`
		return err
	}
	stream.SetHeader(s.md)      // want `^the client never sees this header: the call in line 21 has sent the headers, and SetHeader fails unnoticed \[stream/late-header\]$`
	_ = stream.SendHeader(s.md) // want `the client never sees this header`
	return nil
}

func (s *server) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	stream.SendHeader(s.md)
	stream.SendHeader(s.md) // want `SendHeader fails unnoticed`
	stream.SetTrailer(s.md)
	return nil
}

func forward(stream grpc.ServerStream, md metadata.MD) {
	stream.SendMsg(nil)
	stream.SetHeader(md) // want `the client never sees this header`
}

func (s *server) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	grpc.SendHeader(ctx, s.md)
	grpc.SetHeader(ctx, s.md) // want `and grpc.SetHeader fails unnoticed`
	return &pb.Order{}, nil
}

type careful struct {
	pb.UnimplementedOrderServiceServer
	md    metadata.MD
	ready bool
}

func (s *careful) WatchOrders(r *pb.WatchOrdersRequest, stream grpc.ServerStreamingServer[pb.OrderEvent]) error {
	stream.SetHeader(s.md)
	stream.SetHeader(s.md)
	stream.SendHeader(s.md)
	if err := stream.Send(nil); err != nil {
		return err
	}
	if err := stream.SetHeader(s.md); err != nil {
		log.Print(err)
	}
	stream.SetTrailer(s.md)
	return nil
}

func (s *careful) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	if s.ready {
		stream.Send(nil)
	}
	stream.SetHeader(s.md)
	for {
		if _, err := stream.Recv(); err != nil {
			return err // want `status/eof`
		}
		stream.SetHeader(s.md)
		if err := stream.Send(nil); err != nil {
			return err
		}
	}
}

func (s *careful) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	grpc.SetHeader(ctx, s.md)
	grpc.SendHeader(ctx, s.md)
	return &pb.Order{}, nil
}

func two(a, b grpc.ServerStream, md metadata.MD) {
	a.SendMsg(nil)
	b.SetHeader(md)
}

func asks(stream grpc.ServerStream, md metadata.MD) error {
	if err := stream.SendMsg(nil); err != nil {
		return err
	}
	return stream.SetHeader(md)
}

func eitherWay(stream grpc.ServerStream, md metadata.MD, first bool) {
	if first {
		stream.SendMsg(nil)
	} else {
		stream.SetHeader(md)
	}
}

func trailer(stream grpc.ServerStream, md metadata.MD) {
	stream.SendMsg(nil)
	stream.SetTrailer(md)
}

func twoContexts(a, b context.Context, md metadata.MD) {
	grpc.SendHeader(a, md)
	grpc.SetHeader(b, md)
}

func client(stream grpc.ClientStream) { stream.SendMsg(nil) }

// Bad: helpers set the header.

func setHeader(ctx context.Context, md metadata.MD) error { return grpc.SetHeader(ctx, md) }

func byHelper(ctx context.Context, md metadata.MD) {
	grpc.SendHeader(ctx, md)
	setHeader(ctx, md) // want `the client never sees this header`
}

func inResult(stream grpc.ServerStream, md metadata.MD) {
	stream.SendMsg(nil)
	result := struct{ err error }{stream.SetHeader(md)} // want `the client never sees this header`
	_ = result.err
}

// Silent: somebody looks at the error in the struct.
func looksInResult(stream grpc.ServerStream, md metadata.MD) error {
	stream.SendMsg(nil)
	result := struct{ err error }{stream.SetHeader(md)}
	return result.err
}

// inList puts the errors into lists: nobody reads the first.
func inList(stream grpc.ServerStreamingServer[pb.OrderEvent], md metadata.MD) error {
	if err := stream.Send(nil); err != nil {
		return err
	}
	_ = []error{stream.SendHeader(md)} // want `SendHeader fails unnoticed`
	for _, err := range []error{stream.SendHeader(md)} {
		if err != nil {
			return err
		}
	}
	return nil
}
