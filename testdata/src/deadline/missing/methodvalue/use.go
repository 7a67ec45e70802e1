// Package methodvalue uses a connection of package dial.
package methodvalue

import (
	"context"

	"example.com/testdata/deadline/missing/dial"
	pb "example.com/testdata/stubs/orderpb"
)

func get() error {
	conn, err := dial.Open("dns:///orders")
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = pb.NewOrderServiceClient(conn).GetOrder(context.Background(), nil)
	return err
}

var _ = get
