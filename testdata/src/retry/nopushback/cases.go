// Package nopushback retries when something is used up.
package nopushback

import (
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc/codes"
)

var (
	_ = retry.WithCodes(codes.Unavailable, codes.ResourceExhausted) // want `messages that are too large are sent again: retry.WithCodes tries RESOURCE_EXHAUSTED again, whatever it is for \[retry/no-pushback\]`
	_ = retry.WithCodes(codes.ResourceExhausted)                    // want `retry/no-pushback`

	_ = retry.WithCodes(codes.Unavailable)
	_ = retry.WithRetriable(func(err error) bool { return false })
)
