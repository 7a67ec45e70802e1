package conn

import (
	"fmt"
	"go/ast"
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// deprecatedDial reports grpc.Dial and grpc.DialContext where NewClient
// exists, with what changes when they are replaced.
func deprecatedDial(pass *report.Pass) error {
	if !dials(pass).Reaches {
		return nil
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			sel, ok := n.(*ast.SelectorExpr)
			if !ok {
				return true
			}
			fn, ok := pass.TypesInfo.Uses[sel.Sel].(*types.Func)
			if !ok || !dial.IsGRPC(fn) || fn.Signature().Recv() != nil {
				return true
			}
			if fn.Name() != "Dial" && fn.Name() != "DialContext" {
				return true
			}
			if fn.Pkg().Scope().Lookup("NewClient") == nil {
				return true // nothing to replace it with in this version
			}
			pass.Report("conn/deprecated-dial", finding.Finding{
				Pos: sel.Pos(), End: sel.End(), Subject: fn.Name(),
				Message: fmt.Sprintf("grpc.%s passes its target on unresolved and is deprecated; grpc.NewClient resolves it by DNS, connects lazily", fn.Name()),
			})
			return true
		})
	}
	return nil
}
