// Package errs has errors with codes, and imports nothing of grpc but these.
package errs

import (
	"errors"

	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
)

var (
	// ErrNotFound has a code.
	ErrNotFound = status.Error(codes.NotFound, "not found")
	// ErrPlain has none.
	ErrPlain = errors.New("plain")
)
