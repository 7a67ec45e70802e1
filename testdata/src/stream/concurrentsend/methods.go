package concurrentsend

import (
	"context"
	"sync"

	pb "example.com/testdata/stubs/orderpb"
)

// Client acknowledges what it receives, in a goroutine.
type Client struct {
	stream pb.OrderService_ChatClient
	cancel context.CancelFunc
}

func Dial(ctx context.Context, c pb.OrderServiceClient) (*Client, error) {
	ctx, cancel := context.WithCancel(ctx)
	stream, err := c.Chat(ctx)
	if err != nil {
		cancel()
		return nil, err
	}
	client := &Client{stream: stream, cancel: cancel}
	go client.receive() // related `the goroutine starts here`
	return client, nil
}

func (c *Client) Close() {
	c.stream.CloseSend() // want `^callers close c.stream while a goroutine sends on it: CloseSend is not safe beside Send \[stream/concurrent-send\]$`
	c.cancel()
}

func (c *Client) receive() {
	for {
		m, err := c.stream.Recv()
		if err != nil {
			return
		}
		c.acknowledge(m)
	}
}

func (c *Client) acknowledge(m *pb.ChatMessage) { c.stream.Send(m) } // related `the goroutine sends here`

// Say is called by whoever has the client.
func (c *Client) Say(m *pb.ChatMessage) error { return c.stream.Send(m) } // related `here too`

// Locked is careful.
type Locked struct {
	mu     sync.Mutex
	stream pb.OrderService_ChatClient
}

func DialLocked(stream pb.OrderService_ChatClient) *Locked {
	l := &Locked{stream: stream}
	go func() {
		for {
			if _, err := stream.Recv(); err != nil {
				return
			}
			l.Say(nil)
		}
	}()
	return l
}

func (l *Locked) Say(m *pb.ChatMessage) error {
	l.mu.Lock()
	defer l.mu.Unlock()
	return l.stream.Send(m)
}

// Queued is closed when its goroutine has ended.
type Queued struct {
	stream pb.OrderService_ChatClient
	out    chan *pb.ChatMessage
	done   chan bool
}

func DialQueued(stream pb.OrderService_ChatClient) *Queued {
	q := &Queued{stream: stream, out: make(chan *pb.ChatMessage), done: make(chan bool)}
	go q.run()
	return q
}

func (q *Queued) run() {
	defer close(q.done)
	for m := range q.out {
		q.stream.Send(m) // want `stream/ignored-send`
	}
}

func (q *Queued) Close() error {
	close(q.out)
	<-q.done
	return q.stream.CloseSend()
}

// Receiver only receives in its goroutine.
type Receiver struct {
	stream pb.OrderService_ChatClient
}

func DialReceiver(stream pb.OrderService_ChatClient) *Receiver {
	r := &Receiver{stream}
	go r.receive()
	return r
}

func (r *Receiver) receive() {
	for {
		if _, err := r.stream.Recv(); err != nil {
			return
		}
	}
}

func (r *Receiver) Say(m *pb.ChatMessage) error { return r.stream.Send(m) }

// Reopened has another stream now and then.
type Reopened struct {
	stream pb.OrderService_ChatClient
}

func DialReopened(stream pb.OrderService_ChatClient) *Reopened {
	r := &Reopened{stream}
	go r.receive()
	return r
}

func (r *Reopened) receive() {
	for {
		if _, err := r.stream.Recv(); err != nil {
			return
		}
		r.stream.Send(nil)
	}
}

func (r *Reopened) Reopen(stream pb.OrderService_ChatClient) { r.stream = stream }

func (r *Reopened) Say(m *pb.ChatMessage) error { return r.stream.Send(m) }

// Runner sends in its goroutine only.
type Runner struct {
	stream pb.OrderService_ChatClient
}

func DialRunner(stream pb.OrderService_ChatClient) *Runner {
	r := &Runner{stream}
	go r.Run()
	return r
}

func (r *Runner) Run() {
	r.stream.Send(nil)
	for {
		if _, err := r.stream.Recv(); err != nil {
			return
		}
		r.stream.Send(nil)
	}
}

// Unexported methods are called by who knows.
type inner struct {
	stream pb.OrderService_ChatClient
}

func dialInner(stream pb.OrderService_ChatClient) *inner {
	i := &inner{stream}
	go i.greet()
	return i
}

func (i *inner) greet() { i.stream.Send(nil) }

func (i *inner) say(m *pb.ChatMessage) error { return i.stream.Send(m) }

// shared is what two kinds of senders have in common, of which a stream has one.
type shared struct {
	stream pb.OrderService_ChatClient
}

// Direct sends when its callers do.
type Direct struct {
	*shared
	mu sync.Mutex
}

func (d *Direct) Say(m *pb.ChatMessage) error {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.stream.Send(m)
}

// Buffered sends in its goroutine.
type Buffered struct {
	*shared
	out chan *pb.ChatMessage
}

func (b *Buffered) Say(m *pb.ChatMessage) error {
	b.out <- m
	return nil
}

func (b *Buffered) run() {
	for m := range b.out {
		b.stream.Send(m) // want `stream/ignored-send`
	}
}

// DialEither makes one or the other.
func DialEither(stream pb.OrderService_ChatClient, direct bool) interface{ Say(*pb.ChatMessage) error } {
	s := &shared{stream: stream}
	if direct {
		return &Direct{shared: s}
	}
	b := &Buffered{shared: s, out: make(chan *pb.ChatMessage)}
	go b.run()
	return b
}
