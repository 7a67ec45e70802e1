package serviceconfig

import (
	"go/ast"
	"go/constant"
	"math"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	checker "github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// retryOptions are the dial options of a package that change what retry
// policies do.
type retryOptions struct {
	maxAttempts  map[*ast.CallExpr]int  // by the WithDefaultServiceConfig beside it
	disabled     map[*ast.CallExpr]bool // likewise
	highestLimit int                    // of all WithMaxCallAttempts in the package
	mayDisable   bool                   // a WithDisableRetry has no config beside it
}

// findRetryOptions reads the lists of options that are written out. An
// option elsewhere may go with any config of the package: the highest limit
// counts, so that no attempts are called lost that may not be, and no policy
// is judged that may be disabled.
func findRetryOptions(pass *report.Pass) *retryOptions {
	r := &retryOptions{maxAttempts: make(map[*ast.CallExpr]int), disabled: make(map[*ast.CallExpr]bool)}
	for call := range syntax.All[*ast.CallExpr](syntax.Of(pass.Pass)) {
		if grpcFunc(pass, call) == "WithMaxCallAttempts" {
			r.highestLimit = max(r.highestLimit, limit(pass, call))
		}
		r.noteList(pass, call.Args)
	}
	for lit := range syntax.All[*ast.CompositeLit](syntax.Of(pass.Pass)) {
		r.noteList(pass, lit.Elts)
	}
	return r
}

func (r *retryOptions) noteList(pass *report.Pass, exprs []ast.Expr) {
	calls := grpcCalls(pass, exprs)
	configs := calls["WithDefaultServiceConfig"]
	r.mayDisable = r.mayDisable || len(calls["WithDisableRetry"]) > 0 && len(configs) == 0
	for _, config := range configs {
		// Of several limits grpc-go takes the last.
		for _, call := range calls["WithMaxCallAttempts"] {
			if n := limit(pass, call); n > 0 {
				r.maxAttempts[config] = n
			}
		}
		r.disabled[config] = r.disabled[config] || len(calls["WithDisableRetry"]) > 0
	}
}

// limit is the argument of WithMaxCallAttempts; one that is not constant may
// be any.
func limit(pass *report.Pass, call *ast.CallExpr) int {
	if len(call.Args) != 1 {
		return math.MaxInt32
	}
	value := pass.TypesInfo.Types[call.Args[0]].Value
	if value == nil {
		return math.MaxInt32
	}
	n, exact := constant.Int64Val(value)
	if !exact || n > math.MaxInt32 {
		return math.MaxInt32
	}
	return int(n)
}

// apply tells the checker what goes with a config.
func (r *retryOptions) apply(site *ast.CallExpr, o *checker.Options) {
	o.MaxCallAttempts = r.highestLimit
	if n, ok := r.maxAttempts[site]; ok {
		o.MaxCallAttempts = n
	}
	o.DisableRetry = r.disabled[site] || r.mayDisable
}
