// Package answer makes errors for others.
package answer

import (
	"context"
	"log"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

// FailedPrecondition logs and makes an error.
func FailedPrecondition(ctx context.Context, err error, message string) error {
	log.Print(err)
	return status.Error(codes.FailedPrecondition, message)
}

// Aborted logs and makes an error.
func Aborted(ctx context.Context, err error, message string) error {
	log.Print(err)
	return status.Error(codes.Aborted, message)
}

// Either makes one or the other.
func Either(retry bool) error {
	if retry {
		return status.Error(codes.Aborted, "again")
	}
	return status.Error(codes.FailedPrecondition, "no")
}

// With makes an error of any code.
func With(code codes.Code, message string) error { return status.Error(code, message) }
