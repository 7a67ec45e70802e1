package retry

import (
	"fmt"
	"go/ast"
	"go/constant"
	"slices"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// noRetry reports retry interceptors of go-grpc-middleware that are set up
// and never retry.
func noRetry(pass *report.Pass) error {
	refused(pass)
	var interceptors []*ast.CallExpr
	limited := false // a limit is given somewhere in the package
	middleware(pass, func(name string, call *ast.CallExpr) {
		switch name {
		case "WithMax":
			limited = true
			onlyAttempt(pass, call)
		case "UnaryClientInterceptor", "StreamClientInterceptor":
			interceptors = append(interceptors, call)
		}
	})
	if limited {
		return nil // calls may ask for retries one by one
	}
	for _, call := range interceptors {
		if option := intent(pass, call); option != nil {
			from, to := call.Fun.Pos(), call.Fun.End()
			pass.Report("retry/no-retry", finding.Finding{
				Pos: from, End: to, Subject: middlewareFunc(pass, call),
				Message: "no RPC is retried: the interceptor has no WithMax, and without one it makes a single attempt",
				Related: []finding.Related{{Message: "what is set here is never used", Pos: option.Pos(), End: option.End()}},
			})
		}
	}
	return nil
}

// onlyAttempt reports WithMax(1): the loop in the interceptor counts
// attempts, the first included, whatever the option's documentation says.
func onlyAttempt(pass *report.Pass, call *ast.CallExpr) {
	if len(call.Args) != 1 {
		return
	}
	value := pass.TypesInfo.Types[call.Args[0]].Value
	if value == nil || value.Kind() != constant.Int {
		return // computed; 0 switches retries off, which says what it does
	}
	if n, exact := constant.Int64Val(value); !exact || n != 1 {
		return
	}
	pass.Report("retry/no-retry", finding.Finding{
		Pos: call.Args[0].Pos(), End: call.Args[0].End(), Subject: "WithMax",
		Message: "no RPC is retried: WithMax(1) allows one attempt, the first one included",
		Fixes:   []finding.Fix{{Message: "Allow one retry", Edits: []finding.Edit{edit.Replace(call.Args[0], "2")}}},
	})
}

// intent returns an option that only makes sense with retries, or nil if
// there is none, or if an option is not known.
func intent(pass *report.Pass, interceptor *ast.CallExpr) ast.Expr {
	if interceptor.Ellipsis.IsValid() {
		return nil // a list that is put together elsewhere
	}
	var found ast.Expr
	for _, arg := range interceptor.Args {
		call, ok := ast.Unparen(arg).(*ast.CallExpr)
		if !ok {
			return nil // kept in a variable
		}
		name := middlewareFunc(pass, call)
		switch {
		case name == "" || name == "WithMax" || name == "Disable":
			return nil
		case found == nil && slices.Contains([]string{"WithCodes", "WithBackoff", "WithPerRetryTimeout", "WithRetriable"}, name):
			found = call
		}
	}
	return found
}

// refused reports RPCs whose client sends a stream on a connection with a
// retry interceptor for streams: it fails them all.
func refused(pass *report.Pass) {
	for _, u := range conns(pass).Uploads {
		if pass.InTest(u.Call.Pos()) {
			continue
		}
		from, to := callee(pass, u.Call)
		at := u.Conn.Stream.At
		pass.Report("retry/no-retry", finding.Finding{
			Pos: from, End: to, Subject: u.RPC,
			Message: fmt.Sprintf("%s always fails with Unimplemented: %s of its connection refuses streams of clients",
				say.RPC(u.RPC), u.Conn.Stream.Name),
			Related: []finding.Related{{Message: "the interceptor", Remote: &at}},
		})
	}
}
