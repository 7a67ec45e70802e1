package serviceconfig_test

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/rule"
)

// googleapis returns the service configs of a checkout of
// github.com/googleapis/googleapis, by name.
func googleapis(t testing.TB) map[string]string {
	t.Helper()
	root := os.Getenv("GRPCLINT_GOOGLEAPIS")
	if root == "" {
		t.Skip("set GRPCLINT_GOOGLEAPIS to a checkout of github.com/googleapis/googleapis")
	}
	configs := make(map[string]string)
	err := filepath.WalkDir(root, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || !strings.HasSuffix(path, "_grpc_service_config.json") {
			return err
		}
		src, err := os.ReadFile(path)
		configs[path] = string(src)
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	if len(configs) < 400 {
		t.Fatalf("only %d configs below %s", len(configs), root)
	}
	return configs
}

func TestGoogleapis(t *testing.T) {
	refused := 0
	counts := make(map[string]int)
	for name, config := range googleapis(t) {
		if oracle.Compare(t, config, plain) {
			refused++
		}
		file, findings := check(t, name, config, serviceconfig.Options{})
		invariants(t, file, config, findings)
		for _, f := range findings {
			counts[f.Rule.ID+" "+f.EffectiveSeverity().String()]++
			if f.EffectiveSeverity() > rule.Info && testing.Verbose() {
				t.Logf("%s:%d: %v: %s", name, file.Line(f.Pos), f.EffectiveSeverity(), f.Message)
			}
			if f.EffectiveSeverity() == rule.Error {
				t.Errorf("%s:%d: %s", name, file.Line(f.Pos), f.Message)
			}
		}
	}
	t.Logf("%d are refused by grpc-go", refused)
	rules := make([]string, 0, len(counts))
	for id := range counts {
		rules = append(rules, id)
	}
	slices.Sort(rules)
	for _, id := range rules {
		t.Logf("%5d %s", counts[id], id)
	}
}

func BenchmarkGoogleapis(b *testing.B) {
	configs := googleapis(b)
	for b.Loop() {
		for name, config := range configs {
			check(b, name, config, serviceconfig.Options{})
		}
	}
	b.ReportMetric(float64(len(configs)), "configs/op")
}
