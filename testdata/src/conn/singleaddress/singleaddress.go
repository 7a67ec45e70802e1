// Package singleaddress balances load over one address.
package singleaddress

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

const roundRobin = `{"loadBalancingConfig": [{"round_robin": {}}]}`

// Bad.

func address() (*grpc.ClientConn, error) {
	return grpc.NewClient("10.0.0.7:7001", creds, grpc.WithDefaultServiceConfig(roundRobin)) // want `round_robin has nothing to balance: 10.0.0.7:7001 is one address \[conn/single-address\]`
}

func scheme() (*grpc.ClientConn, error) {
	return grpc.NewClient("passthrough:///[::1]:7001", creds, grpc.WithDefaultServiceConfig(roundRobin)) // want `round_robin has nothing to balance`
}

// Silent.

func name() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders:7001", creds, grpc.WithDefaultServiceConfig(roundRobin))
}

func pickFirst() (*grpc.ClientConn, error) {
	return grpc.NewClient("10.0.0.7:7001", creds, grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"pick_first": {}}]}`))
}

func variable(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithDefaultServiceConfig(roundRobin))
}
