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
)

// Analyzer finds metadata that cannot be sent, is not sent, is never found,
// or need not be there.
var Analyzer = report.Family("metadata",
	"check how gRPC metadata is sent and read\n\nSee https://github.com/grpclint/grpclint/tree/main/docs/rules/metadata for its rules.",
	[]*analysis.Analyzer{mdflow.Analyzer, stub.Analyzer, handling.Analyzer, serving.Analyzer},
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

// eachNode visits the nodes of the files that people write.
func eachNode(pass *report.Pass, visit func(n ast.Node)) {
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if n != nil {
				visit(n)
			}
			return true
		})
	}
}

// A syntax finds the expressions that instructions are made of.
type syntax struct {
	indexes map[token.Pos]*ast.IndexExpr    // by opening bracket
	pairs   map[token.Pos]*ast.KeyValueExpr // by colon
}

func newSyntax(pass *report.Pass) *syntax {
	s := &syntax{indexes: make(map[token.Pos]*ast.IndexExpr), pairs: make(map[token.Pos]*ast.KeyValueExpr)}
	eachNode(pass, func(n ast.Node) {
		switch n := n.(type) {
		case *ast.IndexExpr:
			s.indexes[n.Lbrack] = n
		case *ast.KeyValueExpr:
			s.pairs[n.Colon] = n
		}
	})
	return s
}

// update returns the key and the value of an update of a map.
func (s *syntax) update(instr *ssa.MapUpdate) (key, value ast.Expr) {
	if pair := s.pairs[instr.Pos()]; pair != nil {
		return pair.Key, pair.Value
	}
	if index := s.indexes[instr.Pos()]; index != nil {
		return index.Index, index
	}
	return nil, nil
}

// assigned: the result of a call goes to a variable with a name.
func assigned(pass *report.Pass, call *ast.CallExpr) bool {
	found := false
	eachNode(pass, func(n ast.Node) {
		assign, ok := n.(*ast.AssignStmt)
		if !ok || len(assign.Lhs) != len(assign.Rhs) {
			return
		}
		for i, rhs := range assign.Rhs {
			if ast.Unparen(rhs) == call {
				id, ok := assign.Lhs[i].(*ast.Ident)
				found = found || !ok || id.Name != "_"
			}
		}
	})
	return found
}
