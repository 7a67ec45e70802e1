// Package balancer asks for load balancing policies.
package balancer

import "google.golang.org/grpc"

func unknown(addr string, creds grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"nonce": {}}]}`)) // want `grpc-go refuses the config: "nonce" is no registered load balancing policy \[serviceconfig/unknown-balancer\]`
}
