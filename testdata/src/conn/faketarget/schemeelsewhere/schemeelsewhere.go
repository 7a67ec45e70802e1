// Package schemeelsewhere imports a package that changes the scheme of
// targets that have none: silent.
package schemeelsewhere

import (
	"context"
	"net"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/test/bufconn"

	"example.com/testdata/conn/faketarget/scheme"
)

var other = scheme.Connect

func connect(lis *bufconn.Listener) (*grpc.ClientConn, error) {
	return grpc.NewClient("bufnet", grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) { return lis.Dial() }))
}
