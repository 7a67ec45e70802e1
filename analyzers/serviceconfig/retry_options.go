package serviceconfig

import (
	"fmt"
	"go/ast"
	"go/constant"
	"math"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	checker "github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// retryOptions are the dial options of a package that change what retry
// policies do.
type retryOptions struct {
	maxAttempts  map[*ast.CallExpr]int  // by the WithDefaultServiceConfig beside it
	disabled     map[*ast.CallExpr]bool // likewise
	highestLimit int                    // of all WithMaxCallAttempts in the package
	mayDisable   bool                   // a WithDisableRetry has no config beside it
	disables     []string               // keys of the claim for configs of other packages
}

// keyOf names the option that is given a config.
func keyOf(at finding.Remote) string {
	return fmt.Sprintf("%s/%s:%d:%d", at.Package, at.File, at.Line, at.Column)
}

// findRetryOptions reads the lists of options that are written out. An
// option elsewhere may go with any config of the package: the highest limit
// counts, so that no attempts are called lost that may not be, and no policy
// is judged that may be disabled.
func findRetryOptions(pass *report.Pass) *retryOptions {
	r := &retryOptions{maxAttempts: make(map[*ast.CallExpr]int), disabled: make(map[*ast.CallExpr]bool)}
	x := pass.ResultOf[program.Analyzer].(*program.Package).Build()
	beside := make(map[*ssa.Call]bool)
	for _, list := range pass.ResultOf[dial.Analyzer].(*dial.Info).Lists {
		r.noteList(x, list, beside)
	}
	for instr := range x.Instructions {
		call, ok := instr.(*ssa.Call)
		if !ok {
			continue
		}
		switch fn := program.CalledObject(&call.Call); {
		case fn == nil || !dial.IsGRPC(fn):
		case fn.Name() == "WithMaxCallAttempts":
			r.highestLimit = max(r.highestLimit, limit(x, call))
		case fn.Name() == "WithDisableRetry":
			r.mayDisable = r.mayDisable || !beside[call]
		}
	}
	if r.mayDisable {
		r.disables = append(r.disables, claim.Any)
	}
	return r
}

// noteList notes what stands beside the configs of a list, and the options
// that do.
func (r *retryOptions) noteList(x *program.Program, list dial.List, beside map[*ssa.Call]bool) {
	for _, config := range list.Options {
		if config.Name != "WithDefaultServiceConfig" {
			continue
		}
		var at *ast.CallExpr // nil in another package
		if config.Call() != nil {
			at = x.CallExpr(config.Call())
		}
		for _, option := range list.Options {
			switch option.Name {
			case "WithMaxCallAttempts":
				// Of several limits grpc-go takes the last.
				if n := limit(x, option.Call()); n > 0 && at != nil {
					r.maxAttempts[at] = n
				}
			case "WithDisableRetry":
				r.disabled[at], beside[option.Call()] = true, true
				if at == nil {
					r.disables = append(r.disables, keyOf(config.Place))
				}
			}
		}
	}
}

// limit is the argument of WithMaxCallAttempts; one that is not constant, or
// that another package chooses, may be any.
func limit(x *program.Program, call *ssa.Call) int {
	if call == nil {
		return math.MaxInt32
	}
	highest := 0
	for _, v := range x.Sources(call.Call.Args[0]) {
		c, ok := v.(*ssa.Const)
		if !ok || c.Value == nil {
			return math.MaxInt32
		}
		n, exact := constant.Int64Val(c.Value)
		if !exact || n > math.MaxInt32 {
			return math.MaxInt32
		}
		highest = max(highest, int(n))
	}
	return highest
}

// apply tells the checker what goes with a config.
func (r *retryOptions) apply(site *ast.CallExpr, o *checker.Options) {
	o.MaxCallAttempts = r.highestLimit
	if n, ok := r.maxAttempts[site]; ok {
		o.MaxCallAttempts = n
	}
	o.DisableRetry = r.disabled[site] || r.mayDisable
}
