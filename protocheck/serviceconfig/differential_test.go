package serviceconfig_test

import (
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

// generated is how many configs an ordinary test run makes.
const generated = 120_000

func TestSameVerdictAsGRPCGo(t *testing.T) {
	refused, distinct := 0, make(map[string]bool, generated)
	g := differential.NewGenerator(1, differential.Plain)
	for len(distinct) < generated {
		config := g.Config()
		if distinct[config] {
			continue
		}
		distinct[config] = true
		if oracle.Compare(t, config, plain) {
			refused++
		}
	}
	t.Logf("%d different configs, %d refused", len(distinct), refused)
	// Both verdicts must be common, or the comparison proves little.
	if refused < generated/5 || refused > generated*4/5 {
		t.Errorf("%d of %d configs are refused", refused, len(distinct))
	}
}
