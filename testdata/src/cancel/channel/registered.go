package channel

import (
	"context"
	"sync"

	"example.com/testdata/cancel/channel/helper"
	pb "example.com/testdata/stubs/orderpb"
)

type follower struct {
	stream pb.OrderService_WatchOrdersServer
	done   chan struct{}
	failed chan error
}

func newFollower(stream pb.OrderService_WatchOrdersServer) *follower {
	return &follower{stream: stream, done: make(chan struct{}), failed: make(chan error)}
}

func (f *follower) send(e *pb.OrderEvent) {
	if err := f.stream.Send(e); err != nil {
		f.failed <- err
	}
}

type hub struct {
	pb.UnimplementedOrderServiceServer
	mu        sync.Mutex
	followers map[*follower]bool
	list      []*follower
	subs      map[string]chan *pb.OrderEvent
	all       []chan *pb.OrderEvent
	queue     chan *pb.Order
	quit      chan struct{}
}

// Others have the stream, and nobody looks at whether it has ended.
func (h *hub) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	if r.GetCustomer() == "" {
		f := &follower{stream: stream, done: make(chan struct{})}
		h.followers[f] = true
		<-f.done // want `^WatchOrders waits on when its client has gone: nothing but the channel ends the wait, not the context`
	}
	f := newFollower(stream)
	h.list = append(h.list, f)
	return <-f.failed // want `WatchOrders waits on`
}

// A channel of one's own that others know.
func (h *hub) Chat(stream pb.OrderService_ChatServer) error {
	events := make(chan *pb.OrderEvent, 10)
	h.mu.Lock()
	h.subs["all"] = events
	h.mu.Unlock()
	defer func() {
		h.mu.Lock()
		delete(h.subs, "all")
		h.mu.Unlock()
	}()
	for e := range events { // want `Chat waits on when its client has gone`
		if err := stream.Send(&pb.ChatMessage{Text: e.GetOrder().GetName()}); err != nil {
			return err
		}
	}
	return nil
}

func (h *hub) UploadOrders(stream pb.OrderService_UploadOrdersServer) error {
	events := make(chan *pb.OrderEvent)
	h.all = append(h.all, events)
	for {
		select { // want `UploadOrders waits on`
		case <-events:
		case <-h.quit:
			return nil
		}
	}
}

// Looking once is not enough.
func (h *hub) CreateOrder(ctx context.Context, r *pb.CreateOrderRequest) (*pb.Order, error) {
	if r.GetRequestId() == "" {
		return &pb.Order{}, nil
	}
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	default:
		h.queue <- r.GetOrder() // want `CreateOrder waits on when its client has gone`
	}
	return r.GetOrder(), nil
}

// A context of the handler's own, in a struct.
type session2 struct {
	ctx    context.Context
	cancel context.CancelFunc
	stream pb.OrderService_WatchOrdersServer
}

type ownSessions struct {
	pb.UnimplementedOrderServiceServer
	add  func(*session2)
	quit chan struct{}
}

func newSession(stream pb.OrderService_WatchOrdersServer) *session2 {
	ctx, cancel := context.WithCancel(context.Background())
	return &session2{ctx: ctx, cancel: cancel, stream: stream}
}

func (s *session2) send(e *pb.OrderEvent) {
	if s.stream.Send(e) != nil {
		s.cancel()
	}
}

func (o *ownSessions) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	s := newSession(stream)
	o.add(s)
	select { // want `WatchOrders waits on when its client has gone: it waits for a context of its own, and never looks at that of the RPC`
	case <-s.ctx.Done():
	case <-o.quit:
	}
	return nil
}

// Silent: somebody may learn of the end.

type peer struct {
	stream pb.OrderService_ChatServer
	done   chan struct{}
}

func (p *peer) read() {
	defer close(p.done)
	for {
		if _, err := p.stream.Recv(); err != nil {
			return
		}
	}
}

type peers struct {
	pb.UnimplementedOrderServiceServer
	all   map[*peer]bool
	subs  map[string]subscription
	queue chan *pb.Order
	given map[string]chan *pb.OrderEvent
}

func (p *peers) Chat(stream pb.OrderService_ChatServer) error {
	one := &peer{stream: stream, done: make(chan struct{})}
	p.all[one] = true
	go one.read()
	<-one.done
	return nil
}

// known has the context beside the channel.
type subscription struct {
	ctx    context.Context
	events chan *pb.OrderEvent
}

func (p *peers) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	events := make(chan *pb.OrderEvent)
	p.subs["all"] = subscription{stream.Context(), events}
	for e := range events {
		if err := stream.Send(e); err != nil {
			return err
		}
	}
	return nil
}

// Only once, and what is asked for comes.
func (p *peers) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	reply := make(chan *pb.OrderEvent)
	p.given[r.GetName()] = reply
	return &pb.Order{Name: (<-reply).GetOrder().GetName()}, nil
}

func (p *peers) UpdateOrder(ctx context.Context, r *pb.UpdateOrderRequest) (*pb.Order, error) {
	select {
	case <-ctx.Done():
		return nil, ctx.Err()
	case p.queue <- r.GetOrder():
	}
	p.queue <- r.GetOrder()
	return r.GetOrder(), nil
}

// With what the stream's end reaches.
type watched struct {
	pb.UnimplementedOrderServiceServer
	broker *helper.Broker
	subs   map[string]chan *pb.OrderEvent
}

func (w *watched) WatchOrders(r *pb.WatchOrdersRequest, stream pb.OrderService_WatchOrdersServer) error {
	events := make(chan *pb.OrderEvent)
	w.subs["all"] = events
	defer context.AfterFunc(stream.Context(), func() { close(events) })()
	for e := range events {
		if err := stream.Send(e); err != nil {
			return err
		}
	}
	return nil
}
