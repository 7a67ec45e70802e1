// Package stream holds the rules about streams: how they end, who may use
// them at the same time, and what frees them.
package stream

import (
	"go/ast"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/absent"
	"github.com/grpclint/grpclint/analyzers/internal/lifetime"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/rule"
)

// Analyzer runs the rules of the family.
var Analyzer = report.Family("stream",
	"find misuse of gRPC streams\n\nStreams that are used after their end, by two goroutines at once, that leak, or whose outcome nobody learns.",
	[]*analysis.Analyzer{stub.Analyzer, program.Analyzer, absent.Analyzer, streams.Analyzer, lifetime.Analyzer, syntax.Analyzer},
	report.Check{Rules: []string{"stream/dead"}, Run: dead},
	report.Check{Rules: []string{"stream/concurrent-send", "stream/concurrent-recv"}, Run: concurrent},
	report.Check{Rules: []string{"stream/leak"}, Run: leak},
	report.Check{Rules: []string{"stream/reconnect"}, Run: reconnect},
	report.Check{Rules: []string{"stream/masked-send"}, Run: maskedSend},
	report.Check{Rules: []string{"stream/unread-result"}, Run: unreadResult},
	report.Check{Rules: []string{"stream/early-trailer"}, Run: earlyTrailer},
	report.Check{Rules: []string{"stream/late-header"}, Run: lateHeader},
	report.Check{Rules: []string{"stream/sender-error"}, Run: senderError},
	report.Check{Rules: []string{"stream/open-send"}, Run: openSend},
	report.Check{Rules: []string{"stream/mutated-message"}, Run: mutatedMessage},
	report.Check{Rules: []string{"stream/unchecked-recv"}, Run: uncheckedRecv},
	report.Check{Rules: []string{"stream/canceled-return"}, Run: canceledReturn},
	report.Check{Rules: []string{"stream/ignored-send"}, Run: ignoredSend},
)

// lower makes a finding one of severity info where the program ends by itself,
// and with it what it has left open.
func lower(pass *report.Pass, f *finding.Finding) {
	f.StandsOn = append(f.StandsOn, claim.Lasting())
	if pass.ResultOf[lifetime.Analyzer].(*lifetime.Info).RunsOnce(f.Pos) {
		f.Severity = rule.Info
	}
}

func known(pass *report.Pass) *streams.Info { return pass.ResultOf[streams.Analyzer].(*streams.Info) }

// expr returns the syntax of a call, and the range of its operator, the
// smallest thing to edit.
func expr(info *streams.Info, call ssa.CallInstruction) *ast.CallExpr { return info.SSA.CallExpr(call) }

// name returns how the code calls the stream that a call is made on:
// "stream", "s.stream"; "the stream" for what has no name.
func name(info *streams.Info, c *streams.Call) string {
	call := expr(info, c.Inner)
	if call == nil {
		return "the stream"
	}
	if i, ok := c.Passed(); ok && i < len(call.Args) {
		return short(call.Args[i])
	}
	if sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok && c.Inner.Common().IsInvoke() {
		return short(sel.X)
	}
	return "the stream"
}

func short(stream ast.Expr) string {
	if text := types.ExprString(stream); len(text) <= 30 && !strings.ContainsAny(text, "\n({") {
		return text
	}
	return "the stream"
}

// method returns the name of the method that a call calls: "Recv".
func method(c *streams.Call) string {
	return c.Method
}
