package percall

import (
	"context"
	"net/http"
	"os"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

// settings are the same for all requests.
type settings struct {
	direct  bool
	mode    string
	enabled func() bool
}

func (s *settings) isDirect() bool { return s.direct }

type optional struct {
	settings settings
	shared   orderpb.OrderServiceClient
}

// byFlag dials only where that is switched on.
func (o *optional) byFlag(w http.ResponseWriter, r *http.Request) {
	client := o.shared
	if o.settings.direct {
		conn, err := grpc.NewClient("orders:7001", creds) // want info `^a request can open a new connection: \(\*optional\).byFlag → grpc.NewClient`
		if err != nil {
			return
		}
		defer conn.Close()
		client = orderpb.NewOrderServiceClient(conn)
		_, _ = client.GetOrder(r.Context(), nil)
	}
}

// byMethod asks a method, compares and looks at the environment.
func (o *optional) byMethod(w http.ResponseWriter, r *http.Request) {
	if !o.settings.isDirect() || o.settings.mode == "off" && os.Getenv("DIRECT") == "" {
		http.NotFound(w, r)
		return
	}
	direct(r.Context())
}

func direct(ctx context.Context) {
	conn, err := grpc.NewClient("orders:7001", creds) // want info `^a request can open a new connection: \(\*optional\).byMethod → direct → grpc.NewClient`
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, nil)
}

// byRequest dials if the request says so.
func byRequest(w http.ResponseWriter, r *http.Request) {
	if r.URL.Query().Has("fresh") {
		conn, err := grpc.NewClient("orders:7001", creds) // want `^a request can open a new connection: byRequest → grpc.NewClient`
		if err != nil {
			return
		}
		defer conn.Close()
		_, _ = orderpb.NewOrderServiceClient(conn).GetOrder(r.Context(), nil)
	}
	w.WriteHeader(http.StatusOK)
}

// sensible refuses what makes no sense, and has work to do for the rest.
func sensible(w http.ResponseWriter, r *http.Request) {
	if r.Method != http.MethodPost {
		return
	}
	for range 3 {
		w.Header().Add("X", "y")
	}
	conn, err := grpc.NewClient("orders:7001", creds) // want `^every request opens a new connection: sensible → grpc.NewClient`
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = orderpb.NewOrderServiceClient(conn).GetOrder(r.Context(), nil)
}

// pods are looked up when they are needed.
type pod struct{ address string }

type cluster interface {
	List(ctx context.Context, label string) ([]pod, error)
	Cached() []pod
}

type fanOut struct{ cluster cluster }

// perPod asks each pod.
func (f *fanOut) perPod(w http.ResponseWriter, r *http.Request) {
	pods, err := f.cluster.List(r.Context(), "app=orders")
	if err != nil {
		return
	}
	for _, p := range pods {
		conn, err := grpc.NewClient(p.address+":7001", creds) // want info `every request opens a new connection to a target of its own: \(\*fanOut\).perPod → grpc.NewClient`
		if err != nil {
			return
		}
		_, _ = orderpb.NewOrderServiceClient(conn).GetOrder(r.Context(), nil)
		conn.Close()
	}
}

// firstPod asks one of those that are known.
func (f *fanOut) firstPod(w http.ResponseWriter, r *http.Request) {
	conn, err := grpc.NewClient(f.cluster.Cached()[0].address, creds) // want info `every request opens a new connection to a target of its own: \(\*fanOut\).firstPod`
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = orderpb.NewOrderServiceClient(conn).GetOrder(r.Context(), nil)
}

// leader asks who leads, and then the leader.
func (f *fanOut) leader(w http.ResponseWriter, r *http.Request) {
	leader, err := find(r.Context())
	if err != nil {
		return
	}
	conn, err := grpc.NewClient(leader, creds) // want info `every request opens a new connection to a target of its own: \(\*fanOut\).leader`
	if err != nil {
		return
	}
	defer conn.Close()
	_, _ = orderpb.NewOrderServiceClient(conn).GetOrder(r.Context(), nil)
}

var find func(context.Context) (string, error)

var _ = []any{(*optional).byFlag, (*optional).byMethod, byRequest, sensible, (*fanOut).perPod, (*fanOut).firstPod, (*fanOut).leader}
