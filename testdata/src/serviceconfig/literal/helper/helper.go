// Package helper dials with a service config of its caller's.
package helper

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// Dial dials.
func Dial(target, serviceConfig string) (*grpc.ClientConn, error) {
	return grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()), option(serviceConfig))
}

func option(serviceConfig string) grpc.DialOption {
	return grpc.WithDefaultServiceConfig(serviceConfig)
}
