package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// Codes that precondition tells apart.
const (
	failedPrecondition = 9
	aborted            = 10
)

// precondition finds functions that answer a stale etag with
// FailedPrecondition, which says "do not retry", instead of Aborted, which
// says "read again and retry"; and the reverse for the state of a resource.
// What is compared, and what makes the error, may be a helper's business.
func precondition(pass *report.Pass) error {
	errors := flowOf(pass)
	if !stubs(pass).Reaches || errors.Program == nil {
		return nil
	}
	j := &preconditions{pass: pass, flow: errors, fields: newFieldTracer(errors.Program)}
	for _, fn := range errors.Program.Funcs {
		if pass.InTest(fn.Pos()) || errors.IsGenerated(fn.Pos()) {
			continue
		}
		for _, block := range fn.Blocks {
			if test, ok := control.Last(block).(*ssa.If); ok {
				j.judge(test)
			}
		}
	}
	return nil
}

type preconditions struct {
	pass   *report.Pass
	flow   *errflow.Flow
	fields *flow.Tracer[flow.Part[string]]

	open []*ssa.Function // that are being looked into
}

// judge looks at what is answered on either way out of a branch.
func (j *preconditions) judge(test *ssa.If) {
	for i, entered := range test.Block().Succs {
		if len(entered.Preds) != 1 {
			continue
		}
		m := j.mismatch(test.Cond, i == 0, nil)
		if m == nil {
			continue
		}
		ret, ok := control.Last(entered).(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		if err := program.GivenBack(ret, len(ret.Results)-1); isError(err.Type()) {
			j.answered(m, ret, err)
		}
	}
}

// answered judges the error that a mismatch is answered with.
func (j *preconditions) answered(m *mismatch, ret *ssa.Return, err ssa.Value) {
	origin := j.flow.OfIn(err, ret.Block())
	if len(origin.Sources) != 1 || origin.Sources[0].Kind != errflow.Status || origin.Sources[0].Tested {
		return
	}
	at, fix := j.codeAt(ret, err, &origin.Sources[0])
	if at == nil {
		return
	}
	value, want := uint64(origin.Sources[0].Code), etagCode(j.pass)
	f := finding.Finding{Pos: at.Pos(), End: at.End(), Subject: j.text(m)}
	switch {
	case m.stale && (value == failedPrecondition || value == aborted) && value != want:
		consequence := "clients do not read again and retry"
		if want != aborted {
			consequence = "clients do not see what has happened"
		}
		f.Message = fmt.Sprintf("%s: a stale %s is answered with %s instead of %s", consequence, m.field, say.Code(value), say.Code(want))
	case !m.stale && value == aborted:
		want = failedPrecondition
		f.Message = "clients retry in vain: a resource in the wrong state is answered with Aborted instead of FailedPrecondition"
	default:
		return
	}
	if fix != nil {
		f.Fixes = replaceCode(fix, say.Code(want))
	}
	j.pass.Report("status/precondition", f)
}

// codeAt returns where the code of an error is to be mended: the code itself,
// if the function names it, which a fix can replace; else the call that makes
// the error, or what is returned.
func (j *preconditions) codeAt(ret *ssa.Return, err ssa.Value, source *errflow.Source) (at ast.Node, fix ast.Expr) {
	expr := j.flow.Program.CallAt(source.Pos)
	if call, ok := err.(*ssa.Call); ok {
		expr = j.flow.Program.CallExpr(call)
	} else if syntax := ret.Parent().Syntax(); expr == nil || expr.Pos() < syntax.Pos() || syntax.End() < expr.End() {
		return operandOf(j.pass, ret, len(ret.Results)-1), nil
	}
	if expr == nil {
		return nil, nil
	}
	if makesStatus(called(j.pass, expr)) {
		return expr.Args[0], expr.Args[0]
	}
	return expr, nil
}

func replaceCode(code ast.Expr, name string) []finding.Fix {
	rename, ok := edit.Rename(code, name)
	if !ok {
		return nil
	}
	return []finding.Fix{{Message: "Use codes." + name, Edits: []finding.Edit{rename}}}
}

// A mismatch is a comparison that has shown that two values differ.
type mismatch struct {
	stale bool   // of an etag or a version; else of a state
	field string // "etag"
	at    ssa.Value
}

// text is the comparison as the source writes it.
func (j *preconditions) text(m *mismatch) string {
	if b, ok := m.at.(*ssa.BinOp); ok {
		if expr, ok := syntax.Of(j.pass.Pass).At(b.Pos()).(*ast.BinaryExpr); ok {
			return types.ExprString(expr)
		}
	}
	return m.field
}

// mismatch says what a condition shows if it comes out as given: itself, or
// as the result of a function, of which call passes the arguments.
func (j *preconditions) mismatch(cond ssa.Value, outcome bool, call *ssa.Call) *mismatch {
	switch cond := cond.(type) {
	case *ssa.UnOp:
		if cond.Op == token.NOT {
			return j.mismatch(cond.X, !outcome, call)
		}
	case *ssa.BinOp:
		if cond.Op != token.NEQ && cond.Op != token.EQL {
			return nil
		}
		differ := outcome == (cond.Op == token.NEQ)
		if isError(cond.X.Type()) && control.IsNil(cond.Y) {
			return j.returned(cond.X, differ)
		}
		if differ {
			return j.compared(cond, call)
		}
	case *ssa.Call:
		return j.returned(cond, outcome)
	}
	return nil
}

// returned looks into the function that returned an error, or true: it shows
// a mismatch if each return of that kind does.
func (j *preconditions) returned(v ssa.Value, outcome bool) *mismatch {
	call, ok := j.held(v).(*ssa.Call)
	if !ok || !outcome {
		return nil
	}
	callees := j.flow.Program.Callees(call)
	if len(callees) != 1 || len(callees[0].Params) != len(program.Args(&call.Call)) || slices.Contains(j.open, callees[0]) {
		return nil
	}
	j.open = append(j.open, callees[0])
	defer func() { j.open = j.open[:len(j.open)-1] }()
	var shown *mismatch
	for _, ret := range program.Returned(callees[0], 0) {
		m, decides := j.shownBy(ret, call)
		if !decides {
			continue // nil, or false
		}
		if m == nil || shown != nil && *shown != *m {
			return nil
		}
		shown = m
	}
	return shown
}

// held is what a variable holds, if that is one value; else v itself.
func (j *preconditions) held(v ssa.Value) ssa.Value {
	if h, ok := j.flow.Program.Read(v); ok && h.Complete && len(h.Values) == 1 {
		return h.Values[0]
	}
	return v
}

// shownBy returns what a return statement shows whose result is an error or
// true; it decides nothing if the result is nil or false.
func (j *preconditions) shownBy(ret program.Return, call *ssa.Call) (m *mismatch, decides bool) {
	if c, ok := ret.Value.(*ssa.Const); ok && (c.IsNil() || c.Value != nil && c.Value.String() == "false") {
		return nil, false
	}
	if b, ok := ret.Value.(*ssa.BinOp); ok {
		return j.mismatch(b, true, call), true
	}
	block := ret.Block()
	if len(block.Preds) != 1 {
		return nil, true
	}
	test, ok := control.Last(block.Preds[0]).(*ssa.If)
	if !ok {
		return nil, true
	}
	return j.mismatch(test.Cond, block.Preds[0].Succs[0] == block, call), true
}

// compared tells two etags or versions from a state and what it has to be.
func (j *preconditions) compared(b *ssa.BinOp, call *ssa.Call) *mismatch {
	x, y := passed(b.X, call), passed(b.Y, call)
	name, other := j.fieldOf(x), j.fieldOf(y)
	_, constant := y.(*ssa.Const)
	switch {
	case slices.Contains(concurrencyFields, name) && !constant && (other == name || other == "" && isVariable(y)),
		slices.Contains(concurrencyFields, other) && name == "" && isVariable(x):
		if name == "" {
			name = other
		}
		return &mismatch{stale: true, field: name, at: b}
	case (name == "state" || name == "status") && constant && isEnum(x.Type()):
		return &mismatch{field: name, at: b}
	}
	return nil
}

// passed is v, or what the call passes if it is a parameter.
func passed(v ssa.Value, call *ssa.Call) ssa.Value {
	p, ok := v.(*ssa.Parameter)
	if !ok || call == nil {
		return v
	}
	if i := slices.Index(p.Parent().Params, p); i >= 0 {
		return program.Args(&call.Call)[i]
	}
	return v
}

// concurrencyFields are fields by which writers notice each other.
var concurrencyFields = []string{"etag", "version", "revision", "generation", "resourceversion"}

// isVariable: not read from a field, nor made on the spot.
func isVariable(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Parameter, *ssa.Phi, *ssa.FreeVar, *ssa.Extract:
		return true
	case *ssa.Call:
		return fieldRead(v) == "" && !v.Call.IsInvoke() // it has a name of its own, most often
	case *ssa.UnOp:
		return v.Op == token.MUL && fieldRead(v) == ""
	}
	return false
}

// fieldOf returns the name of the field that a value comes from, by helpers and
// variables of this package, too.
func (j *preconditions) fieldOf(v ssa.Value) string {
	if name := j.fields.Of(v); name.Own != "" && name.Own != severalFields && !name.Open() {
		return name.Own
	}
	return fieldRead(v)
}

// severalFields is what comes from more than one field, or from elsewhere.
const severalFields = "?"

func newFieldTracer(p *program.Program) *flow.Tracer[flow.Part[string]] {
	d := flow.Sole(severalFields)
	d.Source = func(_ flow.Trace[flow.Part[string]], v ssa.Value) (flow.Part[string], bool) {
		if call, ok := v.(*ssa.Call); ok && len(p.Callees(call)) > 0 {
			return flow.Part[string]{}, false // which field it reads is seen
		}
		name := fieldRead(v)
		return flow.Part[string]{Own: name}, name == "state" || name == "status" || slices.Contains(concurrencyFields, name)
	}
	return flow.New(p, d)
}

// fieldRead returns the name of the field that a value is read from, directly
// or by its getter, in lower case; else "".
func fieldRead(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.UnOp:
		if addr, ok := v.X.(*ssa.FieldAddr); ok && v.Op == token.MUL {
			return strings.ToLower(program.FieldOf(addr.X.Type(), addr.Field).Name())
		}
	case *ssa.Field:
		return strings.ToLower(program.FieldOf(v.X.Type(), v.Field).Name())
	case *ssa.Call:
		obj := program.CalledObject(&v.Call)
		if obj != nil && obj.Signature().Recv() != nil && obj.Signature().Params().Len() == 0 {
			return strings.ToLower(strings.TrimPrefix(obj.Name(), "Get"))
		}
	}
	return ""
}

// isEnum: t is an enum of a .proto file.
func isEnum(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, false, nil, "EnumDescriptor")
	_, ok := obj.(*types.Func)
	return ok
}
