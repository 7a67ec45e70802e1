// Package invertedfromerror reads codes where there are none.
package invertedfromerror

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	"example.com/testdata/status/invertedfromerror/told"
	pb "example.com/testdata/stubs/orderpb"
)

// Bad.

func returned(err error) bool {
	st, ok := status.FromError(err)
	if ok {
		return false
	}
	return st.Code() == codes.NotFound // want `the code is always Unknown here: status\.FromError said on line \d+ that the error has no status \[status/inverted-from-error\]`
}

func negated(err error) bool {
	if st, ok := status.FromError(err); !ok {
		return st.Code() == codes.Unavailable // want `the code is always Unknown here`
	}
	return false
}

func both(err error) bool {
	st, ok := status.FromError(err)
	return !ok && st.Code() == codes.NotFound // want `the code is always Unknown here`
}

func switched(ctx context.Context, client pb.OrderServiceClient) string {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	st, ok := status.FromError(err)
	if ok {
		return "no gRPC error"
	}
	switch st.Code() { // want `the code is always Unknown here`
	case codes.NotFound:
		return "gone"
	}
	return "other"
}

func differs(err error) error {
	st, ok := status.FromError(err)
	if !ok && st.Code() != codes.AlreadyExists { // want `the code is always Unknown here`
		return err
	}
	return nil
}

func imported(err error) bool {
	st, ok := status.FromError(err)
	return !ok && told.Code(st) == codes.NotFound // want `the code is always Unknown here`
}

func importedToo(err error) bool {
	st, ok := status.FromError(err)
	return ok && told.Code(st) == codes.NotFound
}

func helped(err error) bool {
	st, ok := status.FromError(err)
	return !ok && codeOf(st) == codes.NotFound // want `the code is always Unknown here`
}

func codeOf(st *status.Status) codes.Code { return st.Code() }

// Silent.

func helpedToo(err error) bool {
	st, ok := status.FromError(err)
	return ok && codeOf(st) == codes.NotFound
}

func right(err error) bool {
	st, ok := status.FromError(err)
	if !ok {
		return false
	}
	return st.Code() == codes.NotFound
}

func and(err error) bool {
	st, ok := status.FromError(err)
	return ok && st.Code() == codes.NotFound
}

func unasked(err error) bool {
	st, _ := status.FromError(err)
	return st.Code() == codes.NotFound
}

func unknown(err error) bool {
	st, ok := status.FromError(err)
	return !ok && st.Code() == codes.Unknown
}

func message(err error) error {
	st, ok := status.FromError(err)
	if !ok {
		return errors.New(st.Message())
	}
	return st.Err()
}

func later(err error) bool {
	st, ok := status.FromError(err)
	if !ok {
		st = status.New(codes.NotFound, err.Error())
	}
	return st.Code() == codes.NotFound
}

func own(err error) bool {
	st, ok := FromError(err)
	if !ok {
		return st.Code() == codes.NotFound
	}
	return false
}

// FromError is another one.
func FromError(err error) (*status.Status, bool) { return status.New(codes.NotFound, ""), false }

func or(err error) bool {
	st, ok := status.FromError(err)
	return !ok || st.Code() == codes.NotFound
}
