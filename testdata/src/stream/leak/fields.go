package leak

import (
	"context"

	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

// session is closed on one side only.
type session struct {
	stream pb.OrderService_ChatClient
}

func newSession(c pb.OrderServiceClient) (*session, error) {
	stream, err := c.Chat(context.Background()) // want `^the stream of Chat and its goroutine leak: CloseSend in close does not end it, nor does context.Background\(\) \[stream/leak\]$`
	if err != nil {
		return nil, err
	}
	return &session{stream: stream}, nil // related `kept here`
}

func (s *session) close() error { return s.stream.CloseSend() } // related `closes one side only`

// cancelled is kept with what ends it.
type cancelled struct {
	stream pb.OrderService_ChatClient
	cancel context.CancelFunc
}

func newCancelled(c pb.OrderServiceClient) (*cancelled, error) {
	ctx, cancel := context.WithCancel(context.Background())
	stream, err := c.Chat(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	return &cancelled{stream, cancel}, nil
}

func (s *cancelled) close() error {
	s.cancel()
	return s.stream.CloseSend()
}

// drained is read to its end.
type drained struct {
	stream pb.OrderService_ChatClient
}

func newDrained(c pb.OrderServiceClient) (*drained, error) {
	stream, err := c.Chat(context.Background())
	if err != nil {
		return nil, err
	}
	return &drained{stream}, nil
}

func (s *drained) next() (*pb.ChatMessage, error) { return s.stream.Recv() }

func (s *drained) close() error { return s.stream.CloseSend() }

// lasting lives as long as the process.
type lasting struct {
	stream pb.OrderService_ChatClient
}

func newLasting(c pb.OrderServiceClient) (*lasting, error) {
	stream, err := c.Chat(context.Background())
	if err != nil {
		return nil, err
	}
	return &lasting{stream}, nil
}

// dialled ends with its connection.
type dialled struct {
	conn   *grpc.ClientConn
	stream pb.OrderService_ChatClient
}

func newDialled(conn *grpc.ClientConn) (*dialled, error) {
	stream, err := pb.NewOrderServiceClient(conn).Chat(context.Background())
	if err != nil {
		return nil, err
	}
	return &dialled{conn, stream}, nil
}

func (d *dialled) close() error {
	d.stream.CloseSend()
	return d.conn.Close()
}

// lending gives the stream away.
type lending struct {
	stream pb.OrderService_ChatClient
}

func newLending(c pb.OrderServiceClient) (*lending, error) {
	stream, err := c.Chat(context.Background())
	if err != nil {
		return nil, err
	}
	return &lending{stream}, nil
}

func (l *lending) raw() pb.OrderService_ChatClient { return l.stream }

func (l *lending) close() error { return l.stream.CloseSend() }
