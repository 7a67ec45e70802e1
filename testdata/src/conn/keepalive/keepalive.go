// Package keepalive pings, sometimes too often.
package keepalive

import (
	"time"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
	"google.golang.org/grpc/keepalive"
)

var creds = grpc.WithTransportCredentials(insecure.NewCredentials())

// Bad.

func often(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{
		Time:                10 * time.Second, // want `servers may close the connection with too_many_pings: it pings every 10s, they allow one per 5m by default \[conn/keepalive\]`
		Timeout:             time.Second,
		PermitWithoutStream: true,
	}))
}

func clamped(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: time.Second, PermitWithoutStream: true})) // want `it pings every 10s`
}

var params = keepalive.ClientParameters{
	Time:                30 * time.Second, // want `it pings every 30s`
	PermitWithoutStream: true,
}

func ofVariable(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(params))
}

func ofLocal(addr string) (*grpc.ClientConn, error) {
	const interval = 20 * time.Second
	params := keepalive.ClientParameters{Time: interval, PermitWithoutStream: true} // want `it pings every 20s`
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(params))
}

func options() []grpc.DialOption {
	return []grpc.DialOption{grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 15 * time.Second, PermitWithoutStream: true})} // want `it pings every 15s`
}

// duringRPCs pings too often for a server that says nothing.
func duringRPCs(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 30 * time.Second})) // want `it pings every 30s`
}

// seldom is information only.
func seldom(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 2 * time.Minute, PermitWithoutStream: true})) // want info `it pings every 2m`
}

// asAdvised pings as often as gRPC's guide advises to at most.
func asAdvised(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: time.Minute})) // want info `it pings every 1m`
}

// Silent.

func allowed(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: 5 * time.Minute}))
}

func configured(addr string, interval time.Duration) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Time: interval}))
}

func noTime(addr string) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(keepalive.ClientParameters{Timeout: time.Second}))
}

func changed(addr string, interval time.Duration) (*grpc.ClientConn, error) {
	params := keepalive.ClientParameters{Time: 10 * time.Second}
	if interval > 0 {
		params.Time = interval
	}
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(params))
}

func changedElsewhere(addr string, change func(*keepalive.ClientParameters)) (*grpc.ClientConn, error) {
	params := keepalive.ClientParameters{Time: 10 * time.Second}
	change(&params)
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(params))
}

func parameter(addr string, params keepalive.ClientParameters) (*grpc.ClientConn, error) {
	return grpc.NewClient(addr, creds, grpc.WithKeepaliveParams(params))
}

// server's own pings are another matter.
func server() *grpc.Server {
	return grpc.NewServer(grpc.KeepaliveParams(keepalive.ServerParameters{Time: 10 * time.Second}))
}

func unrelated() keepalive.ClientParameters {
	return keepalive.ClientParameters{Time: 10 * time.Second}
}
