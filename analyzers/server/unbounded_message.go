package server

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"math"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// unboundedMessage reports limits of what is received that are none.
func unboundedMessage(pass *report.Pass) error {
	if !servers(pass).Reaches {
		return nil
	}
	var found []finding.Finding
	settings := make(map[string]bool) // options that the package also gives what is not constant
	eachGRPCCall(pass, func(call *ast.CallExpr, name string) {
		if len(call.Args) != 1 {
			return // of no option
		}
		size, ok := constInt(pass, call.Args[0])
		if !ok {
			settings[name] = true
			return
		}
		if size < math.MaxInt32 {
			return
		}
		if name != "MaxRecvMsgSize" && name != "MaxMsgSize" {
			return // clients choose their servers, and trust them
		}
		f := finding.Finding{
			Pos: call.Args[0].Pos(), End: call.Args[0].End(), Subject: name,
			Message: fmt.Sprintf("one request can take all memory of the server: grpc.%s(%s) is no limit", name, say.Expr(call.Args[0])),
		}
		if isOwnName(pass, call.Args[0]) || takesOptions(pass, call.Pos()) {
			f.Severity = rule.Info // somebody has thought about it, and the name says so, or callers may choose
		}
		found = append(found, f)
	})
	if len(found) > 0 && !noteSettings(pass, settings) {
		return nil
	}
	for _, f := range found {
		if !settings[f.Subject] { // else it is the default of a setting
			pass.Report("server/unbounded-message", f)
		}
	}
	return nil
}

// noteSettings adds the options that functions of other packages make for this
// one of what is not constant. It fails if nobody knows what some of them make.
func noteSettings(pass *report.Pass, settings map[string]bool) bool {
	for _, options := range servers(pass).Lists() {
		if !options.Complete {
			return false
		}
		for i := range options.List {
			if opt := &options.List[i]; opt.Call() == nil && opt.Detail.Unsure {
				settings[opt.Name] = true
			}
		}
	}
	return true
}

// isOwnName: a constant that is not the standard library's.
func isOwnName(pass *report.Pass, expr ast.Expr) bool {
	var id *ast.Ident
	switch e := ast.Unparen(expr).(type) {
	case *ast.Ident:
		id = e
	case *ast.SelectorExpr:
		id = e.Sel
	default:
		return false
	}
	c, ok := pass.TypesInfo.Uses[id].(*types.Const)
	return ok && c.Pkg() != nil && strings.Contains(c.Pkg().Path(), ".")
}

// takesOptions reports whether the declared function around pos gets options
// of a server, of which one may be another limit.
func takesOptions(pass *report.Pass, pos token.Pos) bool {
	fn := syntax.Enclosing[*ast.FuncDecl](syntax.Of(pass.Pass), pos)
	if fn == nil {
		return false
	}
	return slices.ContainsFunc(fn.Type.Params.List, func(p *ast.Field) bool {
		t := pass.TypesInfo.TypeOf(p.Type) // of a variadic parameter, that of an element
		if s, ok := t.Underlying().(*types.Slice); ok {
			t = s.Elem()
		}
		return types.TypeString(t, nil) == stub.GRPCPath+".ServerOption"
	})
}
