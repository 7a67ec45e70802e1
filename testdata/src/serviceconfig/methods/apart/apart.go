// Package apart disables retries in one place and has the config in another.
package apart

import (
	"google.golang.org/grpc"

	"example.com/testdata/stubs/paypb"
)

func payments(conn *grpc.ClientConn) paypb.PaymentServiceClient {
	return paypb.NewPaymentServiceClient(conn)
}

func options() []grpc.DialOption {
	return []grpc.DialOption{grpc.WithDisableRetry(), config()}
}

func config() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "Charge"}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}, {"name": [{"service": "example.pay.v1.PaymentService"}]}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`)
}
