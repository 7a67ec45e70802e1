// Package connectselsewhere has another package connect: silent.
package connectselsewhere

import (
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"

	"example.com/testdata/conn/stategate/connectselsewhere/connect"
)

func begin(conn *grpc.ClientConn) { connect.Now(conn) }

func gate(conn *grpc.ClientConn) error {
	if conn.GetState() != connectivity.Ready {
		return errors.New("not ready")
	}
	return nil
}
