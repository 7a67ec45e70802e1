// Package dialercontext has dialers that tie what they return to the
// context of the dial, and some that do not.
package dialercontext

import (
	"context"
	"io"
	"net"
	"os/exec"
	"time"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

// Bad.

func process() grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
		return start(exec.CommandContext(ctx, "ssh", "host", "nc", "-U", "/run/orders.sock")) // want `the process ends as soon as the connection is set up` at "ctx"
	})
}

func started() grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		cmd := exec.CommandContext(ctx, "ssh", "-L", addr) // want `the process ends as soon as the connection is set up: grpc-go cancels the dialer's context then \[conn/dialer-context\]` at "ctx"
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		return net.Dial("tcp", addr)
	})
}

type chatConn struct {
	net.Conn
	stream grpc.BidiStreamingClient[orderpb.ChatMessage, orderpb.ChatMessage]
}

func stream(peer orderpb.OrderServiceClient) grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
		s, err := peer.Chat(ctx) // want `the Chat stream ends as soon as the connection is set up` at "ctx"
		if err != nil {
			return nil, err
		}
		return &chatConn{stream: s}, nil
	})
}

func streamInHelper(peer orderpb.OrderServiceClient) grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
		ctx, cancel := context.WithTimeout(ctx, time.Second)
		s, err := peer.Chat(context.WithValue(ctx, key{}, "x")) // want `the Chat stream ends as soon`
		if err != nil {
			cancel()
			return nil, err
		}
		return wrap(s, cancel), nil
	})
}

type key struct{}

func wrap(s grpc.BidiStreamingClient[orderpb.ChatMessage, orderpb.ChatMessage], _ func()) net.Conn {
	return &chatConn{stream: s}
}

func named(ctx context.Context, addr string) (net.Conn, error) {
	cmd := exec.CommandContext(ctx, "tunnel", addr) // want `the process ends as soon`
	if err := cmd.Start(); err != nil {
		return nil, err
	}
	return net.Dial("unix", "/run/tunnel.sock")
}

func ofNamed() grpc.DialOption { return grpc.WithContextDialer(named) }

func factory(peer orderpb.OrderServiceClient) func(context.Context, string) (net.Conn, error) {
	return func(ctx context.Context, _ string) (net.Conn, error) {
		s, err := peer.Chat(ctx) // want `the Chat stream ends as soon`
		return &chatConn{stream: s}, err
	}
}

func ofFactory(peer orderpb.OrderServiceClient) grpc.DialOption {
	return grpc.WithContextDialer(factory(peer))
}

// Silent.

func plain() grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		return new(net.Dialer).DialContext(ctx, "tcp", addr)
	})
}

// start is where a process may be started or not: not followed.
func start(cmd *exec.Cmd) (net.Conn, error) { return nil, cmd.Start() }

// finished runs a command to its end.
func finished() grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		out, err := exec.CommandContext(ctx, "resolve", addr).Output()
		if err != nil {
			return nil, err
		}
		return net.Dial("tcp", string(out))
	})
}

func waited() grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, addr string) (net.Conn, error) {
		cmd := exec.CommandContext(ctx, "prepare", addr)
		if err := cmd.Start(); err != nil {
			return nil, err
		}
		defer cmd.Wait()
		return net.Dial("tcp", addr)
	})
}

// own has a context of its own.
func own(life context.Context, peer orderpb.OrderServiceClient) grpc.DialOption {
	return grpc.WithContextDialer(func(context.Context, string) (net.Conn, error) {
		s, err := peer.Chat(life)
		return &chatConn{stream: s}, err
	})
}

func detached(peer orderpb.OrderServiceClient) grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, _ string) (net.Conn, error) {
		s, err := peer.Chat(context.WithoutCancel(ctx))
		return &chatConn{stream: s}, err
	})
}

// lookup makes a unary RPC to find the address.
func lookup(peer orderpb.OrderServiceClient) grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, name string) (net.Conn, error) {
		order, err := peer.GetOrder(ctx, &orderpb.GetOrderRequest{Name: name})
		if err != nil {
			return nil, err
		}
		return net.Dial("tcp", order.GetCustomer())
	})
}

// drained reads a stream to its end before it dials.
func drained(peer orderpb.OrderServiceClient) grpc.DialOption {
	return grpc.WithContextDialer(func(ctx context.Context, name string) (net.Conn, error) {
		s, err := peer.WatchOrders(ctx, &orderpb.WatchOrdersRequest{Customer: name})
		if err != nil {
			return nil, err
		}
		addr := ""
		for {
			event, err := s.Recv()
			if err == io.EOF {
				return net.Dial("tcp", addr)
			}
			if err != nil {
				return nil, err
			}
			addr = event.GetOrder().GetName()
		}
	})
}

// command is no dialer.
func command(ctx context.Context) error {
	cmd := exec.CommandContext(ctx, "serve")
	return cmd.Start()
}
