// Package probes serves on a port for probes.
package probes

import (
	"net"

	"google.golang.org/grpc"
)

// Start serves in the background.
func Start(s *grpc.Server, port net.Listener) {
	go func() { _ = s.Serve(port) }()
}
