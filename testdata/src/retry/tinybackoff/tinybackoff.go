// Package tinybackoff waits between tries.
package tinybackoff

import (
	"time"

	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
)

const base = 200

const typed time.Duration = 200

func linear() grpc.CallOption {
	return retry.WithBackoff(retry.BackoffLinear(50)) // want `RPCs are repeated without a pause: BackoffLinear waits 50ns, as 50 is in nanoseconds \[retry/tiny-backoff\]`
}

func exponential() grpc.CallOption {
	return retry.WithBackoff(retry.BackoffExponential(100)) // want `BackoffExponential waits 100ns`
}

func jitter() grpc.CallOption {
	return retry.WithBackoff(retry.BackoffLinearWithJitter(base, 0.1)) // want `BackoffLinearWithJitter waits 200ns, as base is in nanoseconds`
}

func perTry() grpc.CallOption {
	return retry.WithPerRetryTimeout(5000) // want `WithPerRetryTimeout waits 5µs`
}

func config() backoff.Config {
	return backoff.Config{
		BaseDelay:  100, // want `BaseDelay waits 100ns`
		Multiplier: 2,
		MaxDelay:   time.Minute,
	}
}

func assigned() backoff.Config {
	c := backoff.DefaultConfig
	c.MaxDelay = 5000 // want `MaxDelay waits 5µs`
	return c
}

// Units.
func units() grpc.CallOption {
	return retry.WithBackoff(retry.BackoffLinear(50 * time.Millisecond))
}

// Short on purpose.
func short() grpc.CallOption {
	return retry.WithBackoff(retry.BackoffLinear(50 * time.Microsecond))
}

// A constant of the type: whoever wrote it knew.
func ofType() grpc.CallOption { return retry.WithBackoff(retry.BackoffLinear(typed)) }

// Nanoseconds that are long enough.
func long() grpc.CallOption { return retry.WithBackoff(retry.BackoffLinear(50000000)) }

// Zero is no wait, and says so.
func zero() grpc.CallOption { return retry.WithBackoff(retry.BackoffLinear(0)) }

// No constant.
func given(d time.Duration) grpc.CallOption { return retry.WithBackoff(retry.BackoffLinear(d)) }

// A number of tries.
func tries() grpc.CallOption { return retry.WithMax(3) }

// Another library's.
func sleep() { time.Sleep(50) }

// Another type with such a field.
type settings struct{ BaseDelay time.Duration }

func own() settings { return settings{BaseDelay: 100} }

// A conversion that says what it is.
func converted(ms int) grpc.CallOption {
	return retry.WithBackoff(retry.BackoffLinear(time.Duration(ms) * time.Millisecond))
}
