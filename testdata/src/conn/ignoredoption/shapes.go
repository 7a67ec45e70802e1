package ignoredoption

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

type client struct{ opts []grpc.DialOption }

func newClient() *client {
	return &client{opts: []grpc.DialOption{
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithBlock(), // want `grpc.NewClient ignores grpc.WithBlock`
	}}
}

func (c *client) dial(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, c.opts...) // related `given to grpc.NewClient here`
}

type builder struct{ opts []grpc.DialOption }

func (b *builder) add(opts ...grpc.DialOption) *builder {
	b.opts = append(b.opts, opts...)
	return b
}

func (b *builder) build(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, b.opts...)
}

func build(addr string) (*grpc.ClientConn, error) {
	b := new(builder).add(grpc.WithTransportCredentials(insecure.NewCredentials()))
	return b.add(grpc.WithBlock()).build(addr) // want `grpc.NewClient ignores grpc.WithBlock`
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
var withBlock = func(b *builder) *builder { return b.add(grpc.WithBlock()) } // want `grpc.NewClient ignores grpc.WithBlock`

var dialWith = func(b *builder, addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, b.opts...) // related `given to grpc.NewClient here`
}

func byVariables(addr string) (*grpc.ClientConn, error) {
	return dialWith(withBlock(new(builder)), addr)
}

// Functional options, applied in a loop: each of two kinds has a connection of
// its own.
type dialing struct{ opts []grpc.DialOption }

type setting func(*dialing)

func blocks() setting {
	return func(d *dialing) { d.opts = append(d.opts, grpc.WithBlock()) } // want `grpc.NewClient ignores grpc.WithBlock` at "grpc.WithBlock()"
}

func bySettings(addr string, settings ...setting) (*grpc.ClientConn, error) {
	d := dialing{opts: []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}}
	for _, set := range settings {
		set(&d)
	}
	return grpc.NewClient(addr, d.opts...)
}

type applier interface{ apply(*dialing) }

type plain struct{ opt grpc.DialOption }

func (p plain) apply(d *dialing) { d.opts = append(d.opts, p.opt) }

func byAppliers(addr string, all ...applier) (*grpc.ClientConn, error) {
	d := dialing{opts: []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}}
	for _, a := range all {
		a.apply(&d)
	}
	return grpc.NewClient(addr, d.opts...)
}

func ofApplier(addr string) (*grpc.ClientConn, error) {
	return byAppliers(addr, plain{grpc.FailOnNonTempDialError(true)}) // want `grpc.NewClient ignores grpc.FailOnNonTempDialError` at "grpc.FailOnNonTempDialError(true)"
}
