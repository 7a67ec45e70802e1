// Package compressor registers the compressor for others.
package compressor

import (
	"google.golang.org/grpc"
	_ "google.golang.org/grpc/encoding/gzip"
)

// On returns the option that uses it.
func On() grpc.CallOption { return grpc.UseCompressor("gzip") }
