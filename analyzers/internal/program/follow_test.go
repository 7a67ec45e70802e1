package program_test

import (
	"go/constant"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/budget"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/program/programtest"
)

// followed holds calls of origin("Len Reset"), which say what is done with what they
// return: methods that are called, and ways out of sight with a question mark.
const followed = `package p

import "strings"

type thing = strings.Builder

func origin(uses string) *thing { return external() }
func external() *thing

type box struct{ t *thing; Open *thing; f func() }

func direct()      { t := origin("Len Reset"); t.Len(); t.Reset() }
func branch(c bool) { t := origin("Len"); if c { t = &thing{} }; t.Len() }
func captured()    { t := origin("Len Reset"); func() { t.Len() }(); go func() { t.Reset() }() }
func inField()     { x := &box{t: origin("Len")}; x.use() }
func (x *box) use() { x.t.Len() }
func openField()   { x := &box{Open: origin("? Reset")}; x.use(); x.Open.Reset() }
func ownField()    { x := box{Open: origin("Reset")}; x.Open.Reset() }
func kept()        { global = origin("Len") }
func reads()       { global.Len() }
func shown()       { Global = origin("?") }
var global, Global *thing

func inSlice()     { l := []*thing{origin("Len")}; l = append(l, nil); l[0].Len() }
func ranged()      { for _, t := range []*thing{origin("Reset")} { t.Reset() } }
func inMap()       { m := map[string]*thing{"k": origin("Len")}; if t, ok := m["k"]; ok { t.Len() } }
func putInto(m map[string]*thing) { m["k"] = origin("?") }
func passes()      { helper(origin("Len")) }
func helper(t *thing) { t.Len() }
func variadic()    { helpers(origin("Reset")) }
func helpers(ts ...*thing) { ts[0].Reset() }
func made() *thing { return origin("Len") }
func makes()       { made().Len() }
func Exported() *thing { return origin("?") }
func nobody() *thing   { return origin("?") }
func backed()      { run(func() *thing { return origin("Len") }).Len() }
func run(f func() *thing) *thing { return f() }
func handed()      { with(origin("Reset"), func(t *thing) { t.Reset() }) }
func with(t *thing, f func(*thing)) { f(t) }
func given(f func(*thing)) { f(origin("?")) }
func boundLater()  { x := box{f: origin("?").Reset}; _ = x }
func sent(c chan *thing) { c <- origin("?") }
func asAny()       { var v any = origin("Len"); v.(*thing).Len() }
func asserted()    { var v any = origin("Reset"); if t, ok := v.(*thing); ok { t.Reset() } }
`

func TestFollow(t *testing.T) {
	p := programtest.Load(t, followed)
	asked := 0
	for instr := range p.Instructions {
		call, ok := instr.(*ssa.Call)
		if !ok || p.CalleeName(call) != "origin" {
			continue
		}
		asked++
		var uses []string
		p.Follow(call, func(_ ssa.Value, by ssa.Instruction) bool {
			name := "?"
			if called, ok := by.(ssa.CallInstruction); ok {
				if obj := program.CalledObject(called.Common()); obj != nil {
					name = obj.Name()
				}
			}
			uses = append(uses, name)
			return true
		})
		if got, want := sorted(uses), constant.StringVal(call.Call.Args[0].(*ssa.Const).Value); got != want {
			t.Errorf("in %s: %q, want %q", call.Parent(), got, want)
		}
	}
	if want := strings.Count(followed, "= origin(\"") + strings.Count(followed, "{origin(\""); asked < want {
		t.Errorf("asked %d times, there are more than %d questions", asked, want)
	}
}

// What is left when the steps are used up, is out of sight.
func TestFollowBudget(t *testing.T) {
	calls := strings.Repeat("f(v)\n", budget.Steps+1)
	p := programtest.Load(t, "package p\nfunc origin() int\nfunc f(int) {}\nfunc start() {\nv := origin()\n"+calls+"}")
	for instr := range p.Instructions {
		call, ok := instr.(*ssa.Call)
		if !ok || p.CalleeName(call) != "origin" {
			continue
		}
		uses := 0
		trail := p.Follow(call, func(ssa.Value, ssa.Instruction) bool { uses++; return true })
		if uses != 1 || !trail.Kept {
			t.Errorf("%d uses, want the one at which it goes out of sight; kept: %t", uses, trail.Kept)
		}
	}
}
