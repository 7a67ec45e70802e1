// Package percall holds connections that are opened again and again, and
// some that are not.
package percall

import (
	"context"
	"fmt"
	"net/http"
	"os"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"
	"golang.org/x/sync/singleflight"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/health/grpc_health_v1"
	"google.golang.org/grpc/metadata"
	"google.golang.org/protobuf/types/known/emptypb"

	"example.com/testdata/conn/percall/call"
	"example.com/testdata/conn/percall/open"
	"example.com/testdata/stubs/grpc12pb"
	"example.com/testdata/stubs/orderpb"
)

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

type server struct {
	orderpb.UnimplementedOrderServiceServer
	addr  string
	conn  *grpc.ClientConn
	conns sync.Map
	mu    sync.Mutex
	pool  map[string]*grpc.ClientConn
	once  sync.Once
	token string
	group singleflight.Group
	calls call.Orders
}

// Bad.

// GetOrder dials in the handler.
func (s *server) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) { // related `gRPC handler \(\*server\).GetOrder`
	conn, err := grpc.NewClient(s.addr, creds) // want `every request opens a new connection: \(\*server\).GetOrder → grpc.NewClient \[conn/per-call\]`
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return orderpb.NewOrderServiceClient(conn).GetOrder(ctx, req)
}

// ListOrders forgets to close as well: still one finding.
func (s *server) ListOrders(ctx context.Context, req *orderpb.ListOrdersRequest) (*orderpb.ListOrdersResponse, error) {
	conn, err := grpc.NewClient(os.Getenv("ORDERS"), creds) // want `every request opens a new connection: \(\*server\).ListOrders → grpc.NewClient`
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn).ListOrders(ctx, req)
}

// CreateOrder dials two calls away.
func (s *server) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	if err := s.audit(ctx, req.GetRequestId()); err != nil {
		return nil, err
	}
	return req.GetOrder(), nil
}

func (s *server) audit(ctx context.Context, id string) error { return s.write(ctx, "created "+id) }

func (s *server) write(ctx context.Context, name string) error {
	conn, err := open.Conn(s.addr) // want `every request opens a new connection: \(\*server\).CreateOrder → … → \(\*server\).write → open.Conn → grpc.NewClient`
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
	return err
}

// UpdateOrder dials in another package, two calls away.
func (s *server) UpdateOrder(ctx context.Context, req *orderpb.UpdateOrderRequest) (*orderpb.Order, error) {
	return call.Get(ctx, s.addr, req.GetOrder().GetName()) // want `every request opens a new connection: \(\*server\).UpdateOrder → call.Get → call.get → open.Conn`
}

// WatchOrders is a stream's handler.
func (s *server) WatchOrders(req *orderpb.WatchOrdersRequest, stream grpc.ServerStreamingServer[orderpb.OrderEvent]) error {
	client, err := open.Orders(s.addr) // want `every request opens a new connection: \(\*server\).WatchOrders → open.Orders → open.Conn → grpc.NewClient`
	if err != nil {
		return err
	}
	_, err = client.GetOrder(stream.Context(), &orderpb.GetOrderRequest{})
	return err
}

func (s *server) handle(w http.ResponseWriter, r *http.Request) { // related `HTTP handler \(\*server\).handle`
	conn, err := s.dial() // want `every request opens a new connection: \(\*server\).handle → \(\*server\).dial → open.Conn → grpc.NewClient`
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer conn.Close()
	if _, err := orderpb.NewOrderServiceClient(conn).GetOrder(r.Context(), &orderpb.GetOrderRequest{Name: r.PathValue("name")}); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

func (s *server) dial() (*grpc.ClientConn, error) {
	return open.Conn(fmt.Sprintf("%s:%d", s.addr, 7001))
}

// literal makes a handler, which has the address from outside.
func literal(addr string) http.HandlerFunc {
	return func(w http.ResponseWriter, r *http.Request) {
		if err := remember(r.Context(), addr); err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
		}
	}
}

func remember(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds) // want `every request opens a new connection: literal → remember → grpc.NewClient`
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close() }()
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
	return err
}

func intercept(ctx context.Context, req any, _ *grpc.UnaryServerInfo, next grpc.UnaryHandler) (any, error) { // related `interceptor intercept`
	conn, err := grpc.NewClient("auth:7001", creds) // want `every RPC opens a new connection: intercept → grpc.NewClient`
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	if _, err := orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{}); err != nil {
		return nil, err
	}
	return next(ctx, req)
}

// parallel dials in a goroutine of the handler.
func (s *server) parallel(w http.ResponseWriter, r *http.Request) {
	g, ctx := errgroup.WithContext(r.Context())
	g.Go(func() error {
		conn, err := grpc.NewClient(s.addr, creds) // want `every request opens a new connection: \(\*server\).parallel → grpc.NewClient`
		if err != nil {
			return err
		}
		defer conn.Close()
		_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
		return err
	})
	if err := g.Wait(); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

// throughInterface calls the one implementation that there is.
func (s *server) throughInterface(w http.ResponseWriter, r *http.Request) {
	if _, err := s.calls.Get(r.Context(), "orders/1"); err != nil { // want `every request opens a new connection: \(\*server\).throughInterface → \(\*orders\).Get → call.get → open.Conn`
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

// older is a handler of old generated code.
type older struct {
	grpc12pb.UnimplementedGrpc12ServiceServer
}

func (o *older) Get(ctx context.Context, req *grpc12pb.GetRequest) (*grpc12pb.Item, error) {
	conn, err := grpc.NewClient("items:7001", creds) // want `every request opens a new connection: \(\*older\).Get → grpc.NewClient`
	if err != nil {
		return nil, err
	}
	defer conn.Close()
	return grpc12pb.NewGrpc12ServiceClient(conn).Get(ctx, req)
}

// registry is asked for something that does not decide whether to dial.
type registry struct{ names map[string]bool }

func (r *registry) upgrade(name string) error { return nil }

func (r *registry) Add(name string) { r.names[name] = true }

var names registry

func connected(w http.ResponseWriter, r *http.Request) {
	if err := names.upgrade(r.PathValue("name")); err != nil {
		return
	}
	names.Add(r.PathValue("name"))
	conn, err := grpc.NewClient("orders:7001", creds) // want `every request opens a new connection: connected → grpc.NewClient`
	if err != nil {
		return
	}
	defer func(conn *grpc.ClientConn) { _ = conn.Close() }(conn)
	_, _ = orderpb.NewOrderServiceClient(conn).GetOrder(r.Context(), &orderpb.GetOrderRequest{})
}

// poll dials in every turn of an endless loop.
func poll(ctx context.Context, addr string, each func(*orderpb.Order)) {
	for range time.Tick(time.Minute) { // related `the loop`
		conn, err := grpc.NewClient(addr, creds) // want `every turn of the loop opens a new connection to the same target: poll → grpc.NewClient`
		if err != nil {
			continue
		}
		order, err := orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
		if err == nil {
			each(order)
		}
		conn.Close()
	}
}

// each dials for every item, in a helper.
func each(ctx context.Context, addr string, names []string) error {
	for _, name := range names {
		if err := one(ctx, addr, name); err != nil {
			return err
		}
	}
	return nil
}

func one(ctx context.Context, addr, name string) error {
	conn, err := open.Conn(addr) // want `every turn of the loop opens a new connection to the same target: each → one → open.Conn → grpc.NewClient`
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
	return err
}

// eachElsewhere dials for every item, in another package.
func eachElsewhere(ctx context.Context, addr string, names []string) error {
	for _, name := range names {
		if _, err := call.Get(ctx, addr, name); err != nil { // want `every turn of the loop opens a new connection to the same target: eachElsewhere → call.Get → call.get → open.Conn`
			return err
		}
	}
	return nil
}

// proxy connects to what the request names: information only.
func proxy(w http.ResponseWriter, r *http.Request) {
	conn, err := grpc.NewClient(r.Header.Get("X-Backend"), creds) // want info `every request opens a new connection to a target of its own: proxy → grpc.NewClient`
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer conn.Close()
	if _, err := orderpb.NewOrderServiceClient(conn).GetOrder(r.Context(), &orderpb.GetOrderRequest{}); err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
	}
}

// DeleteOrder gets the target from its request, and passes it on.
func (s *server) DeleteOrder(ctx context.Context, req *orderpb.DeleteOrderRequest) (*emptypb.Empty, error) {
	return nil, byTarget(ctx, "dns:///"+req.GetName())
}

func byTarget(ctx context.Context, addr string) error {
	conn, err := grpc.NewClient(addr, creds) // want info `every request opens a new connection to a target of its own: \(\*server\).DeleteOrder → byTarget`
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
	return err
}

// viaMetadata gets the target from the metadata.
func (s *server) viaMetadata(ctx context.Context, r *http.Request) error {
	md, _ := metadata.FromIncomingContext(ctx)
	targets := md.Get("backend-target")
	if len(targets) == 0 {
		return nil
	}
	return byTarget(ctx, targets[0])
}

// Silent.

// kept makes the connection when it is needed first, and keeps it.
func (s *server) kept(w http.ResponseWriter, r *http.Request) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if s.conn == nil {
		conn, err := grpc.NewClient(s.addr, creds)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadGateway)
			return
		}
		s.conn = conn
	}
	s.get(r.Context(), s.conn)
}

func (s *server) get(ctx context.Context, conn *grpc.ClientConn) {
	_, _ = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
}

// perTarget keeps a connection for each target.
func (s *server) perTarget(w http.ResponseWriter, r *http.Request) {
	conn, err := s.connTo(r.Header.Get("X-Backend"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	s.get(r.Context(), conn)
}

func (s *server) connTo(target string) (*grpc.ClientConn, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	if conn, ok := s.pool[target]; ok {
		return conn, nil
	}
	conn, err := grpc.NewClient(target, creds)
	if err != nil {
		return nil, err
	}
	s.pool[target] = conn
	return conn, nil
}

// raced closes the connection only if another request was faster.
func (s *server) raced(w http.ResponseWriter, r *http.Request) {
	target := r.Header.Get("X-Backend")
	conn, err := grpc.NewClient(target, creds)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	if other, loaded := s.conns.LoadOrStore(target, conn); loaded {
		conn.Close()
		conn = other.(*grpc.ClientConn)
	}
	s.get(r.Context(), conn)
}

// onceOnly dials in a sync.Once.
func (s *server) onceOnly(w http.ResponseWriter, r *http.Request) {
	s.once.Do(func() {
		conn, err := grpc.NewClient(s.addr, creds)
		if err == nil {
			s.conn = conn
		}
	})
	s.get(r.Context(), s.conn)
}

// flight shares the work among requests.
func (s *server) flight(w http.ResponseWriter, r *http.Request) {
	_, _, _ = s.group.Do("get", func() (any, error) {
		conn, err := grpc.NewClient(s.addr, creds)
		if err != nil {
			return nil, err
		}
		defer conn.Close()
		return orderpb.NewOrderServiceClient(conn).GetOrder(r.Context(), &orderpb.GetOrderRequest{})
	})
}

// shared gets the connection of the package.
func shared(w http.ResponseWriter, r *http.Request) {
	conn, err := open.Shared("orders:7001")
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	_, _ = orderpb.NewOrderServiceClient(conn).GetOrder(r.Context(), &orderpb.GetOrderRequest{})
}

// login keeps what the RPC returned: the next request does not dial.
func (s *server) login(w http.ResponseWriter, r *http.Request) {
	if s.token == "" {
		s.token = s.fetchToken(r.Context())
	}
	fmt.Fprint(w, s.token)
}

func (s *server) fetchToken(ctx context.Context) string {
	conn, err := grpc.NewClient(s.addr, creds)
	if err != nil {
		return ""
	}
	defer conn.Close()
	order, _ := orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{}) // want `status/swallowed`
	return order.GetName()
}

// tokens keeps what the RPC returned in a cache with methods.
type tokens struct{ m sync.Map }

func (t *tokens) Get(key string) (string, bool) {
	v, ok := t.m.Load(key)
	token, _ := v.(string)
	return token, ok
}

func (t *tokens) Put(key, token string) { t.m.Store(key, token) }

var cache tokens

func (s *server) cached(w http.ResponseWriter, r *http.Request) {
	token, ok := cache.Get("x")
	if !ok {
		token = s.fetchToken(r.Context())
		cache.Put("x", token)
	}
	fmt.Fprint(w, token)
}

// probes only look whether the server is there.
func (s *server) status(w http.ResponseWriter, r *http.Request) {
	conn, err := grpc.NewClient(s.addr, creds)
	if err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
		return
	}
	defer conn.Close()
	if _, err := grpc_health_v1.NewHealthClient(conn).Check(r.Context(), &grpc_health_v1.HealthCheckRequest{}); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

func (s *server) statusElsewhere(w http.ResponseWriter, r *http.Request) {
	if !call.Serving(r.Context(), s.addr) {
		http.Error(w, "not serving", http.StatusServiceUnavailable)
	}
}

func (s *server) readyz(w http.ResponseWriter, r *http.Request) {
	if _, err := call.Get(r.Context(), s.addr, "orders/probe"); err != nil {
		http.Error(w, err.Error(), http.StatusServiceUnavailable)
	}
}

// constructor is called at start, by whoever makes a server.
func constructor(addr string) (*server, error) {
	conn, err := open.Conn(addr)
	if err != nil {
		return nil, err
	}
	return &server{conn: conn}, nil
}

// targets dials another target in every turn.
func targets(ctx context.Context, addrs []string) error {
	for _, addr := range addrs {
		if err := one(ctx, addr, "orders/1"); err != nil {
			return err
		}
	}
	for _, addr := range addrs {
		conn, err := grpc.NewClient(addr, creds)
		if err != nil {
			return err
		}
		_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{})
		conn.Close()
		if err != nil {
			return err
		}
	}
	return nil
}

// tries ends with the first success.
func tries(ctx context.Context, addr string) (*orderpb.Order, error) {
	for range 5 {
		conn, err := grpc.NewClient(addr, creds)
		if err != nil {
			return nil, err
		}
		order, err := orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{}) // want info `retry/any-error`
		conn.Close()
		if err == nil {
			return order, nil
		}
		time.Sleep(time.Second) // want `retry/deaf-sleep`
	}
	return nil, context.DeadlineExceeded
}

// reconnect opens the next connection when a stream breaks.
func reconnect(ctx context.Context, addr string, each func(*orderpb.OrderEvent)) {
	for ctx.Err() == nil {
		_ = call.Follow(ctx, addr, each)
		time.Sleep(time.Second)
	}
	for ctx.Err() == nil {
		conn, err := grpc.NewClient(addr, creds)
		if err != nil {
			return
		}
		if stream, err := orderpb.NewOrderServiceClient(conn).WatchOrders(ctx, &orderpb.WatchOrdersRequest{}); err == nil {
			event, _ := stream.Recv()
			each(event)
		}
		conn.Close()
	}
}

// agent works on one connection until it breaks.
func agent(ctx context.Context, addr string) {
	for ctx.Err() == nil {
		heartbeats(ctx, addr)
	}
}

func heartbeats(ctx context.Context, addr string) {
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return
	}
	defer conn.Close()
	orders := orderpb.NewOrderServiceClient(conn)
	for {
		if _, err := orders.GetOrder(ctx, &orderpb.GetOrderRequest{}); err != nil {
			return
		}
		time.Sleep(time.Second)
	}
}

// fill makes a pool.
func fill(addr string, n int) ([]*grpc.ClientConn, error) {
	var pool []*grpc.ClientConn
	for range n {
		conn, err := grpc.NewClient(addr, creds)
		if err != nil {
			return nil, err
		}
		pool = append(pool, conn)
	}
	return pool, nil
}

// workers have a connection each.
func workers(ctx context.Context, addr string, n int) {
	for range n {
		go func() { _ = one(ctx, addr, "orders/1") }()
	}
}

//grpclint:ignore conn/per-call called twice a day
func (s *server) suppressed(w http.ResponseWriter, r *http.Request) {
	conn, err := grpc.NewClient(s.addr, creds)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer conn.Close()
	s.get(r.Context(), conn)
}
