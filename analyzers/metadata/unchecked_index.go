package metadata

import (
	"fmt"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// uncheckedIndex reports reads of a value that a client need not send.
func uncheckedIndex(pass *report.Pass) error {
	info := flow(pass)
	if !info.Concerned {
		return nil
	}
	e := info.Engine()
	seen := make(map[token.Pos]bool)
	for _, fn := range e.Funcs {
		for _, read := range e.Indexed(fn) {
			if pass.InTest(read.Instr.Pos()) || read.Key == ":authority" || seen[read.Instr.Pos()] {
				continue // a test's client sends what its server reads; every HTTP/2 request has an authority
			}
			seen[read.Instr.Pos()] = true
			f := finding.Finding{Subject: read.Key, StandsOn: []claim.Condition{claim.Unless(claim.Recovers).Lower(rule.Warning)}}
			if pass.ResultOf[serving.Analyzer].(*serving.Info).Recovers {
				// The panic ends the RPC and not the process.
				f.Severity = rule.Warning
			}
			what := "a header"
			if read.Key != "" {
				what = fmt.Sprintf("%q", read.Key)
			}
			switch instr := read.Instr.(type) {
			case *ssa.IndexAddr:
				index := indexAt(pass, instr.Pos())
				if index == nil {
					continue // made by the compiler
				}
				f.Pos, f.End = index.Pos(), index.End()
				f.Message = fmt.Sprintf("a client that does not send %s causes a panic: %s is read unchecked", what, say.Expr(index))
			case *ssa.Call:
				call := e.CallExpr(instr)
				if call == nil {
					continue // made by the compiler
				}
				f.Pos, f.End = call.Fun.Pos(), call.Fun.End()
				f.Message = fmt.Sprintf("a client that does not send %s causes a panic: %s reads it unchecked", what, say.Expr(call.Fun))
				f.Related = []finding.Related{{Message: "read here", Remote: read.Via}}
			}
			pass.Report("metadata/unchecked-index", f)
		}
	}
	return nil
}
