// Package opts makes dial options for others.
package opts

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
)

// Named says nothing about the transport.
func Named(name string) []grpc.DialOption {
	return []grpc.DialOption{grpc.WithUserAgent(name), grpc.WithDisableServiceConfig()}
}

// Secure sets credentials.
func Secure() grpc.DialOption { return grpc.WithTransportCredentials(credentials.NewTLS(nil)) }
