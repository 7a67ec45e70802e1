package keepalive

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

// Bad: written in one place, used in another.

func ofOwnHelper(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(quick()))
}

func quick() keepalive.ClientParameters {
	return keepalive.ClientParameters{Time: 25 * time.Second, PermitWithoutStream: true} // want `it pings every 25s`
}

type held struct{ params keepalive.ClientParameters }

func ofOwnField(addr string) (*grpc.ClientConn, error) {
	s := held{params: keepalive.ClientParameters{Time: 35 * time.Second, PermitWithoutStream: true}} // want `it pings every 35s`
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(s.params))
}

func assignedLater(addr string) (*grpc.ClientConn, error) {
	var params keepalive.ClientParameters
	params.Time = 45 * time.Second // want `it pings every 45s`
	params.PermitWithoutStream = true
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(params))
}

// Silent: what it is is not known, or it is changed.

func chosenBy(addr string, slow bool) (*grpc.ClientConn, error) {
	params := quick()
	if slow {
		params.Time = 10 * time.Minute
	}
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(params))
}

func passedOn(addr string, params keepalive.ClientParameters) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(params))
}

func filledBy(addr string, fill func(*keepalive.ClientParameters)) (*grpc.ClientConn, error) {
	params := keepalive.ClientParameters{Time: 10 * time.Second, PermitWithoutStream: true}
	fill(&params)
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(params))
}
