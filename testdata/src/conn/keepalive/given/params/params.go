// Package params has parameters for others.
package params

import (
	"time"

	"google.golang.org/grpc/keepalive"
)

// Often pings often.
func Often() keepalive.ClientParameters {
	return keepalive.ClientParameters{Time: 20 * time.Second, PermitWithoutStream: true}
}

// Seldom does not.
func Seldom() keepalive.ClientParameters {
	return keepalive.ClientParameters{Time: 10 * time.Minute, Timeout: time.Second}
}

// Every pings as it is told.
func Every(d time.Duration) keepalive.ClientParameters { return keepalive.ClientParameters{Time: d} }

// Perhaps pings often, or not at all.
func Perhaps(often bool) keepalive.ClientParameters {
	if !often {
		return keepalive.ClientParameters{}
	}
	return keepalive.ClientParameters{Time: 20 * time.Second, PermitWithoutStream: true}
}
