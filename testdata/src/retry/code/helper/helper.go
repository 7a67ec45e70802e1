// Package helper judges errors for others.
package helper

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// Again excludes what cannot be helped.
func Again(err error) bool {
	switch status.Code(err) {
	case codes.OK, codes.InvalidArgument, codes.PermissionDenied:
		return false
	}
	return true
}

// Down is what comes back.
func Down(err error) bool {
	st, ok := status.FromError(err)
	return ok && (st.Code() == codes.Unavailable || st.Code() == codes.DeadlineExceeded)
}

// Options are for every call.
func Options() []grpc.CallOption { return []grpc.CallOption{grpc.WaitForReady(true)} }

// Ended says whether a context has.
func Ended(ctx context.Context) error { return ctx.Err() }
