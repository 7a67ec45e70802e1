// Package connectparamslater sets the backoff when it has read its settings.
package connectparamslater

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
)

func params(base time.Duration) grpc.ConnectParams {
	p := grpc.ConnectParams{MinConnectTimeout: time.Second}
	p.Backoff = backoff.DefaultConfig
	if base > 0 {
		p.Backoff.BaseDelay = base
	}
	return p
}
