// Package open opens connections for others.
package open

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/stubs/orderpb"
)

// Conn returns a connection that the caller has to close.
func Conn(addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	opts = append(opts, grpc.WithTransportCredentials(insecure.NewCredentials()))
	return grpc.NewClient(addr, opts...)
}

// Orders returns a stub on a connection of its own.
func Orders(addr string) (orderpb.OrderServiceClient, error) {
	conn, err := Conn(addr)
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}

var shared *grpc.ClientConn

// Shared returns the one connection, which it makes when it is asked first.
func Shared(addr string) (*grpc.ClientConn, error) {
	if shared != nil {
		return shared, nil
	}
	conn, err := Conn(addr)
	if err != nil {
		return nil, err
	}
	shared = conn
	return shared, nil
}
