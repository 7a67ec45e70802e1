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
	for _, file := range pass.Files {
		if pass.InTest(file.FileStart) {
			continue // a test's server may allow anything
		}
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok || len(call.Args) != 1 || call.Ellipsis.IsValid() {
				return true
			}
			fn := calledFunc(pass, call)
			if fn == nil || fn.Name() != "WithKeepaliveParams" || !dial.IsGRPC(fn) {
				return true
			}
			if lit := literalOf(pass, file, call.Args[0]); lit != nil {
				pings(pass, lit)
			}
			return true
		})
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
func literalOf(pass *report.Pass, file *ast.File, expr ast.Expr) *ast.CompositeLit {
	switch expr := ast.Unparen(expr).(type) {
	case *ast.CompositeLit:
		return expr
	case *ast.Ident:
		v, ok := pass.TypesInfo.Uses[expr].(*types.Var)
		if !ok || v.IsField() {
			return nil
		}
		var lit *ast.CompositeLit
		changed := false
		for _, f := range pass.Files {
			if v.Parent() != pass.Pkg.Scope() && f != file {
				continue // a local variable is in one file
			}
			ast.Inspect(f, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.AssignStmt:
					for i, lhs := range n.Lhs {
						if rootVar(pass, lhs) != v {
							continue
						}
						if n.Tok == token.DEFINE && len(n.Lhs) == len(n.Rhs) {
							lit, _ = ast.Unparen(n.Rhs[i]).(*ast.CompositeLit)
						} else {
							changed = true
						}
					}
				case *ast.ValueSpec:
					for i, name := range n.Names {
						if pass.TypesInfo.Defs[name] == v && i < len(n.Values) {
							lit, _ = ast.Unparen(n.Values[i]).(*ast.CompositeLit)
						}
					}
				case *ast.UnaryExpr:
					changed = changed || n.Op == token.AND && rootVar(pass, n.X) == v
				}
				return true
			})
		}
		if changed {
			return nil
		}
		return lit
	}
	return nil
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
