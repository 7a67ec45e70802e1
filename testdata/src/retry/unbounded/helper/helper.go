// Package helper tries again, for others.
package helper

import (
	"time"

	"google.golang.org/grpc"
)

// Forever runs f until it succeeds.
func Forever(f func() error) error {
	for {
		if err := f(); err == nil {
			return nil
		}
		<-time.After(time.Second)
	}
}

// Option is for every call.
func Option() grpc.CallOption { return grpc.WaitForReady(true) }
