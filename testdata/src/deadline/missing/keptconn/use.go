// Package keptconn keeps a connection, whose service config comes from
// elsewhere, in a field: its deadlines are those of one service.
package keptconn

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/deadline/missing/helper"
	"example.com/testdata/stubs/grpc13pb"
	pb "example.com/testdata/stubs/orderpb"
)

type orders struct {
	pb.OrderServiceClient
	conn *grpc.ClientConn
}

func dial(target string, options ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(target, append(options, grpc.WithTransportCredentials(insecure.NewCredentials()))...)
}

func open(serviceConfig string) (*orders, error) {
	conn, err := dial("dns:///orders", grpc.WithDefaultServiceConfig(serviceConfig))
	if err != nil {
		return nil, err
	}
	if err := wait(conn); err != nil {
		conn.Close()
		return nil, err
	}
	return &orders{pb.NewOrderServiceClient(conn), conn}, nil
}

func wait(conn *grpc.ClientConn) error { return nil }

func (o *orders) Close() error { return o.conn.Close() }

func (o *orders) get() { o.GetOrder(context.Background(), nil) }

// A helper of another package runs its RPC on this package's connection.
func lent(o *orders) { helper.Fetch(context.Background(), o) }

// The clients of another connection are made in a function that gets it from
// one that dials.
func openByHelpers(serviceConfig string) (pb.OrderServiceClient, error) {
	conn, err := connect(serviceConfig)
	if err != nil {
		return nil, err
	}
	return client(conn), nil
}

func connect(serviceConfig string) (*grpc.ClientConn, error) {
	return dial("dns:///orders", grpc.WithDefaultServiceConfig(serviceConfig))
}

func client(conn *grpc.ClientConn) pb.OrderServiceClient { return pb.NewOrderServiceClient(conn) }

func other(items grpc13pb.Grpc13ServiceClient) {
	items.Get(context.Background(), nil) // want `Grpc13Service.Get can hang`
}

var _ = []any{lent, open, openByHelpers, (*orders).get, other}
