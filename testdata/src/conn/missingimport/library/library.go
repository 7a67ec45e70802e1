// Package library asks for health checking; its program links it in.
package library

import "google.golang.org/grpc"

// Use is used.
func Use() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"round_robin": {}}], "healthCheckConfig": {"serviceName": "a.B"}}`) // related "asked for here"
}
