// Package stopper stops servers of others.
package stopper

import (
	"os"
	"time"

	"google.golang.org/grpc"
)

// Now stops one at once.
func Now(s *grpc.Server) { s.Stop() }

// Keep keeps one for later.
func Keep(s *grpc.Server) { kept = append(kept, s) }

var kept []*grpc.Server

// Wait waits for what runs.
func Wait(s *grpc.Server) { s.GracefulStop() }

// WaitLong waits for what runs, but not for ever.
func WaitLong(s *grpc.Server) {
	time.AfterFunc(time.Minute, func() { os.Exit(1) })
	s.GracefulStop()
}

// Tell tells those who run, and waits for them.
func Tell(s *grpc.Server, done chan struct{}) {
	close(done)
	s.GracefulStop()
}
