// Package keepalivetimeout finds dead connections.
package keepalivetimeout

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

func never() grpc.ServerOption {
	return grpc.KeepaliveParams(keepalive.ServerParameters{
		Timeout: 20 * time.Second, // want `dead connections are found after 2h only: Timeout counts from a ping, and Time, which is not set, is between pings \[server/keepalive-timeout\]`
	})
}

func short() grpc.ServerOption {
	return grpc.KeepaliveParams(keepalive.ServerParameters{
		Time:    10 * time.Minute,
		Timeout: 100 * time.Millisecond, // want `clients on a slow network lose their connections: the server waits 100ms for the answer to a ping`
	})
}

// What follows is right, or not known to be wrong.

func both() grpc.ServerOption {
	return grpc.KeepaliveParams(keepalive.ServerParameters{Time: 10 * time.Minute, Timeout: 20 * time.Second})
}

func idle() grpc.ServerOption {
	return grpc.KeepaliveParams(keepalive.ServerParameters{MaxConnectionIdle: time.Minute})
}

func given(timeout time.Duration) grpc.ServerOption {
	return grpc.KeepaliveParams(keepalive.ServerParameters{Time: time.Hour, Timeout: timeout})
}
