package leak

import (
	"context"

	"example.com/testdata/conn/leak/open"
	"example.com/testdata/stubs/orderpb"
)

// stub hands out no more than the stub, so nobody can close the connection.
func stub(addr string) (orderpb.OrderServiceClient, error) {
	conn, err := open.Conn(addr)
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn), nil
}

// Silent: what could be closed never comes here.

func ofStub(ctx context.Context, addr string) error {
	client, err := stub(addr)
	if err != nil {
		return err
	}
	_, err = client.GetOrder(ctx, &orderpb.GetOrderRequest{})
	return err
}
