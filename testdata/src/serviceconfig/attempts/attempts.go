// Package attempts has no grpc.WithMaxCallAttempts: five is the limit.
package attempts

import (
	"google.golang.org/grpc"
	"google.golang.org/grpc/credentials/insecure"
)

const eight = `{"methodConfig": [{"name": [{}], "timeout": "20s", "retryPolicy": {"maxAttempts": 8, "initialBackoff": "0.1s",` + // want `\[serviceconfig/clamped-attempts\]`
	` "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}], "retryThrottling": {"maxTokens": 100, "tokenRatio": 0.1}}`

func clamped() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders", grpc.WithTransportCredentials(insecure.NewCredentials()), grpc.WithDefaultServiceConfig(eight))
}

var _ = clamped
