// Package eager has connections that connect by themselves: silent.
package eager

import (
	"errors"

	"google.golang.org/grpc"
	"google.golang.org/grpc/connectivity"
	"google.golang.org/grpc/credentials/insecure"
)

// Open connects at once.
func Open(addr string) (*grpc.ClientConn, error) {
	return grpc.Dial(addr, grpc.WithTransportCredentials(insecure.NewCredentials())) // want `deprecated-dial`
}

func gate(conn *grpc.ClientConn) error {
	if conn.GetState() != connectivity.Ready {
		return errors.New("not ready")
	}
	return nil
}
