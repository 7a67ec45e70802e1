// Package nocredentials dials in ways that always fail.
package nocredentials

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/conn/nocredentials/opts"
)

// Bad.

func none(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr) // want `grpc.NewClient always fails here: no option sets transport credentials \[conn/no-credentials\]`
}

func others(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithUserAgent("x"), grpc.EmptyDialOption{}) // want `grpc.NewClient always fails here`
}

func dial(ctx context.Context, addr string) (*grpc.ClientConn, error) {
	return grpc.DialContext(ctx, addr, grpc.WithBlock()) // want `grpc.DialContext always fails here` `deprecated-dial`
}

func slice(addr string, agent bool) (*grpc.ClientConn, error) {
	var opts []grpc.DialOption
	if agent {
		opts = append(opts, grpc.WithUserAgent("x"))
	}
	return grpc.NewClient(addr, opts...) // want `grpc.NewClient always fails here`
}

func helper(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, opts.Named("x")...) // want `grpc.NewClient always fails here`
}

// token wants a secure transport.
type token string

func (t token) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return map[string]string{"authorization": string(t)}, nil
}

func (token) RequireTransportSecurity() bool { return true }

func secureToken(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithPerRPCCredentials(token("x")), // want `grpc.NewClient always fails here: these credentials require transport security and the connection has none`
	)
}

// Silent.

func insecurely(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

func deprecated(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithInsecure())
}

func bundle(addr string, b credentials.Bundle) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithCredentialsBundle(b))
}

// conditional has credentials on some way at least.
func conditional(addr string, tls bool) (*grpc.ClientConn, error) {
	var opts []grpc.DialOption
	if tls {
		opts = append(opts, grpc.WithTransportCredentials(credentials.NewTLS(nil)))
	}
	return grpc.NewClient(addr, opts...)
}

func parameter(addr string, opts ...grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, append(opts, grpc.WithUserAgent("x"))...)
}

func literal(addr string, opts ...grpc.DialOption) func() (*grpc.ClientConn, error) {
	return func() (*grpc.ClientConn, error) { return grpc.NewClient(addr, opts...) }
}

func unknown(addr string, option func() grpc.DialOption) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, option())
}

func secureHelper(addr string) (*grpc.ClientConn, error) { return grpc.NewClient(addr, opts.Secure()) }

type dialer struct{ opts []grpc.DialOption }

func (d *dialer) field(addr string) (*grpc.ClientConn, error) { return grpc.NewClient(addr, d.opts...) }

func secure(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithTransportCredentials(credentials.NewTLS(nil)), grpc.WithPerRPCCredentials(token("x")))
}

// maybe is insecure only if somebody says so.
func maybe(addr string, plain bool) (*grpc.ClientConn, error) {
	creds := credentials.NewTLS(nil)
	if plain {
		creds = insecure.NewCredentials()
	}
	return grpc.NewClient(addr, grpc.WithTransportCredentials(creds), grpc.WithPerRPCCredentials(token("x")))
}

// lax does not want one.
type lax struct{ token }

func (lax) RequireTransportSecurity() bool { return false }

func laxToken(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithPerRPCCredentials(lax{}))
}
