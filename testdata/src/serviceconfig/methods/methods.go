// Package methods tests service configs in Go strings that are judged
// together with the generated code of the services that they are for.
package methods

import (
	"google.golang.org/grpc"

	"example.com/testdata/serviceconfig/methods/config"
	"example.com/testdata/stubs/orderpb"
	"example.com/testdata/stubs/paypb"
)

func payments(conn *grpc.ClientConn) paypb.PaymentServiceClient {
	return paypb.NewPaymentServiceClient(conn)
}

func orders(conn *grpc.ClientConn) orderpb.OrderServiceClient {
	return orderpb.NewOrderServiceClient(conn)
}

func goType() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentServiceClient"}], "timeout": "3600s"}]}`) // want `\[serviceconfig/unknown-service\]`
}

func plural() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentServices"}], "timeout": "3600s"}]}`) // want `\[serviceconfig/unknown-service\]`
}

func noPackage() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "PaymentService"}], "timeout": "3600s"}]}`) // want `\[serviceconfig/unknown-service\]`
}

func packageOnly() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1"}], "timeout": "3600s"}]}`) // want `\[serviceconfig/unknown-service\]`
}

func blank() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "elsewhere.v1.Thing "}], "timeout": "3600s"}]}`) // want `\[serviceconfig/unknown-service\]`
}

func typo() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "Charges"}], "timeout": "3600s"}, {"name": [{"service": "example.pay.v1.PaymentService"}]}]}`) // want `\[serviceconfig/unknown-method\]`
}

func letterCase() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "getPayment"}], "timeout": "3600s"}, {"name": [{"service": "example.pay.v1.PaymentService"}]}]}`) // want `\[serviceconfig/unknown-method\]`
}

func missing() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "Nothing"}], "timeout": "3600s"}, {"name": [{"service": "example.pay.v1.PaymentService"}]}]}`) // want `\[serviceconfig/unknown-method\]`
}

func right() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "GetPayment"}, {"service": "example.order.v1.OrderService", "method": "ListOrders"}, {"service": "grpc.health.v1.Health"}], "timeout": "5s"}, {"name": [{"service": "example.pay.v1.PaymentService"}, {"service": "example.order.v1.OrderService"}]}]}`)
}

// The package may have services in other Go packages.
func silentNames() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.Payouts"}, {"service": "example.pay.v2.PaymentService"}, {"service": "x.AdminServer"}], "timeout": "5s"}]}`)
}

func unsafe() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService"}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`) // want `\[serviceconfig/unsafe-retry\]` `\[serviceconfig/stream-timeout\]` `\[serviceconfig/stream-retry\]`
}

func unsafeByName() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "GetPayment"}, {"service": "example.pay.v1.PaymentService", "method": "Charge"}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}, {"name": [{"service": "example.pay.v1.PaymentService"}]}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`) // want `\[serviceconfig/unsafe-retry\]`
}

func reads() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "GetPayment"}, {"service": "example.pay.v1.PaymentService", "method": "ListPayments"}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}, {"name": [{"service": "example.pay.v1.PaymentService"}]}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`)
}

func idempotent() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "SetLimit"}, {"service": "example.pay.v1.PaymentService", "method": "DeleteAccount"}, {"service": "example.pay.v1.PaymentService", "method": "UpdateAccount"}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}, {"name": [{"service": "example.pay.v1.PaymentService"}]}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`)
}

// Whether callers set the token is for others to find out.
func withToken() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "Refund"}, {"service": "example.order.v1.OrderService", "method": "CreateOrder"}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}, {"name": [{"service": "example.pay.v1.PaymentService"}, {"service": "example.order.v1.OrderService"}]}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`)
}

func uploads() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "ImportPayments"}], "timeout": "60s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}, {"name": [{"service": "example.pay.v1.PaymentService"}]}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`) // want `\[serviceconfig/stream-retry\]`
}

// Without retries, what the policy says is nobody's concern.
func disabled() []grpc.DialOption {
	return []grpc.DialOption{
		grpc.WithDisableRetry(),
		grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "Charge"}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}, {"name": [{"service": "example.pay.v1.PaymentService"}]}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`),
	}
}

func hedged() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "Charge"}], "timeout": "5s", "hedgingPolicy": {"maxAttempts": 3}}, {"name": [{"service": "example.pay.v1.PaymentService"}]}]}`) // want `\[serviceconfig/hedging-ignored\]`
}

func hedgedRead() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "GetPayment"}], "timeout": "5s", "hedgingPolicy": {"maxAttempts": 3}}, {"name": [{"service": "example.pay.v1.PaymentService"}]}]}`) // want `\[serviceconfig/hedging-ignored\]`
}

func streams() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService"}], "timeout": "5s"}]}`) // want `\[serviceconfig/stream-timeout\]`
}

func chosen() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.order.v1.OrderService", "method": "WatchOrders"}], "timeout": "5s"}, {"name": [{"service": "example.order.v1.OrderService"}]}]}`)
}

func longLived() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.order.v1.OrderService"}], "timeout": "3600s"}]}`)
}

func waits() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.order.v1.OrderService", "method": "GetOrder"}], "waitForReady": true}, {"name": [{"service": "example.order.v1.OrderService"}]}]}`) // want info `\[serviceconfig/no-timeout\]`
}

func waitsWithTimeout() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.order.v1.OrderService", "method": "GetOrder"}], "waitForReady": true, "timeout": "5s"}, {"name": [{"service": "example.order.v1.OrderService"}]}]}`)
}

func waitsOnPurpose() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{"service": "example.order.v1.OrderService", "method": "GetOrder"}], "waitForReady": true, "timeout": null}, {"name": [{"service": "example.order.v1.OrderService"}]}]}`)
}

// The default is for the services that the package calls: both.
func everything() grpc.DialOption {
	return grpc.WithDefaultServiceConfig(`{"methodConfig": [{"name": [{}], "timeout": "5s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}], "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`) // want warning `\[serviceconfig/unsafe-retry\]` `\[serviceconfig/stream-timeout\]`
}

// The config stands in another package, which does not know the services.
func fromElsewhere() grpc.DialOption { return grpc.WithDefaultServiceConfig(config.Retry) } // want `\[serviceconfig/unsafe-retry\]` `\[serviceconfig/stream-timeout\]` `\[serviceconfig/stream-retry\]`

// A function of another package passes it on.
func passedOn() grpc.DialOption {
	return config.Option(`{"methodConfig": [{"name": [{"service": "example.pay.v1.PaymentService", "method": "Pay"}], "timeout": "3600s"}, {"name": [{"service": "example.pay.v1.PaymentService"}]}]}`) // want `\[serviceconfig/unknown-method\]`
}

// Clients is what others import this package for.
func Clients(conn *grpc.ClientConn) (paypb.PaymentServiceClient, orderpb.OrderServiceClient) {
	return payments(conn), orders(conn)
}
