package dead

import (
	"log"

	pb "example.com/testdata/stubs/orderpb"
)

// feed does nothing but to receive.
type feed struct {
	stream pb.OrderService_WatchOrdersClient
}

func (f *feed) next() (*pb.OrderEvent, error) { return f.stream.Recv() }

func overFeed(f *feed) {
	for {
		m, err := f.next()
		if err != nil {
			log.Print(err)
			continue // want `^the loop spins once f.stream has failed: every Recv after an error fails at once, and the loop goes on \[stream/dead\]$`
		}
		log.Print(m)
	}
}

// Silent: others write the field.
type replaced struct {
	stream pb.OrderService_WatchOrdersClient
}

func (r *replaced) next() (*pb.OrderEvent, error) { return r.stream.Recv() }

func (r *replaced) replace(stream pb.OrderService_WatchOrdersClient) { r.stream = stream }

func overReplaced(r *replaced) {
	for {
		if _, err := r.next(); err != nil {
			continue
		}
	}
}
