// Package stopper stops servers of others.
package stopper

import "google.golang.org/grpc"

// Now stops one at once.
func Now(s *grpc.Server) { s.Stop() }

// Keep keeps one for later.
func Keep(s *grpc.Server) { kept = append(kept, s) }

var kept []*grpc.Server
