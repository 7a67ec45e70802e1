// Package config writes service configs.
package config

import (
	"strconv"

	"google.golang.org/grpc"
)

// Timeout is an option with a timeout.
func Timeout(timeout string) grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{}], "timeout": "` + timeout + `"}]}`)
}

// Seconds is a number of them.
func Seconds(n int) string { return strconv.Itoa(n) }

// Wrong is what is said here.
func Wrong() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{}], "timeout": "soon"}]}`) // want `\[serviceconfig/duration\]`
}

// Named are configs by name.
func Named() map[string]string {
	return map[string]string{"a": `{"methodConfig": [{"name": [{}], "timeout": "8"}]}`, "b": `{}`}
}
