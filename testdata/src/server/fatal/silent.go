package fatal

import (
	"bytes"
	"context"
	"crypto/rand"
	"errors"
	"hash"
	"log"
	"net"
	"os"
	"strings"
	"sync"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/peer"
	"google.golang.org/protobuf/proto"

	"example.com/testdata/server/fatal/store"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

// What follows is right, or not known to be wrong.

func serve(l net.Listener, o *orders) {
	s := grpc.NewServer(grpc.UnaryInterceptor(intercept))
	orderpb.RegisterOrderServiceServer(s, o)
	if err := s.Serve(l); err != nil {
		log.Fatal(err)
	}
}

func init() {
	if len(os.Args) > 1000 {
		log.Fatal("too many arguments")
	}
}

type payments struct {
	paypb.UnimplementedPaymentServiceServer
	store *store.Store
	fatal func(...any)
	log   *log.Logger
}

func (p *payments) Charge(ctx context.Context, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	name, err := p.store.Load(req.GetCard().GetNumber())
	if err != nil {
		log.Print(err)
		return nil, err
	}
	p.fatal(name)
	return &paypb.Payment{}, nil
}

// Refund is asked to stop the server, and does.
func (p *payments) Refund(ctx context.Context, req *paypb.RefundRequest) (*paypb.Payment, error) {
	os.Exit(0)
	return nil, ctx.Err()
}

// What runs once for all RPCs may well belong to the start.
func (p *payments) ListPayments(ctx context.Context, req *paypb.ListPaymentsRequest) (*paypb.ListPaymentsResponse, error) {
	started.Do(func() { must(ctx.Err()) })
	return &paypb.ListPaymentsResponse{}, nil
}

type assertions struct {
	orderpb.UnimplementedOrderServiceServer
	sum hash.Hash
}

// What cannot be otherwise is asserted.

func (a *assertions) CreateOrder(ctx context.Context, req *orderpb.CreateOrderRequest) (*orderpb.Order, error) {
	p, ok := peer.FromContext(ctx)
	if !ok {
		log.Fatal("no peer")
	}
	if _, ok := grpc.Method(ctx); !ok {
		log.Fatal("no method")
	}
	if _, ok := metadata.FromIncomingContext(ctx); !ok && p != nil {
		log.Fatal("no metadata")
	}
	m, ok := any(req).(proto.Message)
	if !ok {
		log.Fatalf("%v is no message", m)
	}
	return req.GetOrder(), nil
}

func (a *assertions) WatchOrders(_ *orderpb.WatchOrdersRequest, stream orderpb.OrderService_WatchOrdersServer) error {
	method, ok := grpc.MethodFromServerStream(stream)
	if !ok {
		log.Fatal("no method")
	}
	return errors.New(method)
}

func (a *assertions) GetOrder(ctx context.Context, req *orderpb.GetOrderRequest) (*orderpb.Order, error) {
	id := make([]byte, 8)
	if _, err := rand.Read(id); err != nil {
		log.Fatal(err)
	}
	if _, err := a.sum.Write(id); nil != err {
		log.Fatal(err)
	}
	var text bytes.Buffer
	if n, err := text.WriteString(req.GetName()); err == nil {
		log.Print(n)
	} else {
		log.Fatal(err)
	}
	var built strings.Builder
	if err := built.WriteByte('x'); err != nil {
		log.Fatal(err)
	}
	since, err := time.Parse(time.DateOnly, "2020-01-01")
	if err != nil {
		log.Fatal(err)
	}
	return &orderpb.Order{Name: since.String()}, nil
}

var started sync.Once

func notCalled(err error) { log.Fatal(err) }

func background() {
	go notCalled(nil)
}
