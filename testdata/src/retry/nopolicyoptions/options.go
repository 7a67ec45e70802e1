// Package nopolicyoptions gets options from others.
package nopolicyoptions

import "google.golang.org/grpc"

func dial(options ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders:1", append(options, grpc.WithMaxCallAttempts(3))...)
}

func one(option grpc.DialOption) []grpc.DialOption {
	return []grpc.DialOption{option, grpc.WithMaxCallAttempts(3)}
}
