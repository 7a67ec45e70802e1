// Package zerolimit limits what servers do.
package zerolimit

import (
	"google.golang.org/grpc"

	"example.com/testdata/server/zerolimit/limits"
)

func timeout() grpc.ServerOption {
	return grpc.ConnectionTimeout(0) // want `every RPC is UNAVAILABLE: connections are closed before they are set up, by a timeout of 0s \[server/zero-limit\]`
}

func imported() grpc.ServerOption {
	return grpc.ConnectionTimeout(limits.None) // want `every RPC is UNAVAILABLE`
}

func received() *grpc.Server {
	return grpc.NewServer(grpc.MaxRecvMsgSize(0)) // want `every RPC with a message that is not empty is RESOURCE_EXHAUSTED: grpc.MaxRecvMsgSize allows 0 bytes`
}

func sent() *grpc.Server {
	return grpc.NewServer(grpc.MaxSendMsgSize(-1)) // want `every RPC with a message that is not empty is RESOURCE_EXHAUSTED: grpc.MaxSendMsgSize allows 0 bytes`
}

func streams() *grpc.Server {
	return grpc.NewServer(grpc.MaxConcurrentStreams(0)) // want info `there is no limit of concurrent streams: grpc.MaxConcurrentStreams takes 0 for none`
}
