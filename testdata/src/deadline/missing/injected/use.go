// Package injected gets its connection from outside, and imports a package
// that dials for itself.
package injected

import (
	"context"

	"google.golang.org/grpc"

	"example.com/testdata/deadline/missing/exporter"
	pb "example.com/testdata/stubs/orderpb"
)

func get(conn grpc.ClientConnInterface) error {
	e, err := exporter.New()
	if err != nil {
		return err
	}
	defer e.Close()
	_, err = pb.NewOrderServiceClient(conn).GetOrder(context.Background(), nil) // want `can hang`
	return err
}

var _ = get
