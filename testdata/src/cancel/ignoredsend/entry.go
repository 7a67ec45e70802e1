package ignoredsend

import (
	"log"

	pb "example.com/testdata/stubs/orderpb"
)

// entry is one of a log, as logrus has it.
type entry struct{ err error }

func withError(err error) *entry { return &entry{err} }

func (e *entry) With(key, value string) *entry { return e }
func (e *entry) Warn(text string)              { log.Print(text, e.err) }

type logging struct {
	pb.UnimplementedOrderServiceServer
	events []*pb.OrderEvent
	last   *entry
}

func (s *logging) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	for _, e := range s.events {
		if err := stream.Send(e); err != nil { // want `WatchOrders goes on working for a client that has gone`
			withError(err).With("order", r.String()).Warn("cannot send")
		}
	}
	// Silent: who knows what becomes of it.
	for _, e := range s.events {
		if err := stream.Send(e); err != nil {
			s.last = withError(err)
		}
	}
	return nil
}
