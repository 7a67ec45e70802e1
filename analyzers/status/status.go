// Package status holds the rules about errors: which status code a caller
// gets to see, and what it makes of the one that it gets.
package status

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// Analyzer finds status codes that are lost, invented or misread.
var Analyzer = newAnalyzer()

func newAnalyzer() *analysis.Analyzer {
	a := report.Family("status",
		"check what becomes of gRPC status codes\n\nHandlers that lose the code of an error, and callers that cannot read the one they get.",
		[]*analysis.Analyzer{stub.Analyzer, errflow.Analyzer, syntax.Analyzer},
		report.Check{Run: served}, // first: the others ask for it
		report.Check{Rules: []string{"status/ok-error"}, Run: okError},
		report.Check{Rules: []string{"status/invalid-code"}, Run: invalidCode},
		report.Check{Rules: []string{"status/type-assert"}, Run: typeAssert},
		report.Check{Rules: []string{"status/nil-reply"}, Run: nilReply},
		report.Check{Rules: []string{"status/context-compare", "status/compare", "status/string-match"}, Run: comparisons},
		report.Check{Rules: []string{"status/inverted-from-error"}, Run: invertedFromError},
		report.Check{Rules: []string{"status/eof", "status/lost", "status/plain-error", "status/raw-context-error", "status/passthrough"}, Run: handlerErrors},
		report.Check{Rules: []string{"status/blamed-cancel"}, Run: blamedCancel},
		report.Check{Rules: []string{"status/reply-and-error"}, Run: replyAndError},
		report.Check{Rules: []string{"status/swallowed"}, Run: swallowed},
		report.Check{Rules: []string{"status/precondition"}, Run: precondition},
		report.Check{Rules: []string{"status/lost-etag"}, Run: lostEtag},
		report.Check{Rules: []string{"status/unchecked-reply"}, Run: uncheckedReply},
		report.Check{Rules: []string{"status/overwritten"}, Run: overwritten},
		report.Check{Rules: []string{"status/canceled-only"}, Run: canceledOnly},
	)
	code := codeFlag(aborted)
	a.Flags.Var(&code, etagCodeFlag, "status `code` that a stale etag is answered with")
	return a
}

// Import paths of grpc-go's packages.
const (
	statusPath = stub.GRPCPath + "/status"
	codesPath  = stub.GRPCPath + "/codes"
)

func flowOf(pass *report.Pass) *errflow.Flow { return pass.ResultOf[errflow.Analyzer].(*errflow.Flow) }

func stubs(pass *report.Pass) *stub.Index { return pass.ResultOf[stub.Analyzer].(*stub.Index) }

// usesStatus reports whether the package can name a status code at all:
// packages status and codes do not need the rest of grpc-go.
func usesStatus(pass *report.Pass) bool {
	return slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool {
		return p.Path() == statusPath || p.Path() == codesPath
	})
}

// called returns the function or method that a call names, or nil.
func called(pass *report.Pass, call *ast.CallExpr) *types.Func {
	fn, _ := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	return fn
}

// isFunc reports whether fn is one of the named functions of a package,
// methods not counted.
func isFunc(fn *types.Func, path string, names ...string) bool {
	return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == path && fn.Signature().Recv() == nil && slices.Contains(names, fn.Name())
}

// makesStatus reports whether fn is a function of grpc-go that takes a code
// and returns an error: status.Error, status.Errorf, the old grpc.Errorf.
func makesStatus(fn *types.Func) bool {
	return isFunc(fn, statusPath, "Error", "Errorf") || isFunc(fn, stub.GRPCPath, "Errorf")
}

// isCode reports whether t is codes.Code.
func isCode(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Code" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == codesPath
}

// constantCode evaluates an expression of type codes.Code.
func constantCode(pass *report.Pass, expr ast.Expr) (code uint64, ok bool) {
	tv := pass.TypesInfo.Types[expr]
	if tv.Value == nil || tv.Type == nil || !isCode(tv.Type) {
		return 0, false
	}
	return constant.Uint64Val(constant.ToInt(tv.Value))
}

var errorType = types.Universe.Lookup("error").Type().Underlying().(*types.Interface)

// isError reports whether t is an interface that every error has to fulfil.
func isError(t types.Type) bool {
	return t != nil && types.IsInterface(t) && types.Implements(t, errorType)
}

func isNil(pass *report.Pass, expr ast.Expr) bool {
	return pass.TypesInfo.Types[expr].IsNil()
}

func calledFunc(call *ssa.Call) *types.Func {
	if call.Call.IsInvoke() {
		return call.Call.Method
	}
	fn := call.Call.StaticCallee()
	if fn == nil {
		return nil
	}
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	obj, _ := fn.Object().(*types.Func)
	return obj
}

func isErrorsPackage(path string) bool {
	return path == "errors" || path == "github.com/pkg/errors" || path == "github.com/cockroachdb/errors" || path == "golang.org/x/xerrors"
}
