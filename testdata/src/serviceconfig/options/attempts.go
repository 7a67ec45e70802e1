package options

import "google.golang.org/grpc"

const eight = `{"methodConfig": [{"name": [{}], "timeout": "20s", "retryPolicy": {"maxAttempts": 8, "initialBackoff": "0.1s",` +
	` "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}], "retryThrottling": {"maxTokens": 100, "tokenRatio": 0.1}}`

// Eight attempts are eight with the option beside the config.
func allowed() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///orders", creds(), grpc.WithDefaultServiceConfig(eight), grpc.WithMaxCallAttempts(10))
}

var _ = allowed
