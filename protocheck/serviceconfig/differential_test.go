package serviceconfig_test

import (
	"flag"
	"hash/maphash"
	"io"
	"os"
	"testing"

	"google.golang.org/grpc"
	"google.golang.org/grpc/grpclog"

	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/protocheck/serviceconfig/internal/differential"
)

func TestMain(m *testing.M) {
	// grpc-go logs every config that it refuses.
	grpclog.SetLoggerV2(grpclog.NewLoggerV2(io.Discard, io.Discard, io.Discard))
	os.Exit(m.Run())
}

var oracle differential.Oracle = grpc.NewClient

// plain is what grpc-go is in this test: the newest, without imports for
// more balancers.
var plain = serviceconfig.Options{Dialect: serviceconfig.Runtime, Balancers: []string{"pick_first", "round_robin"}}

// An ordinary test run makes 120 000 configs; a long one is
//
//	go test ./protocheck/serviceconfig -run SameVerdict -configs 5000000 -seed 9 -timeout 1h
var (
	generated = flag.Int("configs", 120_000, "how many configs to hold against grpc-go")
	seed      = flag.Uint64("seed", 1, "of the configs")
)

func TestSameVerdictAsGRPCGo(t *testing.T) {
	hash := maphash.MakeSeed()
	refused, distinct := 0, make(map[uint64]bool, *generated)
	g := differential.NewGenerator(*seed, differential.Plain)
	for len(distinct) < *generated {
		config := g.Config()
		sum := maphash.String(hash, config)
		if distinct[sum] {
			continue
		}
		distinct[sum] = true
		if oracle.Compare(t, config, plain) {
			refused++
		}
	}
	t.Logf("%d different configs, %d refused", len(distinct), refused)
	// Both verdicts must be common, or the comparison proves little.
	if refused < *generated/5 || refused > *generated*4/5 {
		t.Errorf("%d of %d configs are refused", refused, len(distinct))
	}
}
