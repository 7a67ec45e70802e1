// Package lentconn returns a connection, whose service config comes from
// elsewhere, to others: which clients are made of it is not known.
package lentconn

import (
	"context"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/grpc13pb"
)

// Open is for everybody.
func Open(serviceConfig string) (*grpc.ClientConn, error) {
	conn, err := connect(serviceConfig)
	if err != nil {
		return nil, err
	}
	return conn, nil
}

func connect(serviceConfig string) (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders", grpc.WithInsecure(), grpc.WithDefaultServiceConfig(serviceConfig))
}

func other(items grpc13pb.Grpc13ServiceClient) { items.Get(context.Background(), nil) }

var _ = other
