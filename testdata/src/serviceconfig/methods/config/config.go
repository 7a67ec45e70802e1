// Package config holds service configs for others, and knows no services.
package config

import "google.golang.org/grpc"

const Retry = `{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService"}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`

// Nothing is known of the service here.
func Own() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "Nothing"}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}, {"name": [{"service": "example.pay.v1.PaymentService"}]}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`)
}

// A default, and no client in sight.
func Default() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`)
}

// Option passes a config on.
func Option(text string) grpc.DialOption { return grpc.WithDefaultServiceConfig(text) }
