package program_test

import (
	"go/constant"
	"slices"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/program/programtest"
)

// source holds calls of is(v, "a b") and runs("f g"): what the value may be,
// as far as the view shows, with a question mark for what it does not show,
// and what the call on the line before runs.
const source = `package p

import "sync"

func is(v any, want string)  {}
func runs(want string)       {}

type s struct{ a, b string; f func(); in *s; list []string }

// Places.

func literal()           { is("a", "a") }
func branch(c bool)      { v := "a"; if c { v = "b" }; is(v, "a b") }
func parameter(v string) { is(v, "a b") }
func calls()             { parameter("a"); parameter("b") }
func Exported(v string)  { is(v, "?") }
func named() (v string)  { v = "a"; defer func() { is(v, "a") }(); return v }
func byNamed()           { is(named(), "a") }
func field()             { x := s{a: "a"}; is(x.a, "a") }
func pointer()           { x := &s{a: "b"}; is(x.a, "b") }
func copied()            { x := s{a: "a"}; y := x; is(y.a, "a") }
func byValue(x s)        { is(x.a, "c") }
func byPointer(x *s)     { is(x.a, "d") }
func passes()            { byValue(s{a: "c"}); byPointer(&s{a: "d"}) }
func elements()          { for _, v := range []string{"a", "b"} { is(v, "a b") } }
func appended()          { l := []string{"a"}; l = append(l, "b"); is(l[1], "a b") }
func mapped()            { for _, v := range map[int]string{1: "a", 2: "b"} { is(v, "a b") } }
func lookedUp(k int)     { m := map[int]string{1: "a"}; m[2] = "c"; is(m[k], "a c") }
func byKey()             { m := map[int]string{1: "a", 2: "b"}; is(m[1], "a"); l := []string{"a", "b"}; is(l[1], "b") }
func byKeys(k int)       { m := map[int]string{1: "a"}; m[k] = "b"; is(m[1], "a b"); l := []string{"a", "b"}; l[k] = "c"; is(l[1], "a b c") }
func setOnOneWay(c bool) { x := s{a: "a"}; if c { x.a = "b" }; is(x.a, "a b") }
func setInTurn(n int)    { x := s{a: "a"}; for range n { is(x.a, "a b"); x.a = "b" } }
func copies(c bool)      { x := s{a: "a"}; y := x; if c { y = s{a: "b"} }; is(y.a, "a b") }
func setFirst()          { var x struct{ a string }; is(x.a, ""); x.a = "a"; is(x.a, "a") }
func shared()            { v := "a"; func() { v = "b" }(); is(v, "a b") }
func captured()          { v := "a"; func() { is(v, "a") }() }
func address()           { v := "a"; set(&v); is(v, "a b") }
func set(p *string)      { is(*p, "a b c"); *p = "b" }
func again()             { v := "c"; set(&v) }
func away(f func(*string)) { v := "a"; f(&v); is(v, "?") }
func kept(m map[int]string) { all = m }
func grows(k string)     { all[3] = k }
func lent(f func(map[int]string), k int) { m := map[int]string{1: "a"}; f(m); is(m[k], "?") }
func mapOf() map[int]string { return map[int]string{1: "a"} }
func ofMap(k int)        { m := mapOf(); m[2] = "b"; is(m[k], "a b") }
func grown(k int)        { m := map[int]string{1: "a"}; kept(m); is(m[k], "? a") }
func received(c chan string) { is(<-c, "?") }
func sentHere()          { c := make(chan string, 1); c <- "a"; go func() { c <- "b" }(); is(<-c, "a b") }
func sentBelow()         { c := make(chan string, 1); sends(c); v, ok := <-c; is(v, "a"); _ = ok }
func sends(c chan<- string) { c <- "a" }
func selected()          { c, d := make(chan string, 1), make(chan string); c <- "a"; select { case d <- "b": case v := <-c: is(v, "a") } }
func selects()           { c := make(chan string, 1); select { case c <- "a": default: }; for v := range c { is(v, "a") } }
func shown(f func(chan string)) { c := make(chan string, 1); c <- "a"; f(c); is(<-c, "?") }
func shownToRead(f func(<-chan string)) { c := make(chan string, 1); c <- "a"; f(c); is(<-c, "a") }

func runsReceived()      { c := make(chan func(), 1); c <- func() { is("a", "a") }; handedOn(<-c) }
func handedOn(f func())  { for range 3 { f() } }

type queue struct{ in, out chan string; Open chan string }

func newQueue() *queue   { return &queue{in: make(chan string), out: make(chan string), Open: make(chan string)} }
func (q *queue) put()    { q.in <- "a" }
func (q *queue) get()    { is(<-q.in, "a"); is(<-q.out, "?"); is(<-q.Open, "?") }
func (q *queue) answer() chan string { q.out <- "b"; q.Open <- "c"; return q.out }
func asserted(v any)     { x, _ := v.(string); is(x, "?") }

var all map[int]string

var once = "a"
var twice = "a"
var Public = "a"
var lazy string
var do sync.Once

func setAgain()  { twice = "b" }
func globals()   { is(once, "a"); is(twice, "a b"); is(Public, "?") }
func setLazily() { do.Do(func() { lazy = "z" }); is(lazy, "z") }

type holder struct{ a string }

func newHolder(a string) *holder { return &holder{a: a} }
func (h *holder) get() string    { return h.a }
func usesHolder()                { h := newHolder("h"); is(h.get(), "h") }

type reset struct{ a string }

func (r *reset) again() { r.a = "b" }
func usesReset()        { r := &reset{a: "a"}; r.again(); is(r.a, "a b") }

type local struct{ a string }

func lastOf(c bool)     { r := &local{a: "c"}; is(r.a, "c"); r.a = "d"; if c { is(r.a, "d") } }
func lastOfValue()      { r := local{a: "c"}; is(r.a, "c") }

type aliased struct{ a string }

func ofOther(x *aliased) { r := &aliased{a: "e"}; x.a = "f"; is(r.a, "e") }
func ofSame(c bool, x *aliased) { r := &aliased{a: "e"}; if c { x = r }; x.a = "f"; is(r.a, "e f") }
func notYet()           { r := &local{}; is(r.a, "") }

// Results.

func returns(c bool) string { if c { return "a" }; return "b" }
func result()               { is(returns(true), "a b") }
func two() (string, error)  { return "a", nil }
func ofTwo()                { v, err := two(); is(v, "a"); is(err, "") }
func loop(n int) string     { v := "a"; for range n { v = loop(n) }; return v }
func ofLoop()               { is(loop(1), "a") }
func panics() (v string)    { defer func() { recover() }(); v = "a"; return v }
func ofPanics()             { is(panics(), "a") }

// Calls.

func f() {}
func g() {}

func (*s) m() {}
func (x s) v() {}

func plain()               { f(); runs("f") }
func variable()            { h := f; h(); runs("f") }
func chosen(c bool)        { h := f; if c { h = g }; h(); runs("f g") }
func inField()             { x := s{f: g}; x.f(); runs("g") }
func bound(x *s)           { h := x.m; h(); runs("m") }
func expression(x *s)      { h := (*s).m; h(x); runs("m") }
func closure()             { h := func() {}; h(); runs("closure$1") }
func made()                { h := maker(); h(); runs("maker$1") }
func maker() func()        { return func() { f() } }
func ranged()              { for _, h := range []func(){f, g} { h(); runs("f g") } }
func handed(h func())      { h(); runs("") }
func hands()               { handed(f) }
func queued()              { c := make(chan func(), 1); c <- f; (<-c)(); runs("f") }
func deferred(x *s)        { h := x.m; defer h(); runs("m") }

type runner interface{ run() }
type one struct{}

func (*one) run() {}

func implemented(r runner) { r.run(); runs("run") }
func implements()          { implemented(&one{}) }

// Functions that are handed to helpers: these pass what they get, or something
// else, or do something else with the function.

func with(v string, h func(string))      { h(v) }
func takes(v string)                     { is(v, "a") }
func handsNamed()                        { with("a", takes) }
func handsLiteral()                      { with("a", func(v string) { is(v, "a") }); with("b", func(v string) { is(v, "b") }) }
func handsBound(x *s)                    { with("a", x.gets) }
func (x *s) gets(v string)               { is(v, "a") }
func twiceWith(h func(string))           { h("c"); h("d") }
func handsTwice()                        { twiceWith(func(v string) { is(v, "?") }) }
func keeps(v string, h func(string))     { h(v); keptFunc = h }
func handsKept()                         { keeps("a", func(v string) { is(v, "?") }) }
func handsBoth()                         { h := func(v string) { is(v, "a b") }; h("a"); with("b", h) }

func callsKept()            { keptFunc("b") }

var keptFunc func(string)

type Opened interface{ open() }
type two2 struct{}

func (two2) open() {}

func Opens(o Opened) { o.open(); runs("") }

type inside struct{ r Opened }

func newInside() *inside    { return &inside{r: two2{}} }
func (i *inside) opens()    { i.r.open(); runs("open") }
func usesInside()           { newInside().opens() }

func generic[T any](v T) T { return v }
func instance()            { is(generic("a"), "a x"); h := generic[string]; h("x"); runs("generic") }
`

// Several analyzers ask at the same time: each has a view of its own, which
// remembers what it was asked. The race detector sees what else they share.
func TestApart(t *testing.T) {
	pkg := programtest.Package(t, source)
	var views [2]*program.Program
	var all sync.WaitGroup
	for i := range views {
		views[i] = pkg.Build()
		all.Go(func() {
			for _, fn := range views[i].Funcs {
				for _, block := range fn.Blocks {
					for _, instr := range block.Instrs {
						if v, ok := instr.(ssa.Value); ok {
							views[i].Sources(v)
						}
					}
				}
			}
		})
	}
	all.Wait()
	if views[0] == views[1] || views[0].Pkg != views[1].Pkg {
		t.Error("two views are one, or of two packages")
	}
}

func TestProgram(t *testing.T) {
	p := programtest.Load(t, source)
	asked := 0
	for _, fn := range p.Funcs {
		for _, block := range fn.Blocks {
			var last ssa.CallInstruction
			for _, instr := range block.Instrs {
				call, ok := instr.(ssa.CallInstruction)
				if !ok {
					continue
				}
				switch p.CalleeName(call) {
				case "is":
					asked++
					v := call.Common().Args[0]
					if made, ok := v.(*ssa.MakeInterface); ok {
						v = made.X
					}
					if got, want := values(p, v), text(call.Common().Args[1]); got != want {
						t.Errorf("in %s: %q, want %q", fn.Name(), got, want)
					}
				case "runs":
					asked++
					var names []string
					for _, callee := range p.Callees(last) {
						names = append(names, callee.Name())
					}
					if got, want := sorted(names), text(call.Common().Args[0]); got != want {
						t.Errorf("the call in %s runs %q, want %q", fn.Name(), got, want)
					}
				default:
					last = call
				}
			}
		}
	}
	if want := strings.Count(source, "\"); is(") + strings.Count(source, "runs(\""); asked < want {
		t.Errorf("asked %d times, there are more than %d questions", asked, want)
	}
}

func values(p *program.Program, v ssa.Value) string {
	var found []string
	for _, source := range p.Sources(v) {
		found = append(found, text(source))
	}
	return sorted(found)
}

func text(v ssa.Value) string {
	if c, ok := v.(*ssa.Const); ok && c.Value != nil && c.Value.Kind() == constant.String {
		return constant.StringVal(c.Value)
	}
	return "?"
}

func sorted(list []string) string {
	slices.Sort(list)
	return strings.Join(slices.Compact(list), " ")
}
