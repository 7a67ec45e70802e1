// Package chosen has no limit unless there is one in the configuration.
package chosen

import (
	"math"

	"google.golang.org/grpc"

	"example.com/testdata/server/unboundedmessage/setting"
)

func options(most int) []grpc.ServerOption {
	if most > 0 {
		return []grpc.ServerOption{setting.Size(most)}
	}
	return []grpc.ServerOption{grpc.MaxRecvMsgSize(math.MaxInt32)}
}

func unknown(n int) []grpc.ServerOption {
	return []grpc.ServerOption{setting.Size(n), setting.Size(math.MaxInt32)}
}
