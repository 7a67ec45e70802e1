package conn

import (
	"fmt"
	"go/ast"
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// deprecatedDial reports grpc.Dial and grpc.DialContext where NewClient
// exists, with what changes when they are replaced.
func deprecatedDial(pass *report.Pass) error {
	if !dials(pass).Reaches {
		return nil
	}
	for sel := range syntax.All[*ast.SelectorExpr](syntax.Of(pass.Pass)) {
		fn, ok := pass.TypesInfo.Uses[sel.Sel].(*types.Func)
		if !ok || !dial.IsGRPC(fn) || fn.Signature().Recv() != nil || fn.Name() != "Dial" && fn.Name() != "DialContext" {
			continue
		}
		if fn.Pkg().Scope().Lookup("NewClient") == nil {
			continue // nothing to replace it with in this version
		}
		pass.Report("conn/deprecated-dial", finding.Finding{
			Pos: sel.Pos(), End: sel.End(), Subject: fn.Name(),
			Message: fmt.Sprintf("grpc.%s passes its target on unresolved and is deprecated; grpc.NewClient resolves it by DNS, connects lazily", fn.Name()),
		})
	}
	return nil
}
