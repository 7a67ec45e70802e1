// Package programtest makes views of programs that are written in tests.
package programtest

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/bodies"
	"github.com/grpclint/grpclint/analyzers/internal/callback"
	"github.com/grpclint/grpclint/analyzers/internal/noreturn"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/wiring"
)

// Load returns the view of a package of one file, which may import packages
// of the standard library.
func Load(t testing.TB, source string) *program.Program {
	t.Helper()
	return Package(t, source).Build()
}

// Package returns what makes views of such a package.
func Package(t testing.TB, source string) *program.Package {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
		Scopes: make(map[ast.Node]*types.Scope), Instances: make(map[*ast.Ident]types.Instance), FileVersions: make(map[*ast.File]string),
	}
	config := types.Config{Importer: importer.ForCompiler(fset, "source", nil)}
	pkg, err := config.Check("example.com/p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	pass := &analysis.Pass{
		Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info, ResultOf: make(map[*analysis.Analyzer]any),
		AllPackageFacts:   func() []analysis.PackageFact { return nil },
		ImportPackageFact: func(*types.Package, analysis.Fact) bool { return false },
		ExportPackageFact: func(analysis.Fact) {},
	}
	for _, a := range []*analysis.Analyzer{callback.Analyzer, noreturn.Analyzer, bodies.Analyzer, wiring.Analyzer, program.Analyzer} {
		pass.Analyzer = a
		if pass.ResultOf[a], err = a.Run(pass); err != nil {
			t.Fatal(err)
		}
	}
	return pass.ResultOf[program.Analyzer].(*program.Package)
}
