package server

import (
	"context"

	"google.golang.org/grpc/metadata"
)

// operatorKey is the header in which the gateway says who acts.
const operatorKey = "x-shop-operator"

// operator returns who acts, for the log.
func operator(ctx context.Context) string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get(operatorKey)[0]
}
