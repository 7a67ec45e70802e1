// Package open opens and closes connections for others.
package open

import (
	"context"
	"fmt"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/stubs/orderpb"
)

// Conn returns a connection that the caller has to close.
func Conn(addr string) (*grpc.ClientConn, error) {
	conn, err := grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return nil, fmt.Errorf("open %s: %w", addr, err)
	}
	return conn, nil
}

// Client owns a connection.
type Client struct {
	conn   *grpc.ClientConn
	orders orderpb.OrderServiceClient
}

// New returns a client that the caller has to close.
func New(addr string) (*Client, error) {
	conn, err := Conn(addr)
	if err != nil {
		return nil, err
	}
	return &Client{conn: conn, orders: orderpb.NewOrderServiceClient(conn)}, nil
}

// Get makes an RPC on the client's connection.
func (c *Client) Get(ctx context.Context, name string) (*orderpb.Order, error) {
	return c.orders.GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
}

// Close closes the client's connection.
func (c *Client) Close() error { return c.conn.Close() }

// Orders returns a stub and a function that closes its connection.
func Orders(addr string) (orderpb.OrderServiceClient, func(), error) {
	conn, err := Conn(addr)
	if err != nil {
		return nil, nil, err
	}
	return orderpb.NewOrderServiceClient(conn), func() { conn.Close() }, nil
}

// Shut closes a connection.
func Shut(conn *grpc.ClientConn) {
	if err := conn.Close(); err != nil {
		fmt.Println(err)
	}
}

// Look uses a connection and leaves it to the caller.
func Look(ctx context.Context, conn *grpc.ClientConn, name string) error {
	_, err := orderpb.NewOrderServiceClient(conn).GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
	return err
}

var kept = make(map[string]*grpc.ClientConn)

// Keep stores a connection.
func Keep(addr string, conn *grpc.ClientConn) { kept[addr] = conn }

// Shared returns a connection that others use too.
func Shared(addr string) (*grpc.ClientConn, error) {
	if conn := kept[addr]; conn != nil {
		return conn, nil
	}
	conn, err := Conn(addr)
	if err != nil {
		return nil, err
	}
	kept[addr] = conn
	return conn, nil
}

// Maybe returns a client that has a connection only if there is an address.
func Maybe(addr string) (*Client, error) {
	c := new(Client)
	if addr != "" {
		conn, err := Conn(addr)
		if err != nil {
			return nil, err
		}
		c.conn = conn
	}
	return c, nil
}
