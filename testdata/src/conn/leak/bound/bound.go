// Package bound opens connections by methods that are kept in variables.
package bound

import (
	"context"

	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"

	"example.com/testdata/stubs/orderpb"
)

type opener struct{}

func (opener) open(target string) (*grpc.ClientConn, error) {
	return grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
}

func closed(ctx context.Context, target string) error {
	open := opener{}.open
	conn, err := open(target)
	if err != nil {
		return err
	}
	defer conn.Close()
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, nil)
	return err
}

func closedByHelper(ctx context.Context, target string) error {
	open := opener{}.open
	conn, err := open(target)
	if err != nil {
		return err
	}
	defer release(conn)
	_, err = orderpb.NewOrderServiceClient(conn).GetOrder(ctx, nil)
	return err
}

func release(conn *grpc.ClientConn) { conn.Close() }

func closer(target string) (*grpc.ClientConn, func() error, error) {
	open := opener{}.open
	conn, err := open(target)
	if err != nil {
		return nil, nil, err
	}
	return conn, func() error { return conn.Close() }, nil
}

func kept(target string) ([]*grpc.ClientConn, error) {
	open := opener{}.open
	conn, err := open(target)
	if err != nil {
		return nil, err
	}
	return []*grpc.ClientConn{conn}, nil
}

func inLiteral(target string) error {
	open := opener{}.open
	conn, err := open(target)
	if err != nil {
		return err
	}
	defer func() { conn.Close() }()
	return nil
}

func left(target string) error {
	open := opener{}.open
	conn, err := open(target) // want `conn leaks: left opens it with \(opener\)\.open and nothing closes it`
	if err != nil {
		return err
	}
	_ = conn
	return nil
}

// The function that opens it is handed to one in a variable.

var opens = func(open func(string) (*grpc.ClientConn, error), target string) (*grpc.ClientConn, error) {
	return open(target)
}

func leftByVariable(target string) error {
	conn, err := opens(opener{}.open, target) // want `conn leaks: leftByVariable opens it with`
	if err != nil {
		return err
	}
	_ = conn
	return nil
}

func closedByVariable(target string) error {
	conn, err := opens(opener{}.open, target)
	if err != nil {
		return err
	}
	return conn.Close()
}

type ender struct{}

func (ender) end(conn *grpc.ClientConn) { conn.Close() }

func (ender) look(conn *grpc.ClientConn) {}

func closedByBound(target string) error {
	end := ender{}.end
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	defer end(conn)
	return nil
}

func calledAtOnce(target string) error {
	end := ender{}.end
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials()))
	if err != nil {
		return err
	}
	end(conn)
	return nil
}

func lookedAt(target string) error {
	look := ender{}.look
	conn, err := grpc.NewClient(target, grpc.WithTransportCredentials(insecure.NewCredentials())) // want `conn leaks`
	if err != nil {
		return err
	}
	look(conn)
	return nil
}
