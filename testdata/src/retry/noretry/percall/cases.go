// Package percall never says how often.
package percall

import (
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc/codes"
)

var kept = retry.WithCodes(codes.Unavailable)

var list = []retry.CallOption{retry.WithCodes(codes.Unavailable)}

var (
	_ = retry.UnaryClientInterceptor(retry.WithCodes(codes.Unavailable))                                                       // want `no RPC is retried: the interceptor has no WithMax, and without one it makes a single attempt \[retry/no-retry\]`
	_ = retry.StreamClientInterceptor(retry.WithBackoff(retry.BackoffLinear(time.Second)), retry.WithCodes(codes.Unavailable)) // want `retry/no-retry`
	_ = retry.UnaryClientInterceptor(retry.WithPerRetryTimeout(time.Second))                                                   // want `retry/no-retry`
	_ = retry.UnaryClientInterceptor(retry.WithRetriable(func(error) bool { return true }))                                    // want `retry/no-retry`

	_ = retry.UnaryClientInterceptor()
	_ = retry.UnaryClientInterceptor(kept)
	_ = retry.UnaryClientInterceptor(list...)
	_ = retry.UnaryClientInterceptor(retry.Disable(), retry.WithCodes(codes.Unavailable))
	_ = retry.UnaryClientInterceptor(retry.WithOnRetryCallback(nil))
)
