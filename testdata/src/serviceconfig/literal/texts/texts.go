// Package texts makes service configs and knows nothing of gRPC.
package texts

import (
	"fmt"
	"strconv"
)

const policy = `{"methodConfig": [{"name": [{"service": "shop.v1.OrderService"}], "timeout": "3s", "retryPolicy": {"maxAttempts": %d,` +
	` "initialBackoff": %q, "maxBackoff": "%s", "backoffMultiplier": %v, "retryableStatusCodes": ["UNAVAILABLE"]}}],` +
	` "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`

// Policy takes all of it.
func Policy(attempts int, first, most string, multiplier float64) string {
	return fmt.Sprintf(policy, attempts, first, most, multiplier)
}

// Timeout is for all methods.
func Timeout(d string) string {
	return `{"methodConfig": [{"name": [{}], "timeout": "` + d + `"}]}`
}

// Retries is nothing if there are none.
func Retries(n int) string {
	if n <= 0 {
		return "{}"
	}
	return `{"methodConfig": [{"name": [{"service": "shop.v1.OrderService"}], "timeout": "3s", "retryPolicy": {"maxAttempts": ` + strconv.Itoa(n) +
		`, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}],` +
		` "retryThrottling": {"maxTokens": 10, "tokenRatio": 0.1}}`
}
