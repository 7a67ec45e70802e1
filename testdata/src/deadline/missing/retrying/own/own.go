// Package own holds the same as a slice of the interceptor's own type.
package own

import (
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
)

var Default = []retry.CallOption{retry.WithMax(3), retry.WithPerRetryTimeout(time.Second)}
