// Package connectparams sets how connections are made.
package connectparams

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/backoff"
)

func timeoutAlone() grpc.DialOption {
	return grpc.WithConnectParams(grpc.ConnectParams{MinConnectTimeout: time.Second}) // want `a server that is down is connected to without a pause: ConnectParams has no Backoff, and its zero value waits 0 \[conn/connect-params\]`
}

func inVariable() grpc.DialOption {
	params := grpc.ConnectParams{ // want `conn/connect-params`
		MinConnectTimeout: 20 * time.Second,
	}
	return grpc.WithConnectParams(params)
}

var global = grpc.ConnectParams{MinConnectTimeout: time.Second} // want `conn/connect-params`

type settings struct{ params grpc.ConnectParams }

func inField() settings {
	return settings{params: grpc.ConnectParams{MinConnectTimeout: time.Minute}} // want `conn/connect-params`
}

func pointer(d time.Duration) *grpc.ConnectParams {
	return &grpc.ConnectParams{MinConnectTimeout: d} // want `conn/connect-params`
}

// It is set.
func both() grpc.DialOption {
	return grpc.WithConnectParams(grpc.ConnectParams{Backoff: backoff.DefaultConfig, MinConnectTimeout: time.Second})
}

// One that is put together elsewhere.
func configured(c backoff.Config) grpc.ConnectParams {
	return grpc.ConnectParams{MinConnectTimeout: time.Second, Backoff: c}
}

// The backoff alone.
func backoffAlone() grpc.ConnectParams {
	return grpc.ConnectParams{Backoff: backoff.Config{BaseDelay: time.Second, Multiplier: 2, MaxDelay: time.Minute}}
}

// An empty one says nothing yet.
func empty() grpc.ConnectParams { return grpc.ConnectParams{} }

// So does a variable.
func zero() (p grpc.ConnectParams) { return p }

// Somebody else's.
func given(p grpc.ConnectParams) grpc.DialOption { return grpc.WithConnectParams(p) }

// Another type of that name.
type ConnectParams struct{ MinConnectTimeout time.Duration }

func other() ConnectParams { return ConnectParams{MinConnectTimeout: time.Second} }

// Another type with such a field.
func config() backoff.Config { return backoff.Config{BaseDelay: time.Second} }
