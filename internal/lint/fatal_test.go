package lint

import (
	"bytes"
	"context"
	"fmt"
	"io"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/moduletest"
	"github.com/grpclint/grpclint/internal/supervise"
	"github.com/grpclint/grpclint/rule"
)

// fatalIn is the variable by which the test binary checks a module with an
// analyzer that nobody can recover from.
const fatalIn = "LINT_TEST_FATAL_IN"

func TestMain(m *testing.M) {
	if dir := os.Getenv(fatalIn); dir != "" {
		os.Exit(supervise.Main(func(ctx context.Context, stderr io.Writer) int { return checkFatally(ctx, dir) }))
	}
	os.Exit(m.Run())
}

func checkFatally(ctx context.Context, dir string) int {
	fatal := family("fatal", func(pass *analysis.Pass) (*analyzers.Result, error) {
		if pass.Pkg.Name() == "b" {
			overflow(0)
		}
		return marks("deadline/nonpositive", "Mark", nil)(pass)
	})
	report := Run(Options{
		Cache:   cache.User(),
		Context: ctx, Dir: dir, Env: moduletest.Environ(), Policy: everything{}, Severity: rule.Info,
		Analyzers: []*analysis.Analyzer{family("marks", marks("deadline/missing", "Mark", nil)), fatal},
	})
	for _, f := range report.Findings {
		fmt.Printf("%s:%d:%d %s\n", f.File, f.Line, f.Column, f.Rule.ID)
	}
	for _, e := range report.Errors {
		fmt.Printf("%s: %s\n", e.Package, e.Message)
		if !strings.Contains(e.Detail, "overflow") {
			fmt.Printf("no stack trace: %q\n", e.Detail)
		}
	}
	return 0
}

// overflow has large frames: the runtime walks over all of them when it dies.
func overflow(n int) int {
	var frame [16 << 10]byte
	frame[n%len(frame)] = 1
	return overflow(n+1) + int(frame[0])
}

// What nobody can recover from costs one analyzer its work on one package.
func TestFatalError(t *testing.T) {
	if runtime.GOOS == "windows" {
		t.Skip("nobody watches over the work here")
	}
	self, err := os.Executable()
	if err != nil {
		t.Fatal(err)
	}
	cmd := exec.CommandContext(t.Context(), self)
	cmd.Env = append(os.Environ(), fatalIn+"="+moduletest.Write(t, twoPackages))
	var stderr bytes.Buffer
	cmd.Stderr = &stderr
	out, err := cmd.Output()
	if err != nil || stderr.Len() > 0 {
		t.Errorf("%v, %s", err, stderr.String())
	}
	want := `a/a.go:5:14 deadline/missing
a/a.go:5:14 deadline/nonpositive
a/a.go:5:29 deadline/missing
a/a.go:5:29 deadline/nonpositive
b/b.go:5:5 deadline/missing
b/b.go:5:14 deadline/missing
example.com/m/b: internal error: fatal: fatal error: stack overflow
`
	if string(out) != want {
		t.Errorf("got\n%s\nwant\n%s", out, want)
	}
}
