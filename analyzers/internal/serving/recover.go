package serving

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// recovers reports whether a function of the package that is, or makes, an
// interceptor of a server recovers from panics: by a deferred function,
// literal or not.
func recovers(pass *analysis.Pass) bool {
	helpers := make(map[*types.Func]bool) // that call recover
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok && decl.Body != nil && callsRecover(pass, decl.Body, nil) {
				if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
					helpers[fn] = true
				}
			}
		}
	}
	found := false
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			var typ *ast.FuncType
			var body *ast.BlockStmt
			switch n := n.(type) {
			case *ast.FuncDecl:
				typ, body = n.Type, n.Body
			case *ast.FuncLit:
				typ, body = n.Type, n.Body
			}
			if typ != nil && body != nil && intercepts(pass, typ) && callsRecover(pass, body, helpers) {
				found = true
			}
			return !found
		})
	}
	return found
}

// intercepts: a parameter is the handler that comes next.
func intercepts(pass *analysis.Pass, typ *ast.FuncType) bool {
	for _, field := range typ.Params.List {
		if IsNext(pass.TypesInfo.TypeOf(field.Type)) {
			return true
		}
	}
	return false
}

// IsNext reports whether t is the type of what an interceptor of a server
// calls: grpc.UnaryHandler or grpc.StreamHandler.
func IsNext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil || named.Obj().Pkg().Path() != stub.GRPCPath {
		return false
	}
	return named.Obj().Name() == "UnaryHandler" || named.Obj().Name() == "StreamHandler"
}

func callsRecover(pass *analysis.Pass, body ast.Node, helpers map[*types.Func]bool) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return !found
		}
		switch callee := typeutil.Callee(pass.TypesInfo, call).(type) {
		case *types.Builtin:
			found = found || callee.Name() == "recover"
		case *types.Func:
			found = found || helpers[callee.Origin()]
		}
		return !found
	})
	return found
}
