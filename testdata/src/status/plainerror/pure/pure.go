// Package pure cannot reach gRPC, and so has no codes.
package pure

import "errors"

// ErrClosed is a sentinel.
var ErrClosed = errors.New("closed")

// Do may return anything.
func Do(f func() error) error { return f() }
