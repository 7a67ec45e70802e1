package status

import (
	"fmt"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/finding"
)

// text reports the text of an RPC's error that is compared or searched.
func (c *comparer) text(v ssa.Value, pos token.Pos) {
	err := c.textOf(v)
	if err == nil || c.pass.InTest(pos) {
		return
	}
	origin := c.flow.Closed(err)
	if !c.untouched(origin) && !ofInvoker(origin) || c.readsCode(err) {
		return
	}
	node := nodeAt(c.pass, pos)
	if node == nil {
		return
	}
	c.pass.Report("status/string-match", finding.Finding{
		Pos: node.Pos(), End: node.End(), Subject: origin.Sources[0].Name, StandsOn: asMade(origin),
		Message: fmt.Sprintf("breaks when the server words its error anew: the error of %s is told by its text, not by its code", subject(&origin.Sources[0])),
	})
}

// textAsked reports an RPC's error that is given to a predicate which searches
// its text.
func (c *comparer) textAsked(err ssa.Value, call *ssa.Call) {
	expr := c.flow.Program.CallExpr(call)
	origin := c.flow.Closed(err)
	if expr == nil || c.pass.InTest(call.Pos()) || !c.untouched(origin) && !ofInvoker(origin) || c.readsCode(err) {
		return
	}
	c.pass.Report("status/string-match", finding.Finding{
		Pos: expr.Pos(), End: expr.End(), Subject: origin.Sources[0].Name, StandsOn: asMade(origin),
		Message: fmt.Sprintf("breaks when the server words its error anew: %s tells the error of %s by its text, not by its code",
			c.flow.Program.CalleeName(call), subject(&origin.Sources[0])),
	})
}

// statusTexts reports the text of an error that is searched for, or compared
// with, that of a status error: whoever returned it, its code would tell.
func (c *comparer) statusTexts(v ssa.Value, with *errflow.Source, pos token.Pos) {
	err := c.textOf(v)
	if c.pass.InTest(pos) || c.readsCode(err) {
		return
	}
	node := nodeAt(c.pass, pos)
	if node == nil {
		return
	}
	what := with.Name
	if what == "" {
		what = "a status error"
	}
	c.pass.Report("status/string-match", finding.Finding{
		Pos: node.Pos(), End: node.End(), Subject: what,
		Message: fmt.Sprintf("breaks when the server words its error anew: an error is told by the text of %s, not by its code", what),
	})
}

// statusText: v is the text of a status error that was made in this process.
func (c *comparer) statusText(v ssa.Value) *errflow.Source {
	if err := c.textOf(v); err != nil {
		return c.isStatus(err)
	}
	return nil
}

// textOf: v is the text of an error, perhaps as a helper or a variable gives
// it; returns the error.
func (c *comparer) textOf(v ssa.Value) ssa.Value {
	sources := c.flow.Program.Sources(v)
	if len(sources) != 1 {
		return nil
	}
	if call, ok := sources[0].(*ssa.Call); ok {
		if body := c.flow.Program.Body(call); body != nil {
			return c.textIn(body, call)
		}
	}
	return textOf(sources[0])
}

// textIn: a function of another package gives the text of an error that it gets
// from a call; returns the error.
func (c *comparer) textIn(body *ssa.Function, call *ssa.Call) ssa.Value {
	if returned := program.Returned(body, 0); len(returned) == 1 {
		if param, ok := textOf(returned[0].Value).(*ssa.Parameter); ok {
			return c.flow.Program.ArgOf(call, param)
		}
	}
	return nil
}

// textOf: v is err.Error(), perhaps in lower case; returns err.
func textOf(v ssa.Value) ssa.Value {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if call.Call.IsInvoke() {
		if call.Call.Method.Name() == "Error" && isError(call.Call.Value.Type()) {
			return call.Call.Value
		}
		return nil
	}
	if obj := calledFunc(call); obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "strings" && len(call.Call.Args) > 0 &&
		slices.Contains([]string{"ToLower", "ToUpper", "TrimSpace"}, obj.Name()) {
		return textOf(call.Call.Args[0])
	}
	return nil
}

func isString(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}
