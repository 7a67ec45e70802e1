// Package limits has sizes.
package limits

import (
	"math"

	"google.golang.org/grpc"
)

// All is as much as there can be.
const All = math.MaxInt32

// Options takes all.
func Options() []grpc.ServerOption {
	return []grpc.ServerOption{grpc.MaxRecvMsgSize(1<<31 - 1)} // want `one request can take all memory of the server: grpc.MaxRecvMsgSize\(...\) is no limit`
}
