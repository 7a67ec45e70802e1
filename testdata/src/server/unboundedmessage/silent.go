package unboundedmessage

import (
	"math"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// What follows is right, or not known to be wrong.

func some() []grpc.ServerOption {
	return []grpc.ServerOption{
		grpc.MaxRecvMsgSize(64 << 20),
		grpc.MaxRecvMsgSize(1 << 30),
		grpc.MaxSendMsgSize(math.MaxInt32), // the default
		grpc.MaxConcurrentStreams(math.MaxUint32),
	}
}

// A client chooses its server.
func client() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders:443", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithDefaultCallOptions(grpc.MaxCallRecvMsgSize(math.MaxInt32)))
}

func calls() []grpc.CallOption {
	return []grpc.CallOption{grpc.MaxCallSendMsgSize(math.MaxInt32), grpc.MaxCallRecvMsgSize(16 << 20)}
}

type options struct{}

// MaxRecvMsgSize is nobody's option.
func (options) MaxRecvMsgSize(int) {}

func method(o options) { o.MaxRecvMsgSize(math.MaxInt32) }
