package keepalive

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

var young = keepalive.ServerParameters{MaxConnectionAge: time.Hour} // want `streams keep connections open whatever their age`

func ofVariable() *grpc.Server { return grpc.NewServer(grpc.KeepaliveParams(young)) }

func params() keepalive.ServerParameters {
	return keepalive.ServerParameters{Time: 20 * time.Second} // want `clients that ping every 20s are disconnected`
}

func ofHelper() *grpc.Server { return grpc.NewServer(grpc.KeepaliveParams(params())) }

// Silent.

func completed() *grpc.Server {
	p := keepalive.ServerParameters{MaxConnectionAge: time.Hour}
	p.MaxConnectionAgeGrace = time.Minute
	return grpc.NewServer(grpc.KeepaliveParams(p))
}
