package text

import (
	"go/ast"
	"go/constant"
	"go/token"
	"math"
	"slices"
	"strconv"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/proven"
)

// An Interval are the whole numbers from one to another, or without an end.
type Interval struct {
	HasLow, HasHigh bool
	Low, High       int64
}

func (i Interval) and(j Interval) Interval {
	if j.HasLow && (!i.HasLow || i.Low < j.Low) {
		i.HasLow, i.Low = true, j.Low
	}
	if j.HasHigh && (!i.HasHigh || j.High < i.High) {
		i.HasHigh, i.High = true, j.High
	}
	return i
}

// or are the numbers from the least of both to the greatest.
func (i Interval) or(j Interval) Interval {
	either := Interval{HasLow: i.HasLow && j.HasLow, HasHigh: i.HasHigh && j.HasHigh}
	if either.HasLow {
		either.Low = min(i.Low, j.Low)
	}
	if either.HasHigh {
		either.High = max(i.High, j.High)
	}
	return either
}

// minus are those numbers to which n is added.
func (i Interval) minus(n int64) Interval {
	i.Low, i.High = i.Low-n, i.High-n
	if !i.HasLow {
		i.Low = 0
	}
	if !i.HasHigh {
		i.High = 0
	}
	return i
}

func (i Interval) has(n int64) bool {
	return !(i.HasLow && n < i.Low) && !(i.HasHigh && i.High < n)
}

func (i Interval) empty() bool { return i.HasLow && i.HasHigh && i.High < i.Low }

// ends are the least and the greatest of the numbers, as far as there are.
func (i Interval) ends() (ends []int64) {
	if i.HasLow {
		ends = append(ends, i.Low)
	}
	if i.HasHigh && !(i.HasLow && i.Low == i.High) {
		ends = append(ends, i.High)
	}
	return ends
}

// inside leaves out the numbers that cannot be.
func (o forms) inside(i Interval) forms {
	if i == (Interval{}) {
		return o
	}
	left := forms{complete: o.complete}
	for _, f := range o.list {
		if len(f) == 1 && f[0].hole != nil && f[0].verb == 'd' {
			p := f[0]
			if p.within = p.within.and(i.minus(p.add)); !p.within.empty() {
				left.list = append(left.list, form{p})
			}
			continue
		}
		if t, ok := f.whole(); ok {
			if n, err := strconv.ParseInt(string(t.Bytes), 10, 64); err == nil && !i.has(n) {
				continue
			}
		}
		left.list = append(left.list, f)
	}
	return left
}

// putAt says where holes are put in.
func (o forms) putAt(expr ast.Expr) forms {
	return o.each(func(f form) (form, bool) {
		if len(f) == 1 && f[0].hole != nil {
			f = form{f[0]}
			f[0].at = span{pos: expr.Pos(), end: expr.End()}
		}
		return f, true
	})
}

// limited is what max and min make of a number and a constant.
func limited(t trace, call *ssa.Call, builtin string) forms {
	if len(call.Call.Args) != 2 || builtin != "max" && builtin != "min" {
		return unknown(call)
	}
	v, limit := call.Call.Args[0], call.Call.Args[1]
	if _, ok := v.(*ssa.Const); ok {
		v, limit = limit, v
	}
	c, ok := limit.(*ssa.Const)
	if !ok || c.Value == nil {
		return unknown(call)
	}
	of := Interval{HasLow: true, Low: c.Int64()}
	if builtin == "min" {
		of = Interval{HasHigh: true, High: c.Int64()}
	}
	return t.Of(v).inside(of)
}

// bounds are the numbers that v can be at the end of a block, where control
// goes into another one or ends if that is nil: those that the comparisons with
// constants on the way there let through, those of all callers included.
func (e *Evaluator) bounds(v ssa.Value, block, into *ssa.BasicBlock) Interval {
	if _, isConst := v.(*ssa.Const); isConst || !isInteger(v.Type()) {
		return Interval{}
	}
	return e.boundsAt(e.places.Of(v), block, into, 0)
}

// maxCallers bounds how many callers up comparisons are looked for.
const maxCallers = 4

func (e *Evaluator) boundsAt(at place.Place, block, into *ssa.BasicBlock, depth int) Interval {
	if at.IsZero() || depth > maxCallers {
		return Interval{}
	}
	fn := block.Parent()
	known := e.compared(fn).letThrough(at, block, into)
	sites, complete := e.flow.Program.Callers(fn)
	if handed := e.flow.Program.Handed(fn); len(handed) > 0 && e.flow.Program.Awaited(fn) {
		complete = true
		for _, h := range handed {
			sites = append(slices.Clip(sites), h.Call)
		}
	}
	if !complete || len(sites) == 0 {
		return known
	}
	var above Interval
	for i, site := range sites {
		there := at
		if p, ok := at.Root.(*ssa.Parameter); ok && p.Parent() == fn {
			arg := e.flow.Program.ArgOf(site, p)
			if arg == nil {
				return known
			}
			there = e.places.Field(e.places.Of(arg), at.Fields()...)
		}
		each := e.boundsAt(there, site.Block(), nil, depth+1)
		if i == 0 {
			above = each
		}
		above = above.or(each)
	}
	return known.and(above)
}

// comparisons are those of a function with whole numbers, and what it changes.
type comparisons struct {
	list    []comparison
	changes map[place.Place]bool
}

type comparison struct {
	of   place.Place
	with int64
	op   token.Token
	cond *ssa.BinOp
}

func (e *Evaluator) compared(fn *ssa.Function) *comparisons {
	if known := e.comparisons[fn]; known != nil {
		return known
	}
	found := &comparisons{changes: make(map[place.Place]bool)}
	e.comparisons[fn] = found
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				found.changes[e.places.Of(instr.Addr)] = true
			case *ssa.BinOp:
				if !proven.IsComparison(instr.Op) {
					continue
				}
				op, v, with := instr.Op, instr.X, instr.Y
				c, ok := with.(*ssa.Const)
				if !ok {
					c, ok = v.(*ssa.Const)
					op, v = proven.Mirrored(op), with
				}
				if ok && c.Value != nil && c.Value.Kind() == constant.Int {
					found.list = append(found.list, comparison{e.places.Of(v), c.Int64(), op, instr})
				}
			}
		}
	}
	return found
}

// letThrough are the numbers in a place with which control comes to the end of
// a block.
func (c *comparisons) letThrough(at place.Place, block, into *ssa.BasicBlock) (known Interval) {
	if c.changes[at] {
		return known
	}
	for _, cmp := range c.list {
		if cmp.of != at {
			continue
		}
		for _, use := range *cmp.cond.Referrers() {
			branch, ok := use.(*ssa.If)
			if !ok {
				continue
			}
			for i, next := range branch.Block().Succs {
				here := branch.Block() == block && next == into && branch.Block().Succs[1-i] != into
				if here || len(next.Preds) == 1 && next.Dominates(block) {
					known = known.and(compared(cmp.op, cmp.with, i == 0))
				}
			}
		}
	}
	return known
}

// compared are the numbers for which a comparison with n comes out as given.
func compared(op token.Token, n int64, outcome bool) Interval {
	switch {
	case op == token.EQL && outcome || op == token.NEQ && !outcome:
		return Interval{true, true, n, n}
	case op == token.LSS && outcome || op == token.GEQ && !outcome:
		return Interval{HasHigh: n != math.MinInt64, High: n - 1}
	case op == token.LEQ && outcome || op == token.GTR && !outcome:
		return Interval{HasHigh: true, High: n}
	case op == token.GTR && outcome || op == token.LEQ && !outcome:
		return Interval{HasLow: n != math.MaxInt64, Low: n + 1}
	case op == token.GEQ && outcome || op == token.LSS && !outcome:
		return Interval{HasLow: true, Low: n}
	}
	return Interval{}
}

// A Case is a text with a number in it that is not known.
type Case struct {
	// Texts are the text with numbers in the place: the one that the code
	// lets through as the last, or, if Every is set, several that stand for
	// all.
	Texts []Text
	Every bool
	// Name is that of the variable with the number, "" if it has none; Is
	// the number unless Every is set.
	Name string
	Is   int64
	// Pos is where the number is put in, if it is known.
	Pos token.Pos
}

// samples stand for all numbers.
var samples = [...]int64{5, 30, 1000}

// cases are those of the texts with holes for numbers.
func (o forms) cases() (cases []Case) {
	for _, f := range o.list {
		bounded, holes := -1, 0
		for i, p := range f {
			if p.hole == nil {
				continue
			}
			if holes++; p.verb != 'd' {
				holes = -len(f) // something else
			}
			if len(p.within.ends()) > 0 {
				bounded = i
			}
		}
		switch {
		case holes <= 0:
		case bounded < 0:
			c := Case{Every: true}
			if holes == 1 {
				c.Name = nameOf(f[slices.IndexFunc(f, func(p part) bool { return p.hole != nil })].hole)
			}
			for _, n := range samples {
				c.Texts = append(c.Texts, f.with(-1, 0, n))
			}
			cases = append(cases, c)
		case holes == 1 || f[bounded].at.pos.IsValid():
			p := f[bounded]
			for _, n := range p.within.ends() {
				cases = append(cases, Case{[]Text{f.with(bounded, n+p.add, samples[0])}, false, nameOf(p.hole), n, p.at.pos})
			}
		}
	}
	return cases
}

// with puts a number into one hole, and another one into all others.
func (f form) with(hole int, n, others int64) Text {
	var whole Text
	for i, p := range f {
		if p.hole == nil {
			whole.append(p.Text)
			continue
		}
		number := n
		if i != hole {
			number = others
		}
		t := Text{Bytes: strconv.AppendInt(nil, number, 10)}
		if p.at.pos.IsValid() {
			t.spans = slices.Repeat([]span{p.at}, len(t.Bytes))
		}
		whole.append(t)
	}
	return whole
}

func nameOf(v ssa.Value) string {
	switch v := v.(type) {
	case *ssa.Parameter:
		return v.Name()
	case *ssa.UnOp:
		switch addr := v.X.(type) {
		case *ssa.FieldAddr:
			return program.FieldOf(addr.X.Type(), addr.Field).Name()
		case *ssa.Global:
			return addr.Name()
		}
	}
	return ""
}
