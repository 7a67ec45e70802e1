// Package compressor registers the compressor for others, and is no user of
// gRPC otherwise.
package compressor

import _ "google.golang.org/grpc/encoding/gzip"

// On does nothing.
func On() {}
