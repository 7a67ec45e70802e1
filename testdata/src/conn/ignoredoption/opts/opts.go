// Package opts makes dial options and dials for others.
package opts

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// Defaults are options that were meant for grpc.Dial.
func Defaults() []grpc.DialOption {
	return []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithBlock(),
	}
}

// Wait is one option.
func Wait() grpc.DialOption { return grpc.WithReturnConnectionError() }

// Secure adds to what it gets.
func Secure(opts ...grpc.DialOption) []grpc.DialOption {
	return append(opts, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

// Dial passes its options on.
func Dial(addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, Secure(opts...)...)
}

// DialAgain passes its options to a function that passes them on.
func DialAgain(addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return Dial(addr, opts...)
}
