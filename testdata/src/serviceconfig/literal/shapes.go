package literal

import (
	"fmt"
	"strconv"
	"time"

	"google.golang.org/grpc"
)

// What follows is put together by helpers.

func policy(attempts int) string {
	return fmt.Sprintf(`{"methodConfig": [{"name": [{"service": "a.B"}], "retryPolicy": {"maxAttempts": %d, "initialBackoff": "1s", "maxBackoff": "2s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`, attempts)
}

func once() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(policy(1)) // want `\[serviceconfig/retry-policy\]`
}

func twice() grpc.DialOption { return grpc.WithDefaultServiceConfig(policy(2)) }

func counted(retries int) string { return policy(retries + 1) }

func never() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(counted(0)) // want `\[serviceconfig/retry-policy\]`
}

// bounded is only called with what is no duration.
func bounded(timeout string) grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{}], "timeout": "` + timeout + `"}]}`) // want `\[serviceconfig/duration\]`
}

func unbounded() []grpc.DialOption {
	return []grpc.DialOption{bounded("5"), bounded("3s")}
}

const minute = time.Minute

// printedDuration: a minute prints as 1m0s.
func printedDuration() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(fmt.Sprintf(`{"methodConfig": [{"name": [{}], "timeout": "%s"}]}`, minute)) // want `\[serviceconfig/duration\]`
}

type dialer struct{ config string }

func newDialer() *dialer {
	return &dialer{config: `{"methodConfig": [{"name": [{}], "timeout": "4"}]}`} // want `\[serviceconfig/duration\]`
}

func (d *dialer) option() grpc.DialOption { return grpc.WithDefaultServiceConfig(d.config) }

func made() (config string) {
	build := func(n int) string {
		return `{"methodConfig": [{"name": [{}], "timeout": "` + strconv.Itoa(n) + `"}]}` // want `\[serviceconfig/duration\]`
	}
	return build(7)
}

func byLiteral() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(made())
}

func byName(name string) grpc.DialOption {
	configs := map[string]string{
		"a": `{"methodConfig": [{"name": [{}], "timeout": "8"}]}`, // want `\[serviceconfig/duration\]`
		"b": `{}`,
	}
	return grpc.WithDefaultServiceConfig(configs[name])
}

// Silent.

// Policy is called by others, too.
func Policy(attempts int) string { return policy(attempts) }

func configured(n int) grpc.DialOption { return grpc.WithDefaultServiceConfig(Policy(n)) }

func repeated(names []string) grpc.DialOption {
	config := "{"
	for _, name := range names {
		config += `"` + name + `": 1`
	}
	return grpc.WithDefaultServiceConfig(config + "}")
}

func padded() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(fmt.Sprintf(`{"methodConfig": [{"name": [{}], "timeout": "%03ds"}]}`, 5))
}
