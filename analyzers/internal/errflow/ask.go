package errflow

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// A Question is what a predicate wants to know of an error.
type Question struct {
	// Context names the error of package context that it is compared with:
	// "context.Canceled". It is "" for a question about the error's text.
	Context string
	// Param is the index of the error, counted without the receiver.
	Param int
}

// Asks returns what the function that a call runs asks about an error, and
// the error; false for functions that ask other things, too.
func (f *Flow) Asks(call *ssa.Call) (Question, ssa.Value, bool) {
	q, ok := f.question(call)
	if !ok {
		return Question{}, nil, false
	}
	err := program.SignatureArg(call, q.Param)
	return q, err, err != nil
}

func (f *Flow) question(call *ssa.Call) (Question, bool) {
	local, obj := f.Program.Callee(&call.Call)
	if local != nil {
		return f.questionOf(local)
	}
	if told := f.imports.Of(obj); told != nil {
		if q := told.Predicates.Of(obj); q != nil {
			return *q, true
		}
	}
	if body := f.Program.Body(call); body != nil {
		return f.questionOf(body)
	}
	return Question{}, false
}

// questionOf finds the question that a function with a body asks.
func (f *Flow) questionOf(fn *ssa.Function) (Question, bool) {
	asked, known := f.questions[fn]
	if !known {
		f.questions[fn] = nil // while it is found out
		if q, ok := f.findQuestion(fn); ok {
			asked = &q
		}
		f.questions[fn] = asked
	}
	if asked == nil {
		return Question{}, false
	}
	return *asked, true
}

func (f *Flow) findQuestion(fn *ssa.Function) (Question, bool) {
	results := fn.Signature.Results()
	if results.Len() != 1 || !isBool(results.At(0).Type()) {
		return Question{}, false
	}
	for _, p := range fn.Params {
		if i := program.SignatureIndex(p); i >= 0 && control.IsError(p.Type()) {
			name, ok := f.onlyQuestion(p)
			return Question{Context: name, Param: i}, ok
		}
	}
	return Question{}, false
}

func isBool(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.Bool
}

// onlyQuestion returns what all uses of an error compare it with, wherever it
// goes: "" for its text; false if it is used in any other way.
func (f *Flow) onlyQuestion(err ssa.Value) (name string, ok bool) {
	asked, only := false, true
	f.Program.Follow(err, func(v ssa.Value, by ssa.Instruction) bool {
		found, asks := f.asked(v, by)
		if asks && found == seen {
			return true
		}
		only = asks && (!asked || found == name)
		name, asked = found, true
		return only
	})
	return name, asked && only
}

// seen is what is asked by a comparison with nil.
const seen = "nil"

// asked returns what a use of an error compares it with; false for other uses.
func (f *Flow) asked(err ssa.Value, by ssa.Instruction) (name string, ok bool) {
	switch by := by.(type) {
	case *ssa.BinOp:
		other := by.Y
		if other == err {
			other = by.X
		}
		if control.IsNil(other) {
			return seen, true
		}
		name = ContextError(other)
		return name, name != ""
	case *ssa.Call:
		switch obj := program.CalledObject(&by.Call); {
		case obj == nil:
		case by.Call.IsInvoke() && obj.Name() == "Error":
			return "", onlySearched(by)
		case obj.Pkg() != nil && obj.Pkg().Path() == "errors" && obj.Name() == "Is" && by.Call.Args[0] == err:
			name = ContextError(by.Call.Args[1])
			return name, name != ""
		default:
			q, asks := f.question(by)
			return q.Context, asks && program.SignatureArg(by, q.Param) == err
		}
	}
	return "", false
}

// onlySearched: a text is searched or compared, and goes nowhere else.
func onlySearched(text ssa.Value) bool {
	return !slices.ContainsFunc(control.Uses(text), func(user ssa.Instruction) bool {
		switch user := user.(type) {
		case *ssa.BinOp:
			return false
		case *ssa.Call:
			obj := program.CalledObject(&user.Call)
			if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != "strings" {
				return true
			}
			switch obj.Name() {
			case "Contains", "HasPrefix", "HasSuffix", "EqualFold", "Index":
				return false
			case "ToLower", "ToUpper", "TrimSpace":
				return !onlySearched(user)
			}
		}
		return true
	})
}

// ContextError names the error of package context that v is; "" for others.
func ContextError(v ssa.Value) string {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return ""
	}
	g, ok := load.X.(*ssa.Global)
	if !ok || g.Pkg == nil || !isContextPath(g.Pkg.Pkg.Path()) {
		return ""
	}
	if g.Name() == "Canceled" || g.Name() == "DeadlineExceeded" {
		return "context." + g.Name()
	}
	return ""
}

// predicates describes the predicates that other packages can call: functions
// that ask a question about an error that they get, and nothing else. What else
// it might be, they do not look at.
func (f *Flow) predicates() fact.Table[Question] {
	var table fact.Table[Question]
	for _, fn := range f.Program.Funcs {
		obj, _ := fn.Object().(*types.Func)
		if obj == nil || !obj.Exported() || testcode.Is(f.pass, fn.Pos()) {
			continue
		}
		if q, ok := f.questionOf(fn); ok {
			table.AddFunc(obj, q)
		}
	}
	table.Sort()
	return table
}
