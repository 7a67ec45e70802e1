// Package imported has the services from packages that it imports only.
package imported

import (
	"google.golang.org/grpc"

	"example.com/testdata/serviceconfig/methods"
)

var _ = methods.Clients

func typo() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "Charged"}], "timeout": "5s"}, {"name": [{"service": "example.pay.v1.PaymentService"}]}]}`) // want `\[serviceconfig/unknown-method\]`
}

func unsafe() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "Charge"}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}, {"name": [{"service": "example.pay.v1.PaymentService"}]}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`) // want `\[serviceconfig/unsafe-retry\]`
}

// No client is made here: whose default it is, is not known.
func everything() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`)
}
