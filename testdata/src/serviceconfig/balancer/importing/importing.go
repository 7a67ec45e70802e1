// Package importing asks for a policy that an import registers.
package importing

import (
	"google.golang.org/grpc"

	_ "example.com/testdata/serviceconfig/balancer/own"
)

func dial(addr string, creds grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"nonce": {}}]}`))
}
