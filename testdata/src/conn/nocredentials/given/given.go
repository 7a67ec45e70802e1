// Package given has its connections from another package.
package given

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/conn/nocredentials/given/open"
)

func bare(addr string) (*grpc.ClientConn, error) {
	return open.With(addr, grpc.WithUserAgent("x")) // want `^open.With always fails here: no option sets transport credentials` at "open.With"
}

func agents() []grpc.DialOption { return []grpc.DialOption{grpc.WithUserAgent("x")} }

func byFunction(addr string) (*grpc.ClientConn, error) {
	return open.By(addr, agents) // want `open.By always fails here`
}

func plain(addr string) (*grpc.ClientConn, error) {
	return open.With(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

func added(addr string) (*grpc.ClientConn, error) { return open.Plain(addr) }

func elsewhere(addr string) (*grpc.ClientConn, error) { return open.Bare(addr) }

func last(addr string) (*grpc.ClientConn, error) { return open.Last(addr, agents()) }

// Exported hands on what it gets.
func Exported(addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return open.With(addr, opts...)
}

func whoKnows(addr string, options func() []grpc.DialOption) (*grpc.ClientConn, error) {
	return open.By(addr, options)
}

// WhoKnows is for others.
func WhoKnows(addr string, options func() []grpc.DialOption) (*grpc.ClientConn, error) {
	return whoKnows(addr, options)
}

var _ = []any{bare, byFunction, plain, added, elsewhere, last}
