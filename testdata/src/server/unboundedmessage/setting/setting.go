// Package setting lets its users choose.
package setting

import (
	"math"

	"google.golang.org/grpc"
)

// Options has no limit unless there is one in the configuration.
func Options(most int) []grpc.ServerOption {
	if most > 0 {
		return []grpc.ServerOption{grpc.MaxRecvMsgSize(most)}
	}
	return []grpc.ServerOption{grpc.MaxRecvMsgSize(math.MaxInt32)}
}

// Old is another option, of which there is no setting.
func Old() grpc.ServerOption { return grpc.MaxMsgSize(math.MaxInt32) } // want `grpc.MaxMsgSize\(math.MaxInt32\) is no limit`

// Size is of those who call.
func Size(n int) grpc.ServerOption { return grpc.MaxRecvMsgSize(n) }
