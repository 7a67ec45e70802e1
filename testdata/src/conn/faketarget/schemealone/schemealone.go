// Package schemealone is right with the scheme that an import has set which
// imports nothing else of grpc-go.
package schemealone

import (
	"context"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	_ "example.com/testdata/conn/faketarget/schemealone/preset"
)

func connect(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("bufnet", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) { return lis.Dial() }))
}
