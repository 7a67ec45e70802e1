// Package options holds what the program's retries have in common.
package options

import (
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"
)

func Default() []grpc.CallOption {
	return []grpc.CallOption{retry.WithMax(3), retry.WithPerRetryTimeout(time.Second)}
}
