// Package open dials for others.
package open

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// With dials with what it is handed.
func With(addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, opts...)
}

// By dials with what a function returns.
func By(addr string, options func() []grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, options()...)
}

// Plain adds what is missing.
func Plain(addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, append(opts, grpc.WithTransportCredentials(insecure.NewCredentials()))...)
}

// Bare always fails, and that is said here.
func Bare(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr) // want `grpc.NewClient always fails here: no option sets transport credentials`
}

// Last closes over a variable that others set.
func Last(addr string, opts []grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, append(Always, opts...)...)
}

// Always is for all dials.
var Always []grpc.DialOption
