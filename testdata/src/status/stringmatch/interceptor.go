package stringmatch

import (
	"context"
	"errors"
	"strings"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

var errLate = status.Error(codes.DeadlineExceeded, context.DeadlineExceeded.Error())

// Bad.

func reauthenticate(ctx context.Context, method string, req, reply any, cc *grpc.ClientConn, invoker grpc.UnaryInvoker, opts ...grpc.CallOption) error {
	err := invoker(ctx, method, req, reply, cc, opts...)
	if err != nil && strings.Contains(err.Error(), "Unauthenticated") { // want `breaks when the server words its error anew: the error of the RPC is told by its text`
		return invoker(ctx, method, req, reply, cc, opts...)
	}
	return err
}

func isLate(err error) bool {
	if status.FromContextError(err).Code() == codes.DeadlineExceeded {
		return true
	}
	return strings.Contains(err.Error(), errLate.Error()) // want `an error is told by the text of stringmatch\.errLate, not by its code`
}

func isExactlyLate(err error) bool {
	return err.Error() == errLate.Error() // want `an error is told by the text of stringmatch\.errLate, not by its code`
}

// Silent.

var errPlain = errors.New("late")

func isPlain(err error) bool {
	return strings.Contains(err.Error(), errPlain.Error())
}

func isCoded(err error) bool {
	return status.Code(err) == codes.DeadlineExceeded || strings.Contains(err.Error(), errLate.Error())
}

func served(ctx context.Context, req any, info *grpc.UnaryServerInfo, handler grpc.UnaryHandler) (any, error) {
	resp, err := handler(ctx, req)
	if err != nil && strings.Contains(err.Error(), "no rows") { // of any kind
		return nil, status.Error(codes.NotFound, "no order")
	}
	return resp, err
}
