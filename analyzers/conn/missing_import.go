package conn

import (
	"fmt"
	"go/token"
	"path"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/feature"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// missingImport reports, in a main package, what the program asks grpc-go
// for while the package that registers it is not linked in. A library leaves
// that to the program.
func missingImport(pass *report.Pass) error {
	if pass.Pkg.Name() != "main" {
		return nil
	}
	features := pass.ResultOf[feature.Analyzer].(*feature.Features)
	fixed := false
	for _, use := range features.Missing() {
		needed := feature.Packages(use.Feature)[0]
		f := finding.Finding{
			Pos: use.Pos, End: use.End, Subject: use.Feature,
			Message: fmt.Sprintf("%s: no import of %s in this program", consequence(use.Feature), needed),
		}
		if !use.Pos.IsValid() {
			name := syntax.Main(pass.Pass)
			if name == nil {
				continue // a main package without main does not link
			}
			f.Pos, f.End = name.Pos(), name.End()
			at := use.At
			f.Message += fmt.Sprintf(", %s asks for it", path.Base(at.Package))
			f.Related = []finding.Related{{Message: "asked for here", Remote: &at}}
		}
		if !fixed && needsNothingElse(use.Feature) {
			f.Fixes = blankImport(pass, f.Pos, needed)
			fixed = true // one import serves all; two would collide
		}
		pass.Report("conn/missing-import", f)
	}
	return nil
}

// needsNothingElse: the package brings no dependency that go.mod may lack.
// Balancers and xDS bring the API of Envoy.
func needsNothingElse(use string) bool {
	return use == "compressor gzip" || use == "health checking"
}

// consequence says what grpc-go does without the registration.
func consequence(use string) string {
	kind, name, _ := strings.Cut(use, " ")
	switch kind {
	case "compressor":
		return fmt.Sprintf("every such RPC fails with Internal, compressor %s is not installed", name)
	case "health":
		return "health checking is silently off"
	case "xds":
		return "xds targets are looked up by DNS"
	default:
		return fmt.Sprintf("grpc-go does not know the balancer %s", name)
	}
}

// blankImport adds an import for its side effect behind the last import of
// the file.
func blankImport(pass *report.Pass, at token.Pos, importPath string) []finding.Fix {
	addition, ok := edit.AddImport(pass.Pass, at, "_", importPath)
	if !ok {
		return nil
	}
	return []finding.Fix{{Message: "Import " + importPath, Safe: true, Edits: []finding.Edit{addition}}}
}
