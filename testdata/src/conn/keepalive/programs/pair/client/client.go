// Package client talks to the server beside it, which it does not import.
package client

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

func allowed(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second}))
}

func tooOften(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 29 * time.Second})) // want `too_many_pings: it pings every 29s, they allow one per 5m by default`
}
