// Package dialer connects for other packages.
package dialer

import (
	"github.com/grpc-ecosystem/go-grpc-middleware/v2/interceptors/retry"
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

// Dial retries streams, too.
func Dial(addr string) (*grpc.ClientConn, error) {
	options := []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithStreamInterceptor(retry.StreamClientInterceptor(retry.WithMax(3))),
	}
	return grpc.NewClient(addr, options...)
}
