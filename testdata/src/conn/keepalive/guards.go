package keepalive

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

// Bad.

func anHour(addr string) (*grpc.ClientConn, error) {
	often := keepalive.ClientParameters{Time: 20 * time.Second, PermitWithoutStream: false} // want `it pings every 20s`
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(often))
}

// Silent.

// WithKeepaliveParams is not grpc's.
func WithKeepaliveParams(keepalive.ClientParameters) grpc.DialOption { return nil }

func ofOthers(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, WithKeepaliveParams(keepalive.ClientParameters{Time: 20 * time.Second}))
}

type settings struct{ params keepalive.ClientParameters }

func ofField(addr string, s *settings) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(s.params))
}

func never(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 0}))
}

func backwards(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: -time.Second}))
}

func assignedAgain(addr string, seldom bool) (*grpc.ClientConn, error) {
	params := keepalive.ClientParameters{Time: 20 * time.Second}
	if seldom {
		params = keepalive.ClientParameters{Time: time.Hour}
	}
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(params))
}

func filledElsewhere(addr string, fill func(*keepalive.ClientParameters)) (*grpc.ClientConn, error) {
	params := keepalive.ClientParameters{Time: 20 * time.Second}
	fill(&params)
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(params))
}

func read(n *int) keepalive.ClientParameters {
	return keepalive.ClientParameters{Time: time.Duration(*n)}
}

func ofFunction(addr string, n *int) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(read(n)))
}
