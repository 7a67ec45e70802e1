package concurrentsend

import (
	"context"
	"io"
	"net/http"
	"sync"

	"google.golang.org/grpc"

	pb "example.com/testdata/stubs/orderpb"
)

// room sends what one says to all.
type room struct {
	pb.UnimplementedOrderServiceServer
	mu      sync.RWMutex
	streams map[string]pb.OrderService_ChatServer
}

func (r *room) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	r.mu.Lock()
	r.streams["a"] = stream
	r.mu.Unlock()
	for {
		m, err := stream.Recv()
		if err == io.EOF {
			return nil
		}
		if err != nil {
			return err
		}
		r.broadcast(m)
	}
}

// Who reads together sends together.
func (r *room) broadcast(m *pb.ChatMessage) {
	r.mu.RLock()
	defer r.mu.RUnlock()
	for _, stream := range r.streams {
		stream.Send(m) // want `^handlers of two requests send on stream at the same time: Send is not safe for that \[stream/concurrent-send\]$`
	}
}

// agents are asked by unary calls.
type agents struct {
	pb.UnimplementedOrderServiceServer
	one    pb.OrderService_ChatServer
	byName map[string]*agent
}

type agent struct {
	mu     sync.Mutex
	stream pb.OrderService_ChatServer
}

func (a *agents) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
	if err := a.one.Send(nil); err != nil { // want `handlers of two requests send on a.one at the same time`
		return nil, err
	}
	if err := a.byName[r.GetName()].stream.Send(nil); err != nil { // want `handlers of two requests send on .* at the same time`
		return nil, err
	}
	return new(pb.Order), nil
}

// bridge is called over HTTP.
type bridge struct {
	stream pb.OrderService_ChatClient
}

func (b *bridge) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	if err := b.stream.Send(nil); err != nil { // want `handlers of two requests send on b.stream at the same time`
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

type writerFunc func([]byte) (int, error)

func (f writerFunc) Write(p []byte) (int, error) { return f(p) }

func (b *bridge) upload(w http.ResponseWriter, r *http.Request) {
	io.Copy(writerFunc(func(p []byte) (int, error) {
		return len(p), b.stream.Send(nil) // want `handlers of two requests send on b.stream at the same time`
	}), r.Body)
}

func register(mux *http.ServeMux, b *bridge, stream pb.OrderService_ChatClient) {
	mux.HandleFunc("/upload", b.upload)
	mux.HandleFunc("/say", func(w http.ResponseWriter, r *http.Request) {
		stream.Send(nil) // want `handlers of two requests send on stream at the same time`
	})
}

// Silent.

type quietRoom struct {
	pb.UnimplementedOrderServiceServer
	mu      sync.Mutex
	streams map[string]pb.OrderService_ChatServer
	agents  map[string]*agent
	own     map[string]pb.OrderService_ChatServer
}

func (r *quietRoom) Chat(stream grpc.BidiStreamingServer[pb.ChatMessage, pb.ChatMessage]) error {
	r.own["me"] = stream
	if err := r.own["me"].Send(nil); err != nil {
		return err
	}
	r.broadcast(nil)
	return stream.Send(nil)
}

func (r *quietRoom) broadcast(m *pb.ChatMessage) {
	r.mu.Lock()
	defer r.mu.Unlock()
	for _, stream := range r.streams {
		stream.Send(m)
	}
}

func (r *quietRoom) GetOrder(ctx context.Context, q *pb.GetOrderRequest) (*pb.Order, error) {
	for _, a := range r.agents {
		a.say(nil)
	}
	r.broadcast(nil)
	return new(pb.Order), nil
}

func (a *agent) say(m *pb.ChatMessage) error {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.stream.Send(m)
}

// call is made for one request.
type call struct {
	stream pb.OrderService_ChatClient
}

func (c *call) serve(w http.ResponseWriter, r *http.Request) { c.stream.Send(nil) }

func proxy(c pb.OrderServiceClient) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		stream, err := c.Chat(r.Context())
		if err != nil {
			return
		}
		stream.Send(nil)
		(&call{stream}).serve(w, r)
		stream.Recv()
	}
}

func nested(c pb.OrderServiceClient) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		stream, err := c.Chat(r.Context())
		if err != nil {
			return
		}
		http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			stream.Send(nil)
		}).ServeHTTP(w, r)
		stream.Recv()
	}
}
