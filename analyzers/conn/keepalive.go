package conn

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"time"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// What grpc-go does: a client never pings more often than shortestPing, a
// server allows one ping per defaultMinTime unless its policy says otherwise.
const (
	shortestPing   = 10 * time.Second
	defaultMinTime = 5 * time.Minute
	// advised is how often gRPC's guide advises to ping at most; between
	// this and defaultMinTime the finding is only information.
	advised = time.Minute
)

// keepalive reports clients that ping more often than servers allow.
func keepalive(pass *report.Pass) error {
	info := dials(pass)
	for _, p := range info.Policies {
		pass.Program.Claims = append(pass.Program.Claims, p.Allowed()...)
	}
	if !info.Reaches || !info.Complete {
		return nil // a server that allows the pings may be in an import
	}
	for call := range syntax.All[*ast.CallExpr](syntax.Of(pass.Pass)) {
		if len(call.Args) != 1 || call.Ellipsis.IsValid() {
			continue
		}
		fn := calledFunc(pass, call)
		if fn == nil || fn.Name() != "WithKeepaliveParams" || !dial.IsGRPC(fn) || pass.InTest(call.Pos()) {
			continue // a test's server may allow anything
		}
		if lit := literalOf(pass, call.Args[0]); lit != nil {
			pings(pass, lit)
		}
	}
	return nil
}

func calledFunc(pass *report.Pass, call *ast.CallExpr) *types.Func {
	var id *ast.Ident
	switch fun := ast.Unparen(call.Fun).(type) {
	case *ast.SelectorExpr:
		id = fun.Sel
	case *ast.Ident:
		id = fun // a dot import
	default:
		return nil
	}
	fn, _ := pass.TypesInfo.Uses[id].(*types.Func)
	return fn
}

// pings judges one keepalive.ClientParameters literal.
func pings(pass *report.Pass, lit *ast.CompositeLit) {
	var interval time.Duration
	var at ast.Expr
	permit := false
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			return // positional
		}
		name, ok := kv.Key.(*ast.Ident)
		if !ok {
			return
		}
		value := pass.TypesInfo.Types[kv.Value].Value
		switch name.Name {
		case "Time":
			if value == nil {
				return // configured at run time
			}
			ns, exact := constant.Int64Val(constant.ToInt(value))
			if !exact {
				return
			}
			interval, at = time.Duration(ns), kv.Value
		case "PermitWithoutStream":
			permit = value != nil && constant.BoolVal(value)
		}
	}
	if at == nil || interval <= 0 || interval >= defaultMinTime {
		return // no pings, or seldom enough for every server
	}
	sent := dial.Pings{Every: max(interval, shortestPing), WithoutStream: permit}
	forbidden := sent.Forbidden()
	if own := (claim.World{Anyone: claim.NewSet(pass.Program.Claims...)}); own.Refutes(&forbidden) {
		return // a server of the same program allows it
	}
	f := finding.Finding{
		Pos: at.Pos(), End: at.End(), Subject: "Time",
		StandsOn: []claim.Condition{forbidden},
		Message:  fmt.Sprintf("servers may close the connection with too_many_pings: it pings every %s, they allow one per 5m by default", say.Duration(sent.Every)),
	}
	if interval >= advised {
		f.Severity = rule.Info
	}
	pass.Report("conn/keepalive", f)
}

// literalOf returns the struct literal that an expression stands for: the
// literal itself, or what a variable is declared as and never changed from.
func literalOf(pass *report.Pass, expr ast.Expr) *ast.CompositeLit {
	expr = ast.Unparen(expr)
	if id, ok := expr.(*ast.Ident); ok {
		v, ok := pass.TypesInfo.Uses[id].(*types.Var)
		if !ok || v.IsField() || isChanged(pass, v) {
			return nil
		}
		expr = ast.Unparen(syntax.Of(pass.Pass).DeclaredAs(v))
	}
	lit, _ := expr.(*ast.CompositeLit)
	return lit
}

// isChanged: something is assigned to a variable or to a part of it, or its
// address is taken.
func isChanged(pass *report.Pass, v *types.Var) bool {
	for assign := range syntax.All[*ast.AssignStmt](syntax.Of(pass.Pass)) {
		for _, lhs := range assign.Lhs {
			if rootVar(pass, lhs) == v && lhs.Pos() != v.Pos() {
				return true
			}
		}
	}
	for unary := range syntax.All[*ast.UnaryExpr](syntax.Of(pass.Pass)) {
		if unary.Op == token.AND && rootVar(pass, unary.X) == v {
			return true
		}
	}
	return false
}

// rootVar returns the variable that x, x.f or x.f.g begins with.
func rootVar(pass *report.Pass, expr ast.Expr) *types.Var {
	for {
		switch e := ast.Unparen(expr).(type) {
		case *ast.SelectorExpr:
			expr = e.X
		case *ast.Ident:
			v, _ := pass.TypesInfo.ObjectOf(e).(*types.Var)
			return v
		default:
			return nil
		}
	}
}
