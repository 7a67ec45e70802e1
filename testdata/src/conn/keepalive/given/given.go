// Package given has its parameters from another package.
package given

import (
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/conn/keepalive/given/params"
)

func options() []grpc.DialOption {
	return []grpc.DialOption{
		grpc.WithKeepaliveParams(params.Often()), // want `servers may close the connection with too_many_pings: it pings every 20s` at "params.Often()"
		grpc.WithKeepaliveParams(params.Seldom()),
		grpc.WithKeepaliveParams(params.Every(time.Second)),
		grpc.WithKeepaliveParams(params.Perhaps(true)),
	}
}

func changed() grpc.DialOption {
	p := params.Often()
	p.Time = time.Hour
	return grpc.WithKeepaliveParams(p)
}
