package bufplugin

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
)

// BenchmarkTree compares grpclint with buf's own commands, each as a process
// of its own, on the tree of .proto files that GRPCLINT_PROTOS names:
//
//	GRPCLINT_PROTOS=/path/to/googleapis go test -run '^$' -bench Tree -benchtime 5x
//
// The tree has to compile as a whole, as buf stops at the first error. Of
// googleapis this needs preview/ to be absent.
func BenchmarkTree(b *testing.B) {
	tree := os.Getenv("GRPCLINT_PROTOS")
	if tree == "" {
		b.Skip("GRPCLINT_PROTOS names no tree of .proto files")
	}
	bin := b.TempDir()
	for _, program := range []struct{ name, module, pkg string }{
		{"buf", ".", "github.com/bufbuild/buf/cmd/buf"},
		{"grpclint", "..", "./cmd/grpclint"},
	} {
		build := exec.CommandContext(b.Context(), "go", "build", "-C", program.module, "-o", filepath.Join(bin, program.name+exe()), program.pkg)
		if output, err := build.CombinedOutput(); err != nil {
			b.Fatalf("%s: %v\n%s", program.name, err, output)
		}
	}
	for _, c := range []struct {
		name     string
		args     []string
		findings int // the exit status that says that there are some
	}{
		{"grpclint", []string{"grpclint", "-severity=info", "-fail-on=warning", "-o", os.DevNull, "./..."}, 1},
		{"buf-build", []string{"buf", "build", "-o", os.DevNull}, 0},
		{"buf-lint", []string{"buf", "lint"}, 100},
	} {
		b.Run(c.name, func(b *testing.B) {
			var peak, cpu float64
			for b.Loop() {
				cmd := exec.CommandContext(b.Context(), filepath.Join(bin, c.args[0]+exe()), c.args[1:]...)
				cmd.Dir = tree
				cmd.Env = append(os.Environ(), "HOME="+bin, "BUF_CACHE_DIR="+bin)
				if err := cmd.Run(); err != nil && cmd.ProcessState.ExitCode() != c.findings {
					b.Fatal(err)
				}
				peak = max(peak, peakMegabytes(cmd.ProcessState))
				cpu += (cmd.ProcessState.UserTime() + cmd.ProcessState.SystemTime()).Seconds()
			}
			b.ReportMetric(peak, "peak-MB")
			b.ReportMetric(cpu/float64(b.N), "cpu-s/op")
		})
	}
}
