package leak

import (
	"context"

	"google.golang.org/grpc"

	"example.com/testdata/stubs/orderpb"
)

// fromTemplate is what a tool makes of a template: line 19 is in this file.
func fromTemplate(ctx context.Context, addr string, bad bool) (*orderpb.Order, error) {
//line template.y:1000
	conn, err := grpc.NewClient(addr, creds) // want `conn leaks when fromTemplate returns at line 19:`
	if err != nil {
		return nil, err
	}
	if bad {
		return nil, errBad // related `returns without closing conn`
	}
	defer conn.Close()
	return orderpb.NewOrderServiceClient(conn).GetOrder(ctx, nil)
}

func fromTemplateNever(ctx context.Context, addr string) (*orderpb.Order, error) {
//line template.y:1000
	conn, err := grpc.NewClient(addr, creds) // want `conn leaks: fromTemplateNever opens it`
	if err != nil {
		return nil, err
	}
	return orderpb.NewOrderServiceClient(conn).GetOrder(ctx, nil) // related `returns without closing conn`
}
