// Package unboundedmessage takes what comes.
package unboundedmessage

import (
	"math"

	"google.golang.org/grpc"

	"example.com/testdata/server/unboundedmessage/limits"
)

const most = math.MaxInt

func server() *grpc.Server {
	return grpc.NewServer(grpc.MaxRecvMsgSize(math.MaxInt32)) // want `one request can take all memory of the server: grpc.MaxRecvMsgSize\(math.MaxInt32\) is no limit \[server/unbounded-message\]`
}

func named() grpc.ServerOption { return grpc.MaxRecvMsgSize(most) } // want info `grpc.MaxRecvMsgSize\(most\) is no limit`

func imported() grpc.ServerOption { return grpc.MaxRecvMsgSize(limits.All) } // want info `grpc.MaxRecvMsgSize\(limits.All\) is no limit`

func computed() []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.MaxSendMsgSize(math.MaxInt32),
		grpc.MaxRecvMsgSize(4 << 30), // want `grpc.MaxRecvMsgSize\(...\) is no limit`
	}
}

func old() grpc.ServerOption { return grpc.MaxMsgSize(math.MaxInt32) } // want `grpc.MaxMsgSize\(math.MaxInt32\) is no limit`

// New has a default, which its callers may replace.
func New(opts ...grpc.ServerOption) *grpc.Server {
	return grpc.NewServer(append([]grpc.ServerOption{grpc.MaxRecvMsgSize(math.MaxInt32)}, opts...)...) // want info `is no limit`
}

func with(opts []grpc.ServerOption) []grpc.ServerOption {
	return append(opts, grpc.MaxRecvMsgSize(math.MaxInt32)) // want info `is no limit`
}
