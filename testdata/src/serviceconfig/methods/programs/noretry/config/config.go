// Package config offers service configs, and one that its user has no use for.
package config

import (
	"google.golang.org/grpc"

	"example.com/testdata/stubs/paypb"
)

func Payments(conn *grpc.ClientConn) paypb.PaymentServiceClient {
	return paypb.NewPaymentServiceClient(conn)
}

// Unused goes beside WithDisableRetry.
func Unused() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "Charge"}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}, {"name": [{"service": "example.pay.v1.PaymentService"}]}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`)
}

func Used() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "Charge"}], "timeout": "4s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}, {"name": [{"service": "example.pay.v1.PaymentService"}]}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`) // want `\[serviceconfig/unsafe-retry\]`
}
