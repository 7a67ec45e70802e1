package precondition

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/status/precondition/answer"
	pb "example.com/testdata/stubs/orderpb"
)

type helped struct {
	pb.UnimplementedOrderServiceServer
	orders map[string]*pb.Order
}

var errEtag = errors.New("etag differs")

func checkIfMatch(want, have string) error {
	if want != "" && want != have {
		return errEtag
	}
	return nil
}

func differs(a, b *pb.Order) bool { return a.GetEtag() != b.GetEtag() }

// Bad.

func (h *helped) UpdateOrder(ctx context.Context, req *pb.UpdateOrderRequest) (*pb.Order, error) {
	stored := h.orders[req.GetOrder().GetName()]
	if err := checkIfMatch(req.GetOrder().GetEtag(), stored.GetEtag()); err != nil {
		return nil, answer.FailedPrecondition(ctx, err, "stale") // want `clients do not read again and retry: a stale etag is answered with FailedPrecondition instead of Aborted`
	}
	if stored.GetState() != pb.Order_STATE_OPEN {
		return nil, answer.Aborted(ctx, nil, "not open") // want `clients retry in vain: a resource in the wrong state is answered with Aborted`
	}
	return stored, nil
}

func (h *helped) replace(ctx context.Context, old, current *pb.Order) error {
	if differs(old, current) {
		return status.Error(codes.FailedPrecondition, "stale") // want `a stale etag is answered with FailedPrecondition`
	}
	return nil
}

func (h *helped) turned(old, current *pb.Order) error {
	if old.Etag == current.Etag {
		return nil
	}
	return status.Error(codes.FailedPrecondition, "stale") // want `a stale etag is answered with FailedPrecondition`
}

func (h *helped) withCode(old, current *pb.Order) error {
	if differs(old, current) {
		return answer.With(codes.FailedPrecondition, "stale") // want `a stale etag is answered with FailedPrecondition`
	}
	return nil
}

func (h *helped) prepared(old, current *pb.Order) error {
	stale := status.Error(codes.FailedPrecondition, "stale") // want `a stale etag is answered with FailedPrecondition`
	etagOf := func(o *pb.Order) string { return o.GetEtag() }
	if etagOf(old) != etagOf(current) {
		return stale
	}
	return nil
}

// Silent.

func (h *helped) customers(old, current *pb.Order) error {
	differs := status.Error(codes.FailedPrecondition, "another customer")
	customerOf := func(o *pb.Order) string { return o.GetCustomer() }
	if customerOf(old) != customerOf(current) {
		return differs
	}
	return nil
}

func (h *helped) withAborted(old, current *pb.Order) error {
	if differs(old, current) {
		return answer.With(codes.Aborted, "stale")
	}
	return nil
}

func checkAll(want, have string, state pb.Order_State) error {
	if want != have {
		return errEtag
	}
	if state != pb.Order_STATE_OPEN {
		return errors.New("not open")
	}
	return nil
}

func (h *helped) several(ctx context.Context, req *pb.UpdateOrderRequest) error {
	stored := h.orders[req.GetOrder().GetName()]
	if err := checkAll(req.GetOrder().GetEtag(), stored.GetEtag(), stored.GetState()); err != nil {
		return answer.FailedPrecondition(ctx, err, "stale, or not open")
	}
	if err := checkIfMatch(req.GetOrder().GetEtag(), stored.GetEtag()); err != nil {
		return answer.Aborted(ctx, err, "stale")
	}
	if err := checkIfMatch(req.GetOrder().GetCustomer(), stored.GetCustomer()); err != nil {
		return answer.FailedPrecondition(ctx, err, "another customer")
	}
	if differs(req.GetOrder(), stored) {
		return answer.Either(true)
	}
	if req.GetOrder().GetEtag() == stored.GetEtag() {
		return answer.FailedPrecondition(ctx, nil, "nothing has changed")
	}
	return nil
}

// visit calls itself: what its error shows, only itself could say.
func visit(orders []*pb.Order) error {
	if len(orders) == 0 {
		return nil
	}
	if err := visit(orders[1:]); err != nil {
		return err
	}
	return nil
}

func (h *helped) all(orders []*pb.Order) error {
	if err := visit(orders); err != nil {
		return status.Error(codes.FailedPrecondition, "stale")
	}
	return nil
}
