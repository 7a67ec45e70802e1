// Package scheme changes the scheme of targets that have none.
package scheme

import (
	"context"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/resolver"
	"google.golang.org/grpc/test/bufconn"
)

func init() { resolver.SetDefaultScheme("passthrough") }

// Connect is right with that scheme.
func Connect(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("bufnet", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) { return lis.Dial() }))
}
