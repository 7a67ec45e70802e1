package ignoredoption

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

type client struct{ opts []grpc.DialOption }

func newClient() *client {
	return &client{opts: []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithBlock(), // related `grpc.WithBlock comes from here`
	}}
}

func (c *client) dial(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, c.opts...) // want `grpc.NewClient ignores grpc.WithBlock`
}

type builder struct{ opts []grpc.DialOption }

func (b *builder) add(opts ...grpc.DialOption) *builder {
	b.opts = append(b.opts, opts...)
	return b
}

func (b *builder) build(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, b.opts...) // want `grpc.NewClient ignores grpc.WithBlock`
}

func build(addr string) (*grpc.ClientConn, error) {
	b := new(builder).add(grpc.WithTransportCredentials(insecure.NewCredentials()))
	return b.add(grpc.WithBlock()).build(addr)
}

func byLiteral(addr string) (*grpc.ClientConn, error) {
	dial := func(opts ...grpc.DialOption) (*grpc.ClientConn, error) {
		opts = append(opts, grpc.WithTransportCredentials(insecure.NewCredentials()))
		return grpc.NewClient(addr, opts...)
	}
	return dial(grpc.WithBlock()) // want `grpc.NewClient ignores grpc.WithBlock`
}

func byLoop(addr string, all ...grpc.DialOption) (*grpc.ClientConn, error) {
	var opts []grpc.DialOption
	for _, o := range []grpc.DialOption{grpc.WithBlock(), grpc.WithUserAgent("x")} { // want `grpc.NewClient ignores grpc.WithBlock`
		opts = append(opts, o)
	}
	for _, o := range all {
		opts = append(opts, o)
	}
	return grpc.NewClient(addr, opts...)
}

// A literal in a package variable is apart from another one.
var withBlock = func(b *builder) *builder { return b.add(grpc.WithBlock()) }

var dialWith = func(b *builder, addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, b.opts...) // want `grpc.NewClient ignores grpc.WithBlock`
}

func byVariables(addr string) (*grpc.ClientConn, error) {
	return dialWith(withBlock(new(builder)), addr)
}
