// Package passthroughbalancer tests conn/passthrough-balancer.
package passthroughbalancer

import (
	"context"
	"fmt"
	"os"

	"google.golang.org/grpc"
	"google.golang.org/grpc/balancer/roundrobin"
	"google.golang.org/grpc/credentials/insecure"
)

const roundRobin = `{"loadBalancingConfig": [{"round_robin": {}}]}`

const address = "orders:50051"

func bad() {
	keep(grpc.Dial("orders:50051", creds(), grpc.WithDefaultServiceConfig(roundRobin)))                        // want `^every RPC goes to one backend: round_robin has one address to choose from, grpc.Dial does not resolve "orders:50051" \[conn/passthrough-balancer\]$` `conn/deprecated-dial`
	keep(grpc.DialContext(context.Background(), "orders", creds(), grpc.WithDefaultServiceConfig(roundRobin))) // want `grpc.DialContext does not resolve "orders"` `conn/deprecated-dial`
	keep(grpc.NewClient("passthrough:///orders:50051", creds(), grpc.WithDefaultServiceConfig(roundRobin)))    // want `grpc.NewClient does not resolve`
	keep(grpc.NewClient("passthrough:orders:50051", creds(), grpc.WithDefaultServiceConfig(roundRobin)))       // want `grpc.NewClient does not resolve`
	keep(grpc.Dial(address, creds(), grpc.WithDefaultServiceConfig(                                            // want `does not resolve "orders:50051"` `conn/deprecated-dial`
		fmt.Sprintf(`{"loadBalancingPolicy": %q}`, roundrobin.Name)))) // want `serviceconfig/deprecated-balancer`
}

func silent(target, config string) {
	keep(grpc.NewClient("orders:50051", creds(), grpc.WithDefaultServiceConfig(roundRobin)))
	keep(grpc.NewClient("dns:///orders:50051", creds(), grpc.WithDefaultServiceConfig(roundRobin)))
	keep(grpc.Dial("dns:///orders:50051", creds(), grpc.WithDefaultServiceConfig(roundRobin)))                               // want `conn/deprecated-dial`
	keep(grpc.Dial("consul://orders", creds(), grpc.WithDefaultServiceConfig(roundRobin)))                                   // want `conn/deprecated-dial`
	keep(grpc.Dial("orders:50051", creds()))                                                                                 // want `conn/deprecated-dial`
	keep(grpc.Dial("orders:50051", creds(), grpc.WithDefaultServiceConfig(`{"loadBalancingConfig": [{"pick_first": {}}]}`))) // want `conn/deprecated-dial`
	keep(grpc.Dial(target, creds(), grpc.WithDefaultServiceConfig(roundRobin)))                                              // want `conn/deprecated-dial`
	keep(grpc.Dial(os.Getenv("ORDERS"), creds(), grpc.WithDefaultServiceConfig(roundRobin)))                                 // want `conn/deprecated-dial`
	keep(grpc.Dial("orders:50051", creds(), grpc.WithDefaultServiceConfig(config)))                                          // want `conn/deprecated-dial`
	keep(grpc.NewClient("unix:///run/orders.sock", creds(), grpc.WithDefaultServiceConfig(roundRobin)))
	keep(grpc.NewClient("passthrough:///orders:50051", creds(), grpc.WithDefaultServiceConfig(roundRobin))) //grpclint:ignore conn/passthrough-balancer the mesh balances
}

func creds() grpc.DialOption { return grpc.WithTransportCredentials(insecure.NewCredentials()) }

var conns []*grpc.ClientConn

func keep(conn *grpc.ClientConn, err error) { conns = append(conns, conn) }

var _ = []any{bad, silent}
