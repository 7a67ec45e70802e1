// Package typeassert looks at errors from outside.
package typeassert

import (
	"context"
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"

	pb "example.com/testdata/stubs/orderpb"
)

type grpcError interface{ GRPCStatus() *status.Status }

// Bad.

func get(ctx context.Context, client pb.OrderServiceClient) codes.Code {
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	if s, ok := err.(interface{ GRPCStatus() *status.Status }); ok { // want `the code of a wrapped error is missed: the assertion does not look inside of err, status\.FromError does \[status/type-assert\]`
		return s.GRPCStatus().Code()
	}
	return codes.Unknown
}

func code(err error) codes.Code {
	s, ok := err.(grpcError) // want `does not look inside of err`
	if !ok {
		return codes.Unknown
	}
	return s.GRPCStatus().Code()
}

func must(failure error) *status.Status {
	return failure.(grpcError).GRPCStatus() // want `does not look inside of failure`
}

var asserted = func(err error) bool {
	_, ok := err.(grpcError) // want `does not look inside of err`
	return ok
}

func switched(err error) codes.Code {
	switch e := err.(type) {
	case nil:
		return codes.OK
	case grpcError: // want `does not look inside of err`
		return e.GRPCStatus().Code()
	}
	return codes.Unknown
}

func both(err error) bool {
	_, ok := err.(interface { // want `does not look inside of err`
		error
		GRPCStatus() *status.Status
	})
	return ok
}

// Silent.

func fromError(err error) codes.Code {
	if s, ok := err.(grpcError); ok {
		return s.GRPCStatus().Code()
	}
	s, _ := status.FromError(err)
	return s.Code()
}

func as(err error) codes.Code {
	var s grpcError
	if errors.As(err, &s) {
		return s.GRPCStatus().Code()
	}
	return codes.Unknown
}

func walk(err error) codes.Code {
	for ; err != nil; err = errors.Unwrap(err) {
		if s, ok := err.(grpcError); ok {
			return s.GRPCStatus().Code()
		}
	}
	return codes.Unknown
}

type own struct{ code codes.Code }

func (o *own) Error() string { return o.code.String() }

func (o *own) Is(target error) bool {
	s, ok := target.(grpcError)
	return ok && s.GRPCStatus().Code() == o.code
}

func concrete(err error) bool {
	_, ok := err.(*own)
	return ok
}

func ofAny(v any) bool {
	_, ok := v.(grpcError) // may be no error at all
	return ok
}

func otherInterface(err error) bool {
	_, ok := err.(interface{ Timeout() bool })
	return ok
}

func otherStatus(err error) bool {
	_, ok := err.(interface{ GRPCStatus() string })
	return ok
}
