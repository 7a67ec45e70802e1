package dead

import (
	"context"
	"log"
	"time"

	"example.com/testdata/stream/dead/feeds"
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

// Bad: another package, or a helper, receives.

func overRemote(stream pb.OrderService_WatchOrdersClient) {
	for {
		if _, err := feeds.Next(stream); err != nil {
			continue // want `^the loop spins once stream has failed: every Recv after an error fails at once`
		}
	}
}

func timed[T any](receive func() (T, error)) (T, error) {
	start := time.Now()
	defer func() { log.Print(time.Since(start)) }()
	return receive()
}

func overTimed(stream pb.OrderService_WatchOrdersClient) {
	for {
		if _, err := timed(func() (*pb.OrderEvent, error) { return stream.Recv() }); err != nil {
			continue // want `spins once stream has failed`
		}
		if _, err := timed(stream.Recv); err != nil {
			continue // want `the loop spins once`
		}
	}
}

// Silent: it is opened anew, the field of an imported struct may be, or the
// helper does more than to receive.

func silentReopened(ctx context.Context, c pb.OrderServiceClient) {
	for {
		stream, err := feeds.Watch(ctx, c)
		if err != nil {
			return
		}
		if _, err := feeds.Next(stream); err != nil {
			continue
		}
	}
}

func silentImported(f *feeds.Feed) {
	for {
		if _, err := f.Next(); err != nil {
			continue
		}
		if _, err := f.NextOrAgain(); err != nil {
			continue
		}
	}
}

func ending[T any](receive func() (T, error)) (T, error) {
	m, err := receive()
	if err != nil {
		panic(err)
	}
	return m, err
}

func silentEnding(stream pb.OrderService_WatchOrdersClient) {
	for {
		if _, err := ending(stream.Recv); err != nil {
			continue
		}
	}
}
