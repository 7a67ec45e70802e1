package nocredentials

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials"
	"google.golang.org/grpc/credentials/insecure"
)

// Bad.

func insecureOption(addr string) (*grpc.ClientConn, error) {
	return grpc.Dial(addr, grpc.WithInsecure(), // want `deprecated-dial`
		grpc.WithPerRPCCredentials(token("x"))) // want `these credentials require transport security`
}

// Silent.

func bundled(addr string, b credentials.Bundle) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr,
		grpc.WithCredentialsBundle(b),
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithPerRPCCredentials(token("x")))
}

func perhapsSecure(addr string, secure bool, creds credentials.TransportCredentials) (*grpc.ClientConn, error) {
	opts := []grpc.DialOption{grpc.WithPerRPCCredentials(token("x"))}
	if secure {
		opts = append(opts, grpc.WithTransportCredentials(creds))
	} else {
		opts = append(opts, grpc.WithTransportCredentials(insecure.NewCredentials()))
	}
	return grpc.NewClient(addr, opts...)
}

func perhapsToken(addr string, auth bool) (*grpc.ClientConn, error) {
	opts := []grpc.DialOption{grpc.WithTransportCredentials(insecure.NewCredentials())}
	if auth {
		opts = append(opts, grpc.WithPerRPCCredentials(token("x")))
	}
	return grpc.NewClient(addr, opts...)
}

// NewCredentials makes others than the package of that name does.
func NewCredentials() credentials.TransportCredentials { return credentials.NewTLS(nil) }

func ownConstructor(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr,
		grpc.WithTransportCredentials(NewCredentials()),
		grpc.WithPerRPCCredentials(token("x")))
}

// open needs no secure transport.
type open struct{}

func (open) GetRequestMetadata(context.Context, ...string) (map[string]string, error) {
	return nil, nil
}

func (open) RequireTransportSecurity() bool { return false }

func openToken(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr,
		grpc.WithTransportCredentials(insecure.NewCredentials()),
		grpc.WithPerRPCCredentials(open{}))
}
