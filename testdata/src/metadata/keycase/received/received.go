// Package received hands out metadata.
package received

import (
	"context"
	"net/http"

	"google.golang.org/grpc/metadata"
)

// Metadata returns what the client has sent.
func Metadata(ctx context.Context) metadata.MD {
	md, ok := metadata.FromIncomingContext(ctx)
	if !ok {
		return nil
	}
	return md
}

// FromHTTP returns headers with keys as HTTP/1 writes them.
func FromHTTP(h http.Header) metadata.MD { return metadata.MD(h) }
