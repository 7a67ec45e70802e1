package literal

import (
	"fmt"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/serviceconfig/literal/texts"
)

// Made in another package.

func madeElsewhere() []any {
	return []any{
		grpc.WithDefaultServiceConfig(texts.Policy(1, "0.1s", "1s", 2)),   // want `maxAttempts counts the first attempt, and is 2 or more, not 1 \[serviceconfig/retry-policy\]` at "1"
		grpc.WithDefaultServiceConfig(texts.Policy(3, "100ms", "1s", 2)),  // want `serviceconfig/duration` at "100ms"
		grpc.WithDefaultServiceConfig(texts.Policy(3, "0.1s", "1s", 0)),   // want `serviceconfig/retry-policy` at "0"
		grpc.WithDefaultServiceConfig(texts.Policy(3, "0.1s", "1s", 1.5)), // silent
		grpc.WithDefaultServiceConfig(texts.Timeout("5")),                 // want `serviceconfig/duration` at "texts.Timeout(\"5\")"
		grpc.WithDefaultServiceConfig(texts.Timeout("5s")),                // silent
		grpc.WithDefaultServiceConfig(texts.Retries(0)),                   // silent: none
		grpc.WithDefaultServiceConfig(texts.Retries(1)),                   // want `serviceconfig/retry-policy`
		grpc.WithDefaultServiceConfig(texts.Retries(2)),                   // silent
	}
}

// A number that is not known.

// Limits are what users configure.
type Limits struct{ Retries int }

var fromFlag int

// SetRetries is for a flag.
func SetRetries(n int) { fromFlag = n }

const attempts = `{"methodConfig": [{"name": [{"service": "shop.v1.OrderService"}], "timeout": "3s", "retryPolicy": {"maxAttempts": %d,` +
	` "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}],` +
	` "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`

func ofAttempts(n int) string { return fmt.Sprintf(attempts, n) }

// Positive lets 1 through.
func Positive(l Limits) grpc.DialOption {
	if l.Retries > 0 {
		return grpc.WithDefaultServiceConfig(ofAttempts(l.Retries)) // want `^grpc-go refuses the config when Retries is 1: maxAttempts counts the first attempt, and is 2 or more, not 1 \[serviceconfig/retry-policy\]$` at "l.Retries"
	}
	return grpc.EmptyDialOption{}
}

// PositiveElsewhere leaves it to others to look.
func PositiveElsewhere(n int) grpc.DialOption {
	return grpc.WithDefaultServiceConfig(texts.Retries(n)) // want `when n is 1: maxAttempts` at "n"
}

func oneMore(retries int) string {
	if retries < 0 {
		return "{}"
	}
	attempts := retries + 1
	return ofAttempts(attempts)
}

func ofFlag() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(oneMore(fromFlag)) // want `when n is 0: maxAttempts` at "fromFlag"
}

// AtMost has none that is right.
func AtMost(n int) grpc.DialOption {
	return grpc.WithDefaultServiceConfig(ofAttempts(min(n, 1))) // want `when n is 1: maxAttempts` at "min(n, 1)"
}

// Seconds forgets the s.
func Seconds(d time.Duration) grpc.DialOption {
	return grpc.WithDefaultServiceConfig(fmt.Sprintf(`{"methodConfig": [{"name": [{}], "timeout": "%d"}]}`, int(d.Seconds()))) // want `^grpc-go refuses the config whatever the number in it is: "5" is no duration`
}

// Milliseconds are no unit of it.
func Milliseconds(ms int64) grpc.DialOption {
	return grpc.WithDefaultServiceConfig(fmt.Sprintf(`{"methodConfig": [{"name": [{}], "timeout": "%dms"}]}`, ms)) // want `whatever ms is: "5ms" is no duration`
}

// Silent.

// Any number may be right.
func Any(n int) grpc.DialOption { return grpc.WithDefaultServiceConfig(ofAttempts(n)) }

// Several lets through what is right.
func Several(l Limits) grpc.DialOption {
	if l.Retries < 2 {
		return grpc.EmptyDialOption{}
	}
	return grpc.WithDefaultServiceConfig(ofAttempts(l.Retries))
}

// Raised is 2 at least.
func Raised(n int) grpc.DialOption {
	if n < 2 {
		n = 2
	}
	return grpc.WithDefaultServiceConfig(texts.Retries(n))
}

// RaisedByMax too.
func RaisedByMax(n int) grpc.DialOption {
	return grpc.WithDefaultServiceConfig(ofAttempts(max(2, n)))
}

// LookedAtBefore has no 0 and no 1.
func LookedAtBefore(n int) grpc.DialOption {
	if n > 1 {
		return grpc.WithDefaultServiceConfig(oneMore(n))
	}
	return grpc.EmptyDialOption{}
}

// WholeSeconds are right.
func WholeSeconds(d time.Duration) grpc.DialOption {
	return grpc.WithDefaultServiceConfig(fmt.Sprintf(`{"methodConfig": [{"name": [{}], "timeout": "%ds"}]}`, d/time.Second))
}

// Changed is another number than the one that was looked at.
func Changed(l *Limits) grpc.DialOption {
	if l.Retries > 0 {
		l.Retries++
		return grpc.WithDefaultServiceConfig(ofAttempts(l.Retries))
	}
	return grpc.EmptyDialOption{}
}

var _ = []any{madeElsewhere, ofFlag}
