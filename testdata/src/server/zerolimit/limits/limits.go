// Package limits has options for servers.
package limits

import (
	"time"

	"google.golang.org/grpc"
)

// None is no limit at all.
const None = 0

// Options limits how long connections take.
func Options() []grpc.ServerOption {
	return []grpc.ServerOption{grpc.ConnectionTimeout(-1 * time.Second)} // want `every RPC is UNAVAILABLE: connections are closed before they are set up, by a timeout of -1s`
}

// Size is of those who call.
func Size(n int) grpc.ServerOption { return grpc.MaxRecvMsgSize(n) }
