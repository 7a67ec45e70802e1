package across

import (
	"context"

	"google.golang.org/grpc/metadata"
)

// Tenants is below what uses it.
func Tenants(ctx context.Context) []string {
	md, _ := metadata.FromIncomingContext(ctx)
	return md.Get("tenant")
}
