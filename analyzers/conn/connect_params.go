package conn

import (
	"go/ast"
	"go/types"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

const backoffPath = stub.GRPCPath + "/backoff"

// connectParams reports parameters without a backoff: the zero value does not
// stand for the default, but for no wait at all.
func connectParams(pass *report.Pass) error {
	if !dials(pass).Reaches {
		return nil
	}
	for lit := range syntax.All[*ast.CompositeLit](syntax.Of(pass.Pass)) {
		if !isConnectParams(pass.TypesInfo.TypeOf(lit)) || pass.InTest(lit.Pos()) || len(lit.Elts) == 0 {
			continue // an empty one is filled later, or says nothing yet
		}
		set := false
		for _, element := range lit.Elts {
			pair, ok := element.(*ast.KeyValueExpr)
			if !ok {
				set = true // all fields, by their order
				break
			}
			if name, ok := pair.Key.(*ast.Ident); ok && name.Name == "Backoff" {
				set = true
			}
		}
		if set || filledLater(pass) {
			continue
		}
		f := finding.Finding{
			Pos: lit.Type.Pos(), End: lit.Type.End(), Subject: "Backoff",
			Message: "a server that is down is connected to without a pause: ConnectParams has no Backoff, and its zero value waits 0",
		}
		if name := edit.ImportName(pass.Pass, lit.Pos(), backoffPath); name != "" {
			f.Fixes = []finding.Fix{{Message: "Use the default backoff", Safe: true, Edits: []finding.Edit{edit.Insert(lit.Lbrace+1, "Backoff: "+name+".DefaultConfig, ")}}}
		}
		pass.Report("conn/connect-params", f)
	}
	return nil
}

func isConnectParams(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "ConnectParams" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == stub.GRPCPath
}

// filledLater reports whether
// somewhere in the package people set the Backoff of such parameters.
func filledLater(pass *report.Pass) bool {
	for assign := range syntax.All[*ast.AssignStmt](syntax.Of(pass.Pass)) {
		for _, to := range assign.Lhs {
			for sel, ok := ast.Unparen(to).(*ast.SelectorExpr); ok; sel, ok = ast.Unparen(sel.X).(*ast.SelectorExpr) {
				if sel.Sel.Name == "Backoff" && isParamsOrPointer(pass.TypesInfo.TypeOf(sel.X)) {
					return true
				}
			}
		}
	}
	return false
}

func isParamsOrPointer(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	return isConnectParams(t)
}
