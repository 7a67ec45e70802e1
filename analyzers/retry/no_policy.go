package retry

import (
	"fmt"
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// noPolicy reports limits of retries in packages that have no retry policy:
// the limit alone retries nothing.
func noPolicy(pass *report.Pass) error {
	if !pass.ResultOf[stub.Analyzer].(*stub.Index).Reaches || mayGetPolicy(pass) {
		return nil
	}
	for call := range syntax.All[*ast.CallExpr](syntax.Of(pass.Pass)) {
		fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
		if !ok || fn.Pkg() == nil || fn.Pkg().Path() != stub.GRPCPath || fn.Name() != "WithMaxCallAttempts" || len(call.Args) != 1 || pass.InTest(call.Pos()) {
			continue
		}
		pass.Report("retry/no-policy", finding.Finding{
			Pos: call.Fun.Pos(), End: call.Fun.End(), Subject: "WithMaxCallAttempts",
			Message: fmt.Sprintf("nothing is retried by this: WithMaxCallAttempts(%s) limits a retry policy, and no service config here has one", say.Expr(call.Args[0])),
		})
	}
	return nil
}

// mayGetPolicy reports whether a service config may come to the package's
// connections: one of its own, options that others hand in, resolvers that
// bring one.
func mayGetPolicy(pass *report.Pass) bool {
	for _, imported := range pass.Pkg.Imports() {
		if path := imported.Path(); path == stub.GRPCPath+"/xds" || path == stub.GRPCPath+"/resolver" || strings.HasPrefix(path, stub.GRPCPath+"/resolver/") {
			return true
		}
	}
	for id, obj := range pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if ok && fn.Pkg() != nil && fn.Pkg().Path() == stub.GRPCPath && (fn.Name() == "WithDefaultServiceConfig" || fn.Name() == "WithServiceConfig" || fn.Name() == "WithResolvers") {
			return true
		}
		if _, isVar := obj.(*types.Var); isVar && isDialOptions(obj.Type()) && syntax.Of(pass.Pass).Written(id.Pos()) && obj.Pkg() != pass.Pkg {
			return true // options from another package
		}
	}
	for decl := range syntax.All[*ast.FuncDecl](syntax.Of(pass.Pass)) {
		for _, field := range decl.Type.Params.List {
			if t := pass.TypesInfo.TypeOf(field.Type); t != nil && isDialOptions(t) {
				return true
			}
		}
	}
	return false
}

// isDialOptions: grpc.DialOption, or some of them.
func isDialOptions(t types.Type) bool {
	if s, ok := t.Underlying().(*types.Slice); ok {
		t = s.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "DialOption" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == stub.GRPCPath
}
