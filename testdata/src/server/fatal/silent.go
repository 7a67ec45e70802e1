package fatal

import (
	"context"
	"log"
	"net"
	"os"

	"google.golang.org/grpc"

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

func (p *payments) ListPayments(ctx context.Context, req *paypb.ListPaymentsRequest) (*paypb.ListPaymentsResponse, error) {
	started.Do(func() { must(ctx.Err()) })
	return &paypb.ListPaymentsResponse{}, nil
}

var started once

type once struct{}

func (once) Do(f func()) { f() }

func notCalled(err error) { log.Fatal(err) }

func background() {
	go notCalled(nil)
}
