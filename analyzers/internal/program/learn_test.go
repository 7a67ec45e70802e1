package program_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/program/programtest"
)

// Each function whose name begins with an x has its parameter f called, or not.
const helpers = `package p

type task struct { n int; f func(int) }

func (t task) run()              { t.f(t.n) }
func (t *task) runs()            { for range 3 { t.f(0) } }
func (t task) starts()           { go t.f(t.n) }
func (t task) other()            { if t.n > 0 { t.f = nothing }; t.f(t.n) }
func (t task) keep()             { kept = t.f }

func xField(n int, f func(int))     { task{n, f}.run() }
func xLoop(f func(int))             { (&task{f: f}).runs() }
func xGo(n int, f func(int))        { task{n, f}.starts() }
func xOther(n int, f func(int))     { task{n, f}.other() }
func xKept(n int, f func(int))      { task{n, f}.keep() }
func xOtherField(n int, f func(int)) { _ = f; task{n, nothing}.run() }
func xVariable(f func(int))         { direct(f) }
func xThrough(f func(int))          { xVariable(f) }
func xInterface(f func(int))        { theRunner().run(f) }

var direct = func(f func(int)) { f(1) }

type runner interface{ run(f func(int)) }
type one struct{}

func (one) run(f func(int)) { f(2) }
func theRunner() runner     { return one{} }
func nothing(int)           {}

var kept func(int)
`

// Each returns what f does, or not only that.
const forwards = `package p

type maker struct{ f func() (int, error) }

func (m maker) make() (int, error) { return m.f() }
func (m maker) some() (int, error) { if m.f == nil { return 1, nil }; return m.f() }

func xField(f func() (int, error)) (int, error) { return maker{f}.make() }
func xSome(f func() (int, error)) (int, error)  { return maker{f}.some() }
func xError(f func() (int, error)) error        { _, err := direct(f); return err }
func xNone(f func() (int, error)) int           { direct(f); return 1 }

var direct = func(f func() (int, error)) (int, error) { return f() }
`

func TestLearnedResults(t *testing.T) {
	want := map[string]string{"xField": "0=0 1=1", "xSome": "0=0? 1=1", "xError": "0=1", "xNone": ""}
	p := programtest.Load(t, forwards+`
func calls(f func() (int, error)) { xField(f); xSome(f); xError(f); xNone(f) }
`)
	for call := range program.Calls(p.Pkg.Func("calls")) {
		var got []string
		for _, r := range p.Helper(call).Results {
			text := fmt.Sprintf("%d=%d", r.Index, r.Of)
			if !r.Only {
				text += "?"
			}
			got = append(got, text)
		}
		if name := p.CalleeName(call); strings.Join(got, " ") != want[name] {
			t.Errorf("%s: got %q, want %q", name, got, want[name])
		}
	}
}

func TestLearnedHelpers(t *testing.T) {
	want := map[string]string{
		"xField": "0", "xLoop": "loop ?", "xGo": "go 0", "xVariable": "?", "xThrough": "?", "xInterface": "?",
	}
	p := programtest.Load(t, helpers)
	for _, fn := range p.Funcs {
		if !strings.HasPrefix(fn.Name(), "x") {
			continue
		}
		got := ""
		if param := p.Runs(fn.Params[len(fn.Params)-1]); param != nil {
			for _, run := range param.Runs {
				if run.Loop {
					got += "loop "
				}
				if run.Go {
					got += "go "
				}
				for _, arg := range run.Args {
					if arg.Param == 0 {
						got += "?"
					} else {
						got += fmt.Sprint(arg.Param - 1)
					}
				}
			}
		}
		if got != want[fn.Name()] {
			t.Errorf("%s: got %q, want %q", fn.Name(), got, want[fn.Name()])
		}
	}
}
