package status

import (
	"go/ast"
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// comparisons finds errors of RPCs that are asked the wrong question:
//
//	errors.Is(err, context.DeadlineExceeded) // context-compare: never
//	err == ErrNotFound                       // compare: never the same pointer
//	strings.Contains(err.Error(), "missing") // string-match
func comparisons(pass *report.Pass) error {
	flow := flowOf(pass)
	if flow.Program == nil || !mentionsErrors(pass) {
		return nil // nothing to follow
	}
	c := &comparer{pass: pass, flow: flow}
	for _, fn := range flow.Program.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				switch instr := instr.(type) {
				case *ssa.BinOp:
					if instr.Op == token.EQL || instr.Op == token.NEQ {
						c.equal(instr)
					}
				case *ssa.Call:
					c.call(instr)
				}
			}
		}
	}
	c.reportAsked()
	return nil
}

// mentionsErrors: the package imports something to compare errors with, or
// a stub.
func mentionsErrors(pass *report.Pass) bool { return flowOf(pass).Program != nil }

type comparer struct {
	pass  *report.Pass
	flow  *errflow.Flow
	asked []asked
}

// equal judges x == y and x != y.
func (c *comparer) equal(b *ssa.BinOp) {
	if isString(b.X.Type()) {
		x, y := b.X, b.Y
		if c.textOf(x) != nil && c.textOf(y) != nil {
			if c.statusText(x) != nil {
				x, y = y, x
			}
			if s := c.statusText(y); s != nil {
				c.statusTexts(x, s, b.Pos())
			}
			return
		}
		if _, isConst := x.(*ssa.Const); isConst {
			x, y = y, x
		}
		if text, ok := y.(*ssa.Const); ok && text.Value != nil && constant.StringVal(text.Value) != "" {
			c.text(x, b.Pos())
		}
		return
	}
	if !isError(b.X.Type()) || !isError(b.Y.Type()) || control.IsNil(b.X) || control.IsNil(b.Y) {
		return
	}
	x, y := b.X, b.Y
	if errflow.ContextError(x) != "" || c.isStatus(x) != nil {
		x, y = y, x
	}
	expr := c.comparison(b.Pos())
	if expr == nil {
		return // of a switch: the case says what it is compared with
	}
	if name := errflow.ContextError(y); name != "" {
		c.contextCompare(x, name, expr, expr, b.Op == token.NEQ)
		return
	}
	if s := c.isStatus(y); s != nil {
		c.compare(x, s, expr)
	}
}

// call judges errors.Is and the functions of package strings.
func (c *comparer) call(call *ssa.Call) {
	if q, err, ok := c.flow.Asks(call); ok && !c.judgedInside(call) {
		if q.Context != "" {
			c.contextAsked(q, err, call)
		} else {
			c.textAsked(err, call)
		}
		return
	}
	obj := calledFunc(call)
	if obj == nil || obj.Pkg() == nil || obj.Signature().Recv() != nil {
		return
	}
	args := call.Call.Args
	switch path := obj.Pkg().Path(); {
	case isErrorsPackage(path) && obj.Name() == "Is" && len(args) == 2:
		name := errflow.ContextError(args[1])
		if expr := c.flow.Program.CallExpr(call); name != "" && expr != nil {
			c.contextCompare(args[0], name, expr, expr, false)
		}
	case path == "strings" && slices.Contains([]string{"Contains", "HasPrefix", "HasSuffix", "EqualFold", "Index"}, obj.Name()):
		if s := c.statusText(args[1]); s != nil && c.textOf(args[0]) != nil {
			c.statusTexts(args[0], s, call.Pos())
			return
		}
		c.text(args[0], call.Pos())
	}
}

// judgedInside: a call's function is one whose callers are all known, and it
// is the same for all of them: the finding stands in there.
func (c *comparer) judgedInside(call *ssa.Call) bool {
	fn, _ := c.flow.Program.Callee(&call.Call)
	if fn == nil {
		return false
	}
	for _, p := range fn.Params {
		if isError(p.Type()) {
			o := c.flow.Closed(p)
			return !o.Unsure() && ofClient(o) != nil && c.noContextError(o)
		}
	}
	return false
}

// isStatus: v is a status error that was made in this process: by package
// status, a variable that holds one, or what a helper returns of these.
func (c *comparer) isStatus(v ssa.Value) *errflow.Source {
	if !c.alwaysMade(v, 0) {
		return nil
	}
	origin := c.flow.Of(v)
	if len(origin.Sources) != 1 || origin.Sources[0].Kind != errflow.Status || origin.Sources[0].Wrapped {
		return nil
	}
	return &origin.Sources[0]
}

// alwaysMade: v is what package status or a package variable gives, on every
// way: never nil, as a field that nobody has set would be.
func (c *comparer) alwaysMade(v ssa.Value, depth int) bool {
	const deepest = 8
	switch v := v.(type) {
	case *ssa.UnOp:
		_, global := v.X.(*ssa.Global)
		return global && v.Op == token.MUL
	case *ssa.Call:
		if makesStatus(calledFunc(v)) || len(c.flow.Program.Callees(v)) == 0 && c.flow.Fails(v, v.Block()) {
			return true
		}
	case *ssa.Phi, *ssa.Parameter, *ssa.Extract, *ssa.ChangeInterface:
	default:
		return false
	}
	ways, through := c.flow.Program.Ways(v)
	return through && depth < deepest && !slices.ContainsFunc(ways, func(way ssa.Value) bool { return !c.alwaysMade(way, depth+1) })
}

// comparison returns the == or != whose operator is at pos.
func (c *comparer) comparison(pos token.Pos) *ast.BinaryExpr {
	b, _ := syntax.Of(c.pass.Pass).At(pos).(*ast.BinaryExpr)
	return b
}

// nodeAt returns the comparison, the call or the case that SSA places at pos:
// at its operator, at its opening parenthesis, or at its expression.
func nodeAt(pass *report.Pass, pos token.Pos) ast.Node {
	around := syntax.Of(pass.Pass).AroundPos(pos)
	for i, n := range around {
		switch n := n.(type) {
		case *ast.BinaryExpr:
			if n.OpPos == pos {
				return n
			}
		case *ast.CallExpr:
			if n.Lparen == pos {
				return n
			}
		case *ast.CaseClause:
			if e, ok := around[max(i-1, 0)].(ast.Expr); ok {
				return e
			}
			return nil // in the body
		}
	}
	return nil
}
