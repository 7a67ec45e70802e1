package cancel

import (
	"fmt"
	"go/ast"
	"go/token"
	"slices"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// unbufferedResult reports goroutines that wait for ever to hand over a result
// which a handler, or a client, does not wait for any more.
func unbufferedResult(pass *report.Pass) error {
	for _, s := range slices.Concat(sites(pass, handling.Abandoned), handlers(pass).Results) {
		f := found(pass, s)
		f.Message = fmt.Sprintf("a goroutine stays for ever when %s gives up first%s: it waits to send on ", s.Frame.Called(), via(s))
		if s.Remote != nil {
			f.Message += "a channel without room"
			pass.Report("cancel/unbuffered-result", f)
			continue
		}
		f.Message = fmt.Sprintf("a goroutine stays for ever when %s gives up first: it waits to send on this channel, which has no room", s.Frame.Called())
		call := makeExpr(pass, s.Instr.Pos())
		if call == nil {
			continue // made by the compiler
		}
		f.Pos, f.End = call.Pos(), call.End()
		if send := sendStmt(pass, s.Second.Pos()); s.Again && send != nil {
			f.Message = fmt.Sprintf("a goroutine stays for ever when %s gives up first: it waits on this send, which has no other way out", s.Frame.Called())
			f.Related = []finding.Related{{Message: "the channel has no room", Pos: f.Pos, End: f.End}}
			f.Pos, f.End = send.Pos(), send.End()
			pass.Report("cancel/unbuffered-result", f)
			continue
		}
		f.Related = []finding.Related{{Message: "waits here", Pos: s.Second.Pos(), End: s.Second.Pos()}}
		if s.Once && len(call.Args) == 1 {
			f.Fixes = []finding.Fix{{
				Message: "Make room for the result",
				Edits:   []finding.Edit{edit.AppendArgument(call, "1")},
			}}
		}
		pass.Report("cancel/unbuffered-result", f)
	}
	return nil
}

// sendStmt returns the statement whose arrow is at a position.
func sendStmt(pass *report.Pass, arrow token.Pos) *ast.SendStmt {
	for _, n := range syntax.Of(pass.Pass).AroundPos(arrow) {
		if send, ok := n.(*ast.SendStmt); ok {
			return send
		}
	}
	return nil
}

// makeExpr returns the call of make at a position.
func makeExpr(pass *report.Pass, pos token.Pos) *ast.CallExpr {
	for _, n := range syntax.Of(pass.Pass).AroundPos(pos) {
		if call, ok := n.(*ast.CallExpr); ok {
			if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "make" {
				return call
			}
		}
	}
	return nil
}
