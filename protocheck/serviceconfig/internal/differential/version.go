package differential

import (
	"io"
	"strings"
	"testing"

	"google.golang.org/grpc/grpclog"

	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// turning are configs upon which versions of grpc-go differ, and the first
// minor version and the last that refuse each; 0 stands for no limit.
//
//grpclint:ignore serviceconfig they are there to be refused
var turning = []struct {
	config      string
	first, last int
}{
	{`{"methodConfig":[{"name":[{}],"retryPolicy":{}}]}`, 70, 0},
	{`{"methodConfig":[{"name":[],"retryPolicy":{"maxAttempts":1}}]}`, 70, 0},
	{`{"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":1,"initialBackoff":"1s","maxBackoff":"1s","backoffMultiplier":1,"retryableStatusCodes":[14]}}]}`, 70, 0},
	{`{"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":2,"initialBackoff":"0s","maxBackoff":"1s","backoffMultiplier":1,"retryableStatusCodes":[14]}}]}`, 70, 0},
	{`{"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":2,"initialBackoff":"1s","maxBackoff":"1s","backoffMultiplier":0,"retryableStatusCodes":[14]}}]}`, 70, 0},
	{`{"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":2,"initialBackoff":"1s","maxBackoff":"1s","backoffMultiplier":1,"retryableStatusCodes":[]}}]}`, 70, 0},
	{`{"methodConfig":[{"name":[{}],"retryPolicy":{"maxAttempts":"2"}}]}`, 0, 0},
	{`{"methodConfig":[{"name":[{}],"retryPolicy":{"initialBackoff":null}}]}`, 0, 0},
	{`{"loadBalancingConfig":[{"ROUND_ROBIN":{}}]}`, 82, 0},
	{`{"loadBalancingConfig":[{"Pick_First":{"shuffleAddressList":1}}]}`, 0, 0},
	{`{"loadBalancingConfig":[{"x":{}}],"loadBalancingConfig":[{"round_robin":{}}]}`, 0, 62},
	{`{"methodConfig":[{"timeout":"x"}]}`, 0, 0},
	{`{"methodConfig":[{"name":[{}],"timeout":"x","timeout":"1s"}]}`, 0, 0},
}

// TestVersion holds the checker against the grpc-go of the calling module,
// whose version must be the one wanted: first upon what versions differ in,
// then upon generated configs.
func TestVersion(t *testing.T, dial Oracle, have, want string) {
	if strings.TrimSuffix(have, "-dev") != want {
		t.Fatalf("built with grpc-go %s, not %s", have, want)
	}
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
	opts := serviceconfig.Options{GRPCGo: want, Dialect: serviceconfig.Runtime, Balancers: []string{"pick_first", "round_robin"}}
	minor := 0
	for _, c := range want[len("1."):] {
		if c == '.' {
			break
		}
		minor = 10*minor + int(c-'0')
	}
	for _, c := range turning {
		refuses := minor >= c.first && (c.last == 0 || minor <= c.last)
		if dial.Compare(t, c.config, opts) != refuses {
			t.Errorf("grpc-go %s refuses is %v: %s", want, !refuses, c.config)
		}
	}
	g := NewGenerator(5, Plain)
	for range 20_000 {
		dial.Compare(t, g.Config(), opts)
	}
}
