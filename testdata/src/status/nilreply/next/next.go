// Package next finds what handlers reply.
package next

import (
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

// Order is that of an event, which may have none.
func Order(event *pb.OrderEvent) *pb.Order { return event.GetOrder() }

// Event comes next.
func Event(events []*pb.OrderEvent) (*pb.OrderEvent, error) {
	if len(events) == 0 {
		return nil, status.Error(codes.NotFound, "no event")
	}
	return events[0], nil
}
