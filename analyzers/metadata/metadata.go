// Package metadata holds the rules about what travels beside the messages:
// the headers and trailers that a program sends and reads.
package metadata

import (
	"go/ast"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/mdflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// Analyzer finds metadata that cannot be sent, is not sent, is never found,
// or need not be there.
var Analyzer = report.Family("metadata",
	"check how gRPC metadata is sent and read\n\nSee https://github.com/grpclint/grpclint/tree/main/docs/rules/metadata for its rules.",
	[]*analysis.Analyzer{mdflow.Analyzer, stub.Analyzer, handling.Analyzer, serving.Analyzer, syntax.Analyzer},
	report.Check{Rules: []string{"metadata/unchecked-index"}, Run: uncheckedIndex},
	report.Check{Rules: []string{"metadata/odd-pairs"}, Run: oddPairs},
	report.Check{Rules: []string{"metadata/key-case"}, Run: keyCase},
	report.Check{Rules: []string{"metadata/literal-case", "metadata/invalid", "metadata/reserved"}, Run: flaws},
	report.Check{Rules: []string{"metadata/dropped"}, Run: dropped},
	report.Check{Rules: []string{"metadata/overwrite"}, Run: overwrite},
	report.Check{Rules: []string{"metadata/forwarded-credential"}, Run: forwardedCredential},
	report.Check{Rules: []string{"metadata/direction"}, Run: direction},
)

func flow(pass *report.Pass) *mdflow.Info { return pass.ResultOf[mdflow.Analyzer].(*mdflow.Info) }

// knowsHandlers reports whether every import has told of its services, so that
// a function that is not known to be a handler is none.
func knowsHandlers(pass *report.Pass) bool {
	stubs := pass.ResultOf[stub.Analyzer].(*stub.Index)
	return stubs.Complete || !stubs.Reaches
}

// called returns the name of the function of package metadata that is called,
// or "".
func called(pass *report.Pass, call *ast.CallExpr) string {
	fn, _ := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	return mdflow.Func(fn)
}

// indexAt returns the index expression whose bracket is at pos, or nil.
func indexAt(pass *report.Pass, pos token.Pos) *ast.IndexExpr {
	index, _ := syntax.Of(pass.Pass).At(pos).(*ast.IndexExpr)
	return index
}

// updated returns the key and the value of an update of a map.
func updated(pass *report.Pass, instr *ssa.MapUpdate) (key, value ast.Expr) {
	switch n := syntax.Of(pass.Pass).At(instr.Pos()).(type) {
	case *ast.KeyValueExpr:
		return n.Key, n.Value
	case *ast.IndexExpr:
		return n.Index, n
	}
	return nil, nil
}
