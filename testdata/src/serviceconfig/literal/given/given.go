// Package given has its service configs from another package.
package given

import (
	"google.golang.org/grpc"

	"example.com/testdata/serviceconfig/literal/given/config"
)

func bad() grpc.DialOption {
	return config.Timeout("5") // want `\[serviceconfig/duration\]` at `config.Timeout("5")`
}

func byName(name string) grpc.DialOption {
	return grpc.WithDefaultServiceConfig(config.Named()[name]) // want `\[serviceconfig/duration\]`
}

func good() grpc.DialOption { return config.Timeout("5s") }

// Given is for others.
func Given(timeout string) grpc.DialOption { return config.Timeout(timeout) }

func wrong() grpc.DialOption { return config.Wrong() }

func goodNumber() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{}], "timeout": "` + config.Seconds(7) + `s"}]}`)
}

var _ = []any{bad, byName, good, wrong, goodNumber}
