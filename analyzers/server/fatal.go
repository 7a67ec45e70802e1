package server

import (
	"fmt"
	"go/token"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// fatal reports handlers and interceptors that end the process.
func fatal(pass *report.Pass) error {
	info := servers(pass)
	if !info.Reaches {
		return nil
	}
	frames := make(map[*ssa.Function]bool)
	seen := make(map[token.Pos]bool)
	judge := func(fn *ssa.Function, what, subject string) {
		end := info.End(fn)
		if end == nil || seen[end.Instr.Pos()] {
			return
		}
		if local, _ := info.SSA().Callee(end.Instr.Common()); local != nil && frames[local] {
			return // reported there
		}
		expr := info.SSA().CallExpr(end.Instr)
		if expr == nil {
			return
		}
		seen[end.Instr.Pos()] = true
		f := finding.Finding{Pos: expr.Fun.Pos(), End: expr.Fun.End(), Subject: subject}
		f.Message = fmt.Sprintf("%s can end the process, and with it all other RPCs: it calls %s", what, say.Expr(expr.Fun))
		if len(end.Via) > 0 {
			chain := " calls " + strings.Join(append(end.Via[1:len(end.Via):len(end.Via)], end.Called), ", which calls ")
			if len(end.Via) > 2 {
				chain = " leads to " + end.Called
			}
			f.Message = fmt.Sprintf("%s can end the process, and with it all other RPCs: %s%s", what, end.Via[0], chain)
			if at := end.At; at.File != "" {
				f.Related = []finding.Related{{Message: "it ends here", Remote: &at}}
				f.ComesOf(&at, what, "ends the process") // what many handlers call is wrong once
			}
		}
		pass.Report("server/fatal", f)
	}
	handlers := pass.ResultOf[handling.Analyzer].(*handling.Info)
	for _, frame := range handlers.Frames {
		frames[frame.Func] = true
	}
	for _, frame := range handlers.Frames {
		if frame.Handler != nil {
			judge(frame.Func, frame.Called(), frame.Subject())
		}
	}
	for _, i := range interceptors(pass) {
		if !i.client {
			judge(i.fn, i.name(), i.next.Name())
		}
	}
	return nil
}
