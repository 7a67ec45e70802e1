package keepalive

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/keepalive"
)

// Bad: what it is if nobody says otherwise.

type dialing struct {
	alive *keepalive.ClientParameters
	every time.Duration
}

type dialOption func(*dialing)

func withAlive(p keepalive.ClientParameters) dialOption {
	return func(d *dialing) { d.alive = &p }
}

var standard = keepalive.ClientParameters{
	Time:                11 * time.Second, // want `^servers may close the connection with too_many_pings: unless told otherwise it pings every 11s, they allow one per 5m \[conn/keepalive\]$`
	PermitWithoutStream: true,
}

func byOptions(addr string, options ...dialOption) (*grpc.ClientConn, error) {
	d := dialing{alive: &standard}
	for _, o := range options {
		o(&d)
	}
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(*d.alive))
}

func unlessGiven(addr string, p *keepalive.ClientParameters) (*grpc.ClientConn, error) {
	if p == nil {
		p = &keepalive.ClientParameters{Time: 12 * time.Second} // want `unless told otherwise it pings every 12s`
	}
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(*p))
}

// Config is what users write.
type Config struct{ Interval, Other time.Duration }

func ofConfig(addr string, c Config) (*grpc.ClientConn, error) {
	if c.Interval == 0 {
		c.Interval = 13 * time.Second
	}
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: c.Interval})) // want info `unless told otherwise it pings every 13s`
}

var every = 14 * time.Second

func ofOwnVariable(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: every})) // want `it pings every 14s, they allow one per 5m by default`
}

// Silent: one of several, and nobody knows which.

func oneOfTwo(addr string, c Config, busy bool) (*grpc.ClientConn, error) {
	c.Other = 10 * time.Minute
	if busy {
		c.Other = 10 * time.Second
	}
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: c.Other}))
}

func onlyGiven(addr string, p *keepalive.ClientParameters) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(*p))
}
