package zerolimit

import (
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/server/zerolimit/limits"
)

// What follows is right, or not known to be wrong.

func some() *grpc.Server {
	return grpc.NewServer(
		grpc.ConnectionTimeout(5*time.Second),
		grpc.MaxRecvMsgSize(8<<20),
		grpc.MaxSendMsgSize(1),
		grpc.MaxConcurrentStreams(100),
		grpc.NumStreamWorkers(0),
		grpc.InitialWindowSize(0),
		grpc.ReadBufferSize(0),
	)
}

func unknown(timeout time.Duration, size int) *grpc.Server {
	return grpc.NewServer(grpc.ConnectionTimeout(timeout), limits.Size(size), limits.Size(0))
}

type server struct{}

// ConnectionTimeout is nobody's option.
func (server) ConnectionTimeout(time.Duration) {}

func method(s server) { s.ConnectionTimeout(0) }
