// Package noretry sets up retries that do not happen.
package noretry

import (
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/codes"
)

const once = 1

var attempts uint = 1

var (
	_ = retry.UnaryClientInterceptor(retry.WithMax(1))                                      // want `no RPC is retried: WithMax\(1\) allows one attempt, the first one included \[retry/no-retry\]`
	_ = retry.StreamClientInterceptor(retry.WithMax(once), retry.WithCodes(codes.Internal)) // want `retry/no-retry`
	_ = []retry.CallOption{retry.WithMax(0x1)}                                              // want `retry/no-retry`
	_ = []grpc.CallOption{retry.WithMax((1))}                                               // want `retry/no-retry`
)

func options() (list []retry.CallOption) {
	list = append(list, retry.WithMax(uint(1))) // want `retry/no-retry`
	return list
}

// What retries, or says that it does not.
var (
	_ = retry.UnaryClientInterceptor(retry.WithMax(2))
	_ = retry.UnaryClientInterceptor(retry.WithMax(0))
	_ = retry.UnaryClientInterceptor(retry.Disable())
	_ = retry.UnaryClientInterceptor(retry.WithMax(attempts))
	_ = retry.UnaryClientInterceptor()
	_ = retry.UnaryClientInterceptor(options()...)
	// Calls of this package may bring a WithMax of their own.
	_ = retry.UnaryClientInterceptor(retry.WithBackoff(retry.BackoffLinear(time.Second)))
)

// A limit of something else.
func WithMax(n uint) {}

func init() { WithMax(1) }
