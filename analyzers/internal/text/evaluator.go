package text

import (
	"bytes"
	"fmt"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strconv"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A form is a string as a function puts it together: texts, and holes for
// what the function is given and for numbers that are not known.
type form []part

type part struct {
	Text
	hole   ssa.Value // a parameter, or a number that is not known
	verb   byte      // how the hole is written: 's', 'q', 'd' or 'g'
	add    int64     // to the number of a hole
	within Interval  // of the number of a hole, before that
	at     span      // where the hole is put in, if that is known
}

// forms are the strings that a value may be; whole numbers are followed, too,
// as they are written.
type forms struct {
	list     []form
	complete bool // there are no others
}

// maxForms bounds how many strings are told apart, maxText how long they are.
const (
	maxForms = 32
	maxText  = 1 << 20
)

type trace = flow.Trace[forms]

// An Evaluator evaluates the strings of a package.
type Evaluator struct {
	*source
	flow  *flow.Tracer[forms]
	known func(*types.Func) *Made

	places      *place.Resolver
	comparisons map[*ssa.Function]*comparisons
}

// New makes an evaluator; known tells what functions of other packages make,
// nil for those that it does not know.
func New(pass *analysis.Pass, p *program.Program, known func(*types.Func) *Made) *Evaluator {
	e := &Evaluator{
		source: newSource(pass), known: known,
		places: place.NewResolver(p), comparisons: make(map[*ssa.Function]*comparisons),
	}
	e.flow = flow.New(p, flow.Domain[forms]{
		Nothing: forms{complete: true},
		Unknown: unknown,
		Join:    join,
		Source:  e.begins,
		Call:    e.call,
		Param: func(p *ssa.Parameter) forms {
			verb := byte('s')
			switch {
			case isInteger(p.Type()):
				verb = 'd'
			case isFloat(p.Type()):
				verb = 'g'
			case !isText(p.Type()):
				return forms{}
			}
			return forms{[]form{{{hole: p, verb: verb}}}, true}
		},
		Bind: func(t trace, o forms, call *ssa.Call) forms {
			return o.fill(func(p *ssa.Parameter) forms {
				return e.passed(t, call, p)
			})
		},
		Edge: func(t trace, phi *ssa.Phi, i int) (forms, bool) {
			o := e.of(t, phi.Edges[i], phi.Parent())
			return o.inside(e.bounds(phi.Edges[i], phi.Block().Preds[i], phi.Block())), true
		},
		Kept: func(_ ssa.Value, o forms, stored program.Held) forms {
			if len(stored.Values) > 1 {
				return o.withoutNumbers() // each under conditions of its own
			}
			return o
		},
		Return: func(t trace, ret program.Return) (forms, bool) {
			return e.of(t, ret.Value, ret.Parent()), true
		},
	})
	return e
}

// unknown keeps a number as a hole.
func unknown(v ssa.Value) forms {
	if v == nil || !isInteger(v.Type()) {
		return forms{}
	}
	return forms{[]form{{{hole: v, verb: 'd'}}}, true}
}

// withoutNumbers leaves out numbers that are not known.
func (o forms) withoutNumbers() forms {
	return o.each(func(f form) (form, bool) { return f, len(f) != 1 || f[0].hole == nil || f[0].verb != 'd' })
}

// of evaluates a value that a function uses.
func (e *Evaluator) of(t trace, v ssa.Value, fn *ssa.Function) forms {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.String {
		return forms{[]form{{{Text: e.constant(constant.StringVal(c.Value), nil, fn)}}}, true}
	}
	return t.Of(v)
}

// given evaluates a value that a call is given.
func (e *Evaluator) given(t trace, v ssa.Value, call ssa.CallInstruction) forms {
	if !isConstantText(v) {
		return t.Of(v)
	}
	value := constant.StringVal(v.(*ssa.Const).Value)
	return forms{[]form{{{Text: e.constant(value, e.flow.Program.CallExpr(call), call.Parent())}}}, true}
}

// passed is what a call passes as a parameter.
func (e *Evaluator) passed(t trace, call *ssa.Call, p *ssa.Parameter) forms {
	arg := t.Arg(call, p)
	if arg == nil {
		return forms{}
	}
	return e.put(t, call, arg, program.SignatureIndex(p))
}

// put evaluates argument i of a call.
func (e *Evaluator) put(t trace, call *ssa.Call, arg ssa.Value, i int) forms {
	o := t.Of(arg).inside(e.bounds(arg, call.Block(), nil))
	c, isConst := arg.(*ssa.Const)
	syntax := t.Program.CallExpr(call)
	if syntax == nil || i < 0 || i >= len(syntax.Args) {
		return o
	}
	if !isConst || c.Value == nil {
		return o.putAt(syntax.Args[i])
	}
	return o.each(func(f form) (form, bool) {
		value, ok := f.whole()
		if c.Value.Kind() == constant.String {
			return form{{Text: e.written(syntax.Args[i], string(value.Bytes), make(map[types.Object]bool))}}, ok
		}
		return form{{Text: constantText(string(value.Bytes), syntax.Args[i])}}, ok
	})
}

// Of returns the strings that a value may be which an instruction uses: one
// where it is put together from constants, several where it is chosen, or where
// callers pass several, but for those that a comparison on the way there rules
// out. What cannot be evaluated is left out; complete says whether anything
// was.
func (e *Evaluator) Of(v ssa.Value, by ssa.Instruction) (texts []Text, complete bool) {
	if _, isConst := v.(*ssa.Const); isConst {
		if call, ok := by.(ssa.CallInstruction); ok {
			return e.given(trace{}, v, call).texts()
		}
		return e.of(trace{}, v, by.Parent()).texts()
	}
	return e.left(e.flow.Closed(v), v, by).texts()
}

// Within is Of without what callers hand over as it is, and with the cases of
// numbers that are not known.
func (e *Evaluator) Within(v ssa.Value, by ssa.Instruction) (texts []Text, complete bool, cases []Case) {
	if _, isConst := v.(*ssa.Const); isConst {
		texts, complete = e.Of(v, by)
		return texts, complete, nil
	}
	open := e.flow.Of(v).each(func(f form) (form, bool) {
		if len(f) != 1 {
			return f, true
		}
		p, isParam := f[0].hole.(*ssa.Parameter)
		return f, !isParam || !program.IsWithin(by.Parent(), p.Parent())
	})
	o := e.left(open.fill(func(p *ssa.Parameter) forms { return e.flow.Closed(p) }), v, by)
	texts, complete = o.texts()
	return texts, complete, o.cases()
}

// left leaves out the texts that v cannot be where an instruction uses it,
// because it was compared with a constant on the way there or, if it is in a
// variable that never changes, on the way to the function literal that reads it.
func (e *Evaluator) left(o forms, v ssa.Value, by ssa.Instruction) forms {
	o = o.leftFor(v, by)
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return o
	}
	variable := e.flow.Program.Variable(load.X)
	if variable == nil {
		return o
	}
	h := e.flow.Program.HeldIn(variable)
	if !h.Complete || len(h.Values) != 1 {
		return o
	}
	same := h.Values
	for _, name := range e.flow.Program.Names(variable) {
		for _, user := range *name.Referrers() {
			if load, ok := user.(*ssa.UnOp); ok {
				same = append(slices.Clip(same), load)
			}
		}
	}
	for {
		for _, v := range same {
			o = o.leftFor(v, by)
		}
		made := e.flow.Program.Made(by.Parent())
		if len(made) != 1 {
			break
		}
		by = made[0]
	}
	return o
}

// leftFor leaves out the texts that v cannot be where an instruction uses it,
// because it was compared with a constant on the way there.
func (o forms) leftFor(v ssa.Value, by ssa.Instruction) forms {
	for d := range control.Decisions(v, isConstantText) {
		if d.Entered.Parent() != by.Parent() || !d.Entered.Dominates(by.Block()) {
			continue
		}
		with := constant.StringVal(d.With.(*ssa.Const).Value)
		o.list = slices.DeleteFunc(slices.Clone(o.list), func(f form) bool {
			t, ok := f.whole()
			return ok && (string(t.Bytes) == with) != d.Equal
		})
	}
	return o
}

func isConstantText(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.String
}

// texts are the forms without holes.
func (o forms) texts() (texts []Text, complete bool) {
	complete = o.complete && len(o.list) > 0
	for _, f := range o.list {
		if t, ok := f.whole(); ok {
			texts = append(texts, t)
		} else {
			complete = false
		}
	}
	return texts, complete
}

// whole is a form without holes.
func (f form) whole() (Text, bool) {
	var whole Text
	for _, p := range f {
		if p.hole != nil {
			return Text{}, false
		}
		whole.append(p.Text)
	}
	return whole, true
}

func join(a, b forms) forms {
	joined := forms{slices.Clone(a.list), a.complete && b.complete}
	for _, f := range b.list {
		if len(joined.list) >= maxForms {
			joined.complete = false
			break
		}
		if !slices.ContainsFunc(joined.list, f.equal) {
			joined.list = append(joined.list, f)
		}
	}
	return joined
}

func (f form) equal(g form) bool {
	return slices.EqualFunc(f, g, func(a, b part) bool {
		return a.hole == b.hole && a.verb == b.verb && a.add == b.add && a.within == b.within && a.at == b.at && a.Equal(&b.Text)
	})
}

// and is one string and another one behind it.
func (o forms) and(p forms) forms {
	all := forms{complete: o.complete && p.complete}
	for _, f := range o.list {
		for _, g := range p.list {
			if len(all.list) >= maxForms || f.size()+g.size() > maxText {
				all.complete = false
				return all
			}
			all.list = append(all.list, slices.Concat(f, g))
		}
	}
	return all
}

func (f form) size() (n int) {
	for _, p := range f {
		n += len(p.Bytes)
	}
	return n
}

// each changes the strings one by one; what it does not take is left out.
func (o forms) each(change func(form) (form, bool)) forms {
	changed := forms{complete: o.complete}
	for _, f := range o.list {
		if g, ok := change(f); ok {
			changed.list = append(changed.list, g)
		} else {
			changed.complete = false
		}
	}
	return changed
}

// fill puts what is passed into the holes.
func (o forms) fill(passed func(*ssa.Parameter) forms) forms {
	all := forms{complete: o.complete}
	for _, f := range o.list {
		filled := forms{[]form{nil}, true}
		for _, p := range f {
			param, ok := p.hole.(*ssa.Parameter)
			if !ok {
				filled = filled.and(forms{[]form{{p}}, true})
				continue
			}
			filled = filled.and(p.filledWith(passed(param)))
		}
		all = join(all, filled)
	}
	return all
}

// filledWith is what is written in the place of a hole.
func (p *part) filledWith(o forms) forms {
	return o.inside(p.within).each(func(f form) (form, bool) {
		f, ok := f.as(p.verb, p.add)
		if ok && len(f) == 1 && f[0].hole != nil && !f[0].at.pos.IsValid() {
			f = form{f[0]}
			f[0].at = p.at
		}
		return f, ok
	})
}

// as writes a form in the place of a verb.
func (f form) as(verb byte, add int64) (form, bool) {
	if verb == 's' || verb == 'g' {
		return f, true
	}
	if len(f) == 1 && f[0].hole != nil {
		p := f[0]
		switch {
		case p.verb == 's' && verb == 'q':
			p.verb = 'q'
			return form{p}, true
		case p.verb == 'd' && verb == 'd':
			p.add += add
			return form{p}, true
		}
		return nil, false
	}
	t, ok := f.whole()
	if !ok {
		return nil, false
	}
	if verb == 'q' {
		return form{{Text: t.as(strconv.Quote(string(t.Bytes)))}}, true
	}
	n, err := strconv.ParseInt(string(t.Bytes), 10, 64)
	if err != nil {
		return nil, false
	}
	return form{{Text: t.as(strconv.FormatInt(n+add, 10))}}, true
}

// as is another string made of the text.
func (t Text) as(value string) Text {
	made := Text{Bytes: []byte(value)}
	if len(t.spans) > 0 {
		made.spans = slices.Repeat([]span{{t.spans[0].pos, t.spans[len(t.spans)-1].end, true}}, len(value))
	}
	return made
}

// begins knows constants, sums, conversions, and package variables, of which
// what is known counts even if others can write to them.
func (e *Evaluator) begins(t trace, v ssa.Value) (forms, bool) {
	switch v := v.(type) {
	case *ssa.BinOp:
		switch {
		case v.Op == token.ADD && isText(v.Type()):
			return e.of(t, v.X, v.Parent()).and(e.of(t, v.Y, v.Parent())), true
		case v.Op == token.ADD && isInteger(v.Type()):
			return e.sum(t, v, 1), true
		case v.Op == token.SUB && isInteger(v.Type()):
			return e.sum(t, v, -1), true
		}
	case *ssa.Convert:
		if isText(v.Type()) && isText(v.X.Type()) || isInteger(v.Type()) && isInteger(v.X.Type()) {
			return e.of(t, v.X, v.Parent()), true
		}
	case *ssa.UnOp:
		g, ok := v.X.(*ssa.Global)
		if !ok || v.Op != token.MUL || g.Pkg != t.Program.Pkg || g.Object() == nil {
			break
		}
		stored, complete := t.Program.Stored(g)
		if pattern, ok := e.embedded[g.Object()]; ok && len(stored) == 0 && complete {
			if file := e.embeddedFile(g.Object(), pattern); file != nil {
				return forms{[]form{{{Text: *file}}}, true}, true
			}
			return forms{}, true
		}
		o := t.Union(stored)
		if !complete && isInteger(v.Type()) {
			return join(o, unknown(v)), true
		}
		return forms{o.list, o.complete && complete && len(stored) > 0}, true
	case *ssa.Const:
		switch {
		case v.Value == nil:
			return forms{}, true
		case isFloat(v.Type()):
			return number(strconv.FormatFloat(v.Float64(), 'g', -1, 64)), true
		case v.Value.Kind() == constant.String:
			return e.of(t, v, nil), true
		case v.Value.Kind() == constant.Int:
			return forms{[]form{{{Text: Text{Bytes: []byte(v.Value.ExactString())}}}}, true}, true
		}
		return forms{}, true
	}
	return forms{}, false
}

// sum adds a constant number.
func (e *Evaluator) sum(t trace, op *ssa.BinOp, sign int64) forms {
	x, y := op.X, op.Y
	if _, ok := x.(*ssa.Const); ok && sign > 0 {
		x, y = y, x
	}
	c, ok := y.(*ssa.Const)
	if !ok || c.Value == nil {
		return unknown(op)
	}
	return t.Of(x).inside(e.bounds(x, op.Block(), nil)).each(func(f form) (form, bool) { return f.as('d', sign*c.Int64()) })
}

// call knows what puts strings together.
func (e *Evaluator) call(t trace, call *ssa.Call, i int) (forms, bool) {
	if b, ok := call.Call.Value.(*ssa.Builtin); ok && isInteger(call.Type()) {
		return limited(t, call, b.Name()), true
	}
	obj := program.CalledObject(&call.Call)
	if obj == nil || obj.Pkg() == nil {
		return forms{}, false
	}
	switch obj.FullName() {
	case "strconv.Itoa":
		return e.put(t, call, call.Call.Args[0], 0), true
	case "fmt.Sprintf":
		return e.sprintf(t, call), true
	}
	if e.known == nil || i > 0 || len(t.Program.Callees(call)) > 0 {
		return forms{}, false
	}
	made := e.known(obj)
	if made == nil {
		return forms{}, false
	}
	return e.made(t, call, made), true
}

// sprintf evaluates formats whose verbs are %s, %q, %v and %d without flags.
func (e *Evaluator) sprintf(t trace, call *ssa.Call) forms {
	formats := e.given(t, call.Call.Args[0], call)
	args := t.Program.Elements(call.Call.Args[1])
	all := forms{complete: formats.complete}
	for _, f := range formats.list {
		if format, ok := f.whole(); ok && args.Complete {
			all = join(all, e.formatted(t, call, format, args.Values))
		} else {
			all.complete = false
		}
	}
	return all
}

func (e *Evaluator) formatted(t trace, call *ssa.Call, format Text, args []ssa.Value) forms {
	out, next := forms{[]form{nil}, true}, 0
	for rest := format; len(rest.Bytes) > 0; {
		i := bytes.IndexByte(rest.Bytes, '%')
		if i < 0 {
			out = out.and(forms{[]form{{{Text: rest}}}, true})
			break
		}
		end := i + 1 + precision(rest.Bytes[i+1:])
		if end == len(rest.Bytes) {
			return forms{}
		}
		verb, before := rest.Bytes[i:end+1], rest.cut(0, i)
		isPercent := string(verb) == "%%"
		if isPercent {
			before = rest.cut(0, i+1)
		}
		out = out.and(forms{[]form{{{Text: before}}}, true})
		rest = rest.cut(end+1, len(rest.Bytes))
		if isPercent {
			continue
		}
		if next >= len(args) {
			return forms{}
		}
		out = out.and(e.argument(t, call, args[next], next, string(verb)))
		next++
	}
	if next < len(args) {
		return forms{} // %!(EXTRA ...)
	}
	return out
}

// precision is how long the one of a verb is, as in %.3f.
func precision(verb []byte) int {
	n := 0
	if len(verb) > 0 && verb[0] == '.' {
		for n++; n < len(verb) && '0' <= verb[n] && verb[n] <= '9'; n++ {
		}
	}
	return n
}

func (t *Text) cut(from, to int) Text {
	cut := Text{Bytes: t.Bytes[from:to]}
	if len(t.spans) > 0 {
		cut.spans = t.spans[from:to]
	}
	return cut
}

// argument is what a verb makes of argument i behind the format.
func (e *Evaluator) argument(t trace, call *ssa.Call, v ssa.Value, i int, verb string) forms {
	if made, ok := v.(*ssa.MakeInterface); ok {
		v = made.X
	}
	c, isConst := v.(*ssa.Const)
	isConst = isConst && c.Value != nil
	var o forms
	switch {
	case isConst && isDuration(v.Type()) && (verb == "%s" || verb == "%v" || verb == "%q"):
		o = number(fmt.Sprintf(verb, time.Duration(c.Int64())))
	case isStringer(v.Type()):
		return forms{}
	case isConst && isFloat(v.Type()) && strings.ContainsAny(verb[len(verb)-1:], "vgfe"):
		o = number(fmt.Sprintf(verb, c.Float64()))
	case isText(v.Type()) && (verb == "%s" || verb == "%v"):
		o = t.Of(v)
	case isText(v.Type()) && verb == "%q":
		o = t.Of(v).each(func(f form) (form, bool) { return f.as('q', 0) })
	case isFloat(v.Type()) && (verb == "%v" || verb == "%g"):
		o = t.Of(v)
	case isInteger(v.Type()) && (verb == "%d" || verb == "%v"):
		o = t.Of(v).inside(e.bounds(v, call.Block(), nil))
	default:
		return forms{}
	}
	syntax := t.Program.CallExpr(call)
	if syntax == nil || i+1 >= len(syntax.Args) {
		return o
	}
	if !isConst {
		return o.putAt(syntax.Args[i+1])
	}
	return o.each(func(f form) (form, bool) {
		whole, ok := f.whole()
		return form{{Text: constantText(string(whole.Bytes), syntax.Args[i+1])}}, ok
	})
}

// number is one that is written in one way.
func number(text string) forms { return forms{[]form{{{Text: Text{Bytes: []byte(text)}}}}, true} }

// isText: a string, or bytes.
func isText(t types.Type) bool {
	if slice, ok := t.Underlying().(*types.Slice); ok {
		basic, ok := slice.Elem().Underlying().(*types.Basic)
		return ok && basic.Kind() == types.Byte
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}

func isInteger(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsInteger != 0
}

func isFloat(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsFloat != 0
}

func isDuration(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == "time" && named.Obj().Name() == "Duration"
}

// isStringer: %v of a time.Duration, say, is not its number.
func isStringer(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "String")
	_, ok := obj.(*types.Func)
	return ok
}
