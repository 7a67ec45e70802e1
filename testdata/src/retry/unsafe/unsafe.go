// Package unsafe tries again what must not be done twice.
package unsafe

import (
	"context"
	"errors"
	"fmt"
	"strings"
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/metadata"
	"google.golang.org/grpc/status"

	"example.com/testdata/retry/unsafe/helper"
	pb "example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func wait(ctx context.Context) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(time.Second):
		return nil
	}
}

func loop(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge may be carried out twice: tried again after Unavailable, it may already have succeeded`
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func anyError(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) (err error) {
	for i := 0; i < 3; i++ {
		if _, err = c.Charge(ctx, req); err == nil { // want `twice: tried again after any error, also if only the reply was lost`
			return nil
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return err
}

func switched(ctx context.Context, c paypb.PaymentServiceClient, account string) error {
	for attempt := 1; ; attempt++ {
		_, err := c.Charge(ctx, &paypb.ChargeRequest{Account: account}) // want `after Unknown and Internal`
		switch status.Code(err) {
		case codes.Unknown, codes.Internal:
			if attempt == 5 {
				return err
			}
			time.Sleep(50 * time.Millisecond)
			continue
		}
		return err
	}
}

func jump(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	tries := 0
again:
	_, err := c.Charge(ctx, req) // want `twice`
	if status.Code(err) == codes.DeadlineExceeded && tries < 2 && ctx.Err() == nil {
		tries++
		goto again
	}
	return err
}

func recursive(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest, left int) error {
	_, err := c.Charge(ctx, req) // want `twice` `retry/no-backoff`
	if err != nil && status.Code(err) == codes.Unavailable && left > 0 {
		return recursive(ctx, c, req, left-1)
	}
	return err
}

var retryable = map[codes.Code]bool{codes.Unavailable: true, codes.Internal: true, codes.Aborted: false}

func table(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := c.Charge(ctx, req) // want `after Internal and Unavailable`
		st, ok := status.FromError(err)
		if err == nil || !ok || !retryable[st.Code()] {
			return err
		}
		if wait(ctx) != nil {
			return err
		}
	}
	return nil
}

func isTransient(err error) bool {
	if err == nil {
		return false
	}
	switch status.Code(err) {
	case codes.InvalidArgument, codes.NotFound, codes.AlreadyExists, codes.PermissionDenied, codes.Unauthenticated,
		codes.FailedPrecondition, codes.OutOfRange, codes.Unimplemented, codes.DataLoss, codes.Canceled:
		return false
	}
	return true
}

func denied(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		if _, err := c.Charge(ctx, req); !isTransient(err) { // want `after Unknown, DeadlineExceeded and 4 more codes`
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func elsewhere(ctx context.Context, c *helper.Client, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := c.Charge(ctx, req) // want `PaymentService.Charge \(Client.Charge\) may be carried out twice`
		if !helper.IsDown(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func built(ctx context.Context, c *helper.Client) error {
	for range 3 {
		err := c.ChargeAccount(ctx, "a") // want `twice`
		if !helper.IsDown(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func run(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return helper.Retry(ctx, func(ctx context.Context) error { // related `tried again by Retry`
		_, err := c.Charge(ctx, req) // want `twice: tried again by Retry after Unavailable`
		return err
	})
}

func retry(f func() error) (err error) {
	for range 3 {
		if err = f(); err == nil || status.Code(err) != codes.Unavailable {
			return err
		}
		time.Sleep(50 * time.Millisecond)
	}
	return err
}

type service struct {
	c   paypb.PaymentServiceClient
	req *paypb.ChargeRequest
}

func (s *service) charge() error {
	_, err := s.c.Charge(context.WithoutCancel(context.TODO()), s.req) // want `by retry after Unavailable`
	return err
}

func (s *service) run() error { return retry(s.charge) }

func upload(ctx context.Context, s *service) error {
	var err error
	for range 4 {
		if err = s.once(ctx); status.Code(err) != codes.Unavailable { // want `PaymentService.Charge \(once\) may be carried out twice`
			break
		}
		if wait(ctx) != nil {
			break
		}
	}
	return err
}

func (s *service) once(ctx context.Context) error {
	_, err := s.c.Charge(ctx, s.req)
	return err
}

// From here on: silence.

func read(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.GetPaymentRequest) error {
	for range 3 {
		_, err := c.GetPayment(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func declared(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.SetLimitRequest) error {
	for range 3 {
		_, err := c.SetLimit(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func intended(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		//grpclint:idempotent the bank knows the account's last charge
		_, err := c.Charge(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func token(ctx context.Context, c paypb.PaymentServiceClient, id string) error {
	req := &paypb.RefundRequest{RequestId: id}
	for range 3 {
		_, err := c.Refund(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func inMetadata(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest, id string) error {
	ctx = metadata.AppendToOutgoingContext(ctx, "Idempotency-Key", id)
	for range 3 {
		_, err := c.Charge(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func notBegun(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := c.Charge(ctx, req) // want `retry/code`
		if !helper.IsNew(status.Code(err)) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func forgiven(ctx context.Context, c *helper.Client, req *paypb.ChargeRequest) error {
	for range 3 {
		err := c.Forgive(ctx, req)
		if !helper.IsDown(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func items(ctx context.Context, c paypb.PaymentServiceClient, reqs []*paypb.ChargeRequest) error {
	for _, req := range reqs {
		if _, err := c.Charge(ctx, req); status.Code(err) == codes.Unavailable {
			continue
		} else if err == nil {
			return nil
		}
	}
	return nil
}

func accounts(ctx context.Context, c paypb.PaymentServiceClient, names []string) error {
	for _, name := range names {
		req := &paypb.ChargeRequest{Account: name}
		if _, err := c.Charge(ctx, req); err == nil {
			return nil // the first account that has enough
		}
	}
	return errors.New("nobody pays")
}

func servers(ctx context.Context, cs []paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for _, c := range cs {
		if _, err := c.Charge(ctx, req); status.Code(err) != codes.Unavailable {
			return err
		}
	}
	return errors.New("all are down")
}

type pool struct {
	c     paypb.PaymentServiceClient
	conns []*grpc.ClientConn
}

func (p *pool) next() {
	p.conns = append(p.conns[1:], p.conns[0])
	p.c = paypb.NewPaymentServiceClient(p.conns[0])
}

func (p *pool) failOver(ctx context.Context, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := p.c.Charge(ctx, req)
		if status.Code(err) != codes.Unavailable {
			return err
		}
		p.next()
	}
	return errors.New("all are down")
}

func worker(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) {
	for ctx.Err() == nil {
		if _, err := c.Charge(ctx, req); err != nil {
			fmt.Println("later:", err)
		}
		_ = wait(ctx)
	}
}

func poll(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) (*paypb.Payment, error) {
	for {
		payment, err := c.Charge(ctx, req)
		if err == nil && payment.GetName() != "" {
			return payment, nil
		}
		if err := wait(ctx); err != nil {
			return nil, err
		}
	}
}

func byText(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	for range 3 {
		_, err := c.Charge(ctx, req)
		if err == nil || !strings.Contains(err.Error(), "not sent") { // want `status/string-match`
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

// judge decides at run time.
type judge interface{ Again(error) bool }

func judged(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest, j judge) error {
	for range 3 {
		_, err := c.Charge(ctx, req)
		if !j.Again(err) {
			return err
		}
		if err := wait(ctx); err != nil {
			return err
		}
	}
	return nil
}

func single(ctx context.Context, c paypb.PaymentServiceClient, req *paypb.ChargeRequest) error {
	return helper.Once(ctx, func(ctx context.Context) error {
		_, err := c.Charge(ctx, req)
		return err
	})
}

func pages(ctx context.Context, c pb.OrderServiceClient) error {
	req := &pb.ListOrdersRequest{}
	for {
		reply, err := c.ListOrders(ctx, req)
		if err != nil {
			return err
		}
		if reply.GetNextPageToken() == "" {
			return nil
		}
		req.PageToken = reply.GetNextPageToken()
	}
}

// sequence puts a number of its own on every attempt.
func sequence(ctx context.Context, c paypb.PaymentServiceClient) error {
	for i := range 3 {
		_, err := c.Charge(ctx, &paypb.ChargeRequest{Account: fmt.Sprint("account-", i)})
		if status.Code(err) != codes.Unavailable {
			return err
		}
	}
	return nil
}

// operation is a charge, or a question.
type operation struct {
	req   *paypb.ChargeRequest
	write bool
}

func (o *operation) isWrite() bool { return o.write }

// guarded tries again only what does no harm.
func guarded(ctx context.Context, c paypb.PaymentServiceClient, o *operation) error {
	for range 3 {
		_, err := c.Charge(ctx, o.req)
		if status.Code(err) != codes.Unavailable || o.isWrite() {
			return err
		}
		if wait(ctx) != nil {
			return err
		}
	}
	return nil
}

// do asks for a connection of its own for each attempt.
func do(ctx context.Context, conns func() (*grpc.ClientConn, error), req *paypb.ChargeRequest) error {
	conn, err := conns()
	if err != nil {
		return err
	}
	_, err = paypb.NewPaymentServiceClient(conn).Charge(ctx, req)
	return err
}

func anyServer(ctx context.Context, conns func() (*grpc.ClientConn, error), req *paypb.ChargeRequest) (err error) {
	for range 5 {
		if err = do(ctx, conns, req); err == nil {
			return nil
		}
		if wait(ctx) != nil {
			return err
		}
	}
	return err
}

type target struct {
	remote bool
	addr   string
}

func doAt(ctx context.Context, t target, req *paypb.ChargeRequest, creds grpc.DialOption) error {
	addr := "unix:local"
	if t.remote {
		addr = t.addr
	}
	conn, err := grpc.NewClient(addr, creds)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = paypb.NewPaymentServiceClient(conn).Charge(ctx, req)
	return err
}

// thenRemote goes elsewhere in the second attempt.
func thenRemote(ctx context.Context, t target, req *paypb.ChargeRequest, creds grpc.DialOption) (err error) {
	for range 2 {
		if err = doAt(ctx, t, req, creds); err == nil {
			return nil
		}
		t.remote = true
	}
	return err
}
