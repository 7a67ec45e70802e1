package lint

import (
	"slices"
	"strconv"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// What only the tests of other packages import is test code, wherever it lies.
func TestOnlyForTests(t *testing.T) {
	const archive = `
-- internal/fixture/fixture.go --
package fixture

import (
	_ "google.golang.org/grpc"

	_ "example.com/m/internal/below"
)

var MarkFixture int
-- internal/below/below.go --
package below

import _ "google.golang.org/grpc"

var MarkBelow int
-- internal/both/both.go --
package both

import _ "google.golang.org/grpc"

var MarkBoth int
-- internal/own/own.go --
package own

import _ "google.golang.org/grpc"

var MarkOwn int
-- internal/own/own_test.go --
package own_test

import _ "example.com/m/internal/own"
-- public/public.go --
package public

import _ "google.golang.org/grpc"

var MarkPublic int
-- service/service.go --
package service

import _ "example.com/m/internal/both"
-- service/service_test.go --
package service

import (
	_ "example.com/m/internal/both"
	_ "example.com/m/internal/fixture"
	_ "example.com/m/public"
)
`
	all := []string{"internal/below/below.go", "internal/both/both.go", "internal/fixture/fixture.go", "internal/own/own.go", "public/public.go"}
	for id, want := range map[string]struct{ files, lowered []string }{
		"server/fatal":           {slices.Delete(slices.Clone(all), 2, 3)[1:], nil},
		"server/late-register":   {all, []string{"internal/below/below.go", "internal/fixture/fixture.go"}},
		"status/context-compare": {all, nil},
	} {
		report, _ := lintModule(t, archive, func(o *Options) {
			o.Tests = true
			o.Analyzers = []*analysis.Analyzer{family("marks", func(pass *analysis.Pass) (*analyzers.Result, error) {
				result, err := marks(id, "Mark", func(*finding.Finding) {})(pass)
				for _, file := range pass.Files {
					for _, spec := range file.Imports {
						if path, _ := strconv.Unquote(spec.Path.Value); !strings.HasSuffix(pass.Fset.File(file.FileStart).Name(), "_test.go") {
							result.Program.Imports = append(result.Program.Imports, path)
						}
					}
				}
				return result, err
			})}
		})
		var files, lowered []string
		for _, f := range report.Findings {
			files = append(files, f.File)
			if f.Severity == rule.Info {
				lowered = append(lowered, f.File)
			}
		}
		if !slices.Equal(files, want.files) || !slices.Equal(lowered, want.lowered) {
			t.Errorf("%s is found in %q, lowered in %q; want %q and %q", id, files, lowered, want.files, want.lowered)
		}
	}
}
