// Package server holds the rules about servers: what they are built with,
// what their handlers may rely on, and how they stop.
package server

import (
	"go/ast"
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/absent"
	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/analyzers/internal/tokenread"
	"github.com/grpclint/grpclint/finding/claim"
)

// Analyzer finds servers that crash, that do not start or stop, or that leave
// open what they are to protect.
var Analyzer = report.Family("server",
	"check how gRPC servers are built, run and stopped\n\nSee https://github.com/grpclint/grpclint/tree/main/docs/rules/server for its rules.",
	[]*analysis.Analyzer{absent.Analyzer, serving.Analyzer, handling.Analyzer, stub.Analyzer, tokenread.Analyzer, syntax.Analyzer},
	report.Check{Run: tells},
	report.Check{Rules: []string{"server/nil-field"}, Run: nilField},
	report.Check{Rules: []string{"server/duplicate-interceptor"}, Run: duplicateInterceptor},
	report.Check{Rules: []string{"server/pointer-embed"}, Run: pointerEmbed},
	report.Check{Rules: []string{"server/late-register", "server/duplicate-register"}, Run: registrations},
	report.Check{Rules: []string{"server/zero-limit"}, Run: zeroLimit},
	report.Check{Rules: []string{"server/unread-key"}, Run: unreadKey},
	report.Check{Rules: []string{"server/dropped-handler"}, Run: droppedHandler},
	report.Check{Rules: []string{"server/dropped-context"}, Run: droppedContext},
	report.Check{Rules: []string{"server/stream-context"}, Run: streamContext},
	report.Check{Rules: []string{"server/unary-only-auth"}, Run: unaryOnlyAuth},
	report.Check{Rules: []string{"server/graceful-stop"}, Run: gracefulStop},
	report.Check{Rules: []string{"server/fatal"}, Run: fatal},
	report.Check{Rules: []string{"server/unbounded-message"}, Run: unboundedMessage},
	report.Check{Rules: []string{"server/shared-state"}, Run: sharedState},
	report.Check{Rules: []string{"server/message-size"}, Run: messageSize},
	report.Check{Rules: []string{"server/abrupt-stop"}, Run: abruptStop},
	report.Check{Rules: []string{"server/no-sigterm"}, Run: noSigterm},
	report.Check{Rules: []string{"server/late-signal"}, Run: lateSignal},
	report.Check{Rules: []string{"server/unsafe-embed"}, Run: unsafeEmbed},
	report.Check{Rules: []string{"server/no-recovery"}, Run: noRecovery},
	report.Check{Rules: []string{"server/keepalive"}, Run: keepalive},
	report.Check{Rules: []string{"server/keepalive-timeout"}, Run: keepaliveTimeout},
)

func servers(pass *report.Pass) *serving.Info { return pass.ResultOf[serving.Analyzer].(*serving.Info) }

// tells fills in what the package tells about the programs that it is in.
func tells(pass *report.Pass) error {
	pass.ClaimIf(servers(pass).Recovers, claim.Recovers)
	return nil
}

// eachGRPCCall visits the calls of functions of package grpc itself that
// people write.
func eachGRPCCall(pass *report.Pass, visit func(call *ast.CallExpr, name string)) {
	for call := range syntax.All[*ast.CallExpr](syntax.Of(pass.Pass)) {
		fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
		if ok && fn.Pkg() != nil && fn.Pkg().Path() == stub.GRPCPath && fn.Signature().Recv() == nil && syntax.Of(pass.Pass).Written(call.Pos()) {
			visit(call, fn.Name())
		}
	}
}

// constInt returns the value of a constant expression.
func constInt(pass *report.Pass, expr ast.Expr) (int64, bool) {
	v := pass.TypesInfo.Types[expr].Value
	if v == nil {
		return 0, false
	}
	i := constant.ToInt(v)
	if i.Kind() != constant.Int {
		return 0, false
	}
	return constant.Int64Val(i)
}
