package flow_test

import (
	"go/constant"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/program/programtest"
)

// source holds calls of is(v, "a b"): where the value comes from. A parameter
// is named ("$v"), a question mark is what nobody knows, and mark(v) adds an
// exclamation mark to each source.
const source = `package p

func is(v any, want string) {}
func mark(v string) string
func unknown() string

func literal()          { is("a", "a") }
func marked()           { is(mark("a"), "a!") }
func parameter(v string) { is(v, "$v"); is(mark(v), "$v!") }
func foreign()          { is(unknown(), "?") }
func branch(c bool)     { v := "a"; if c { v = unknown() }; is(v, "? a") }

// What a function returns depends on who calls it.
func same(v string) string { return v }
func twice()               { is(same("a"), "a"); is(same("b"), "b") }
func nested()              { is(same(mark(same("a"))), "a!") }
func second(a, b string) string { return mark(b) }
func ofSecond(x string)    { is(second("a", x), "$x!") }

type t struct{ v, w string }

func (x *t) get() string          { return x.v }
func (x *t) with(v string) string { return v }
func method(x *t)                 { is(x.with("m"), "m") }
func field()                      { x := t{v: "f"}; is(x.v, "f") }
func getter()                     { x := &t{v: "f"}; is(x.get(), "f") }
func bound(x *t)                  { h := x.with; is(h("b"), "b") }
func generic[T any](v T) T        { return v }
func instance()                   { is(generic("a"), "a"); is(generic("b"), "b") }

// Literals.
func closure()          { h := func() string { return "a" }; is(h(), "a") }
func captured(v string) { h := func() string { return mark(v) }; is(h(), "$v!") }
func maker(v string) func() string { return func() string { return v } }
func made()             { is(maker("a")(), "$v") } // which call made it is not remembered

// Helpers that call what they get.
func run(f func() string) string             { return f() }
func runs()                                  { is(run(func() string { return "a" }), "a"); is(run(func() string { return "b" }), "b") }
func runsCaptured(v string)                  { is(run(func() string { return v }), "$v") }
func runsNamed()                             { is(run(unknown), "?"); is(run(named), "n") }
func named() string                          { return "n" }
func deep(f func() string) string            { return mark(run(func() string { return f() })) }
func runsDeep()                              { is(deep(func() string { return "a" }), "a!"); is(deep(named), "n!") }
func with(v string, f func(string) string) string { return f(v) }
func runsWith()                              { is(with("a", func(s string) string { return mark(s) }), "a!"); is(with("b", same), "b") }
func each[T any](f func() T) T               { v := f(); return v }
func runsEach()                              { is(each(func() string { return "e" }), "e") }
func itself() string                         { return run(func() string { return "i" }) }
func runsItself()                            { is(each(func() string { return itself() }), "i"); is(each(itself), "i") }
func open(f func() string)                   { is(f(), "?") }

// Circles.
func loop(n int) string    { v := "a"; for range n { v = mark(loop(n)) }; return v }
func ofLoop()              { is(loop(1), "a") }
func forEver() string      { return forEver() }
func ofForEver()           { is(forEver(), "") }
`

// lettered follows strings in a domain of nothing but their letters.
func lettered(p *program.Program) *flow.Tracer[string] {
	join := func(a, b string) string {
		list := slices.Concat(strings.Fields(a), strings.Fields(b))
		slices.Sort(list)
		return strings.Join(slices.Compact(list), " ")
	}
	each := func(o string, change func(string) string) string {
		changed := ""
		for _, source := range strings.Fields(o) {
			changed = join(changed, change(source))
		}
		return changed
	}
	params := make(map[string]*ssa.Parameter)
	return flow.New(p, flow.Domain[string]{
		Unknown: func(ssa.Value) string { return "?" },
		Join:    join,
		Source: func(_ flow.Trace[string], v ssa.Value) (string, bool) {
			c, ok := v.(*ssa.Const)
			if !ok || c.Value == nil || c.Value.Kind() != constant.String {
				return "", false
			}
			return constant.StringVal(c.Value), true
		},
		Call: func(t flow.Trace[string], call *ssa.Call, _ int) (string, bool) {
			if t.Program.CalleeName(call) != "mark" {
				return "", false
			}
			return each(t.Of(call.Call.Args[0]), func(s string) string { return strings.TrimSuffix(s, "!") + "!" }), true
		},
		Param: func(v *ssa.Parameter) string {
			params[v.Name()] = v
			return "$" + v.Name()
		},
		Bind: func(t flow.Trace[string], o string, call *ssa.Call) string {
			return each(o, func(s string) string {
				name, marked := strings.CutSuffix(s, "!")
				param := params[strings.TrimPrefix(name, "$")]
				if !strings.HasPrefix(name, "$") {
					return s
				}
				switch arg := t.Arg(call, param); {
				case arg == nil:
					return "?"
				case arg == ssa.Value(param):
					return s
				case marked:
					return each(t.Of(arg), func(s string) string { return strings.TrimSuffix(s, "!") + "!" })
				default:
					return t.Of(arg)
				}
			})
		},
	})
}

func TestTracer(t *testing.T) {
	p := programtest.Load(t, source)
	tracer := lettered(p)
	asked := 0
	for instr := range p.Instructions {
		call, ok := instr.(ssa.CallInstruction)
		if !ok || p.CalleeName(call) != "is" {
			continue
		}
		asked++
		want := constant.StringVal(call.Common().Args[1].(*ssa.Const).Value)
		if got := tracer.Of(call.Common().Args[0]); got != want {
			t.Errorf("in %s: %q, want %q", instr.Parent().Name(), got, want)
		}
	}
	if want := strings.Count(source, " is("); asked < want-1 {
		t.Errorf("asked %d times, not %d", asked, want)
	}
}
