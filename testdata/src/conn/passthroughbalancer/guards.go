package passthroughbalancer

import "google.golang.org/grpc"

// Silent.
func guards() {
	keep(grpc.NewClient("passthrough:///10.0.0.1:50051", creds(), grpc.WithDefaultServiceConfig(roundRobin))) // conn/single-address says that one address is all there is
	keep(grpc.NewClient("passthrough:///orders:50051", creds(), grpc.WithUserAgent(roundRobin)))              // no service config
}
