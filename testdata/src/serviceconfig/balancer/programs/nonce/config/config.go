// Package config asks for a policy that another package of the program
// registers.
package config

import "google.golang.org/grpc"

// Dial asks for it.
func Dial(addr string, creds grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"nonce": {}}]}`))
}
