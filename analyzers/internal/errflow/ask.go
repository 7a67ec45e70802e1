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
		return questionOf(local)
	}
	if told := f.imports.Of(obj); told != nil {
		if q := told.Predicates.Of(obj); q != nil {
			return *q, true
		}
	}
	return Question{}, false
}

// questionOf finds the question that a function with a body asks.
func questionOf(fn *ssa.Function) (Question, bool) {
	results := fn.Signature.Results()
	if results.Len() != 1 || !isBool(results.At(0).Type()) {
		return Question{}, false
	}
	for _, p := range fn.Params {
		if i := program.SignatureIndex(p); i >= 0 && control.IsError(p.Type()) {
			name, ok := onlyQuestion(p)
			return Question{Context: name, Param: i}, ok
		}
	}
	return Question{}, false
}

func isBool(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.Bool
}

// onlyQuestion returns what all uses of an error compare it with: "" for its
// text; false if it is used in any other way.
func onlyQuestion(err ssa.Value) (name string, ok bool) {
	asked := false
	for _, user := range control.Uses(err) {
		var found string
		switch user := user.(type) {
		case *ssa.BinOp:
			other := user.Y
			if other == err {
				other = user.X
			}
			if control.IsNil(other) {
				continue
			}
			if found = ContextError(other); found == "" {
				return "", false
			}
		case *ssa.Call:
			switch obj := program.CalledObject(&user.Call); {
			case obj == nil:
				return "", false
			case user.Call.IsInvoke() && obj.Name() == "Error":
				if !onlySearched(user) {
					return "", false
				}
			case obj.Pkg() != nil && obj.Pkg().Path() == "errors" && obj.Name() == "Is" && user.Call.Args[0] == err:
				if found = ContextError(user.Call.Args[1]); found == "" {
					return "", false
				}
			default:
				return "", false
			}
		default:
			return "", false
		}
		if asked && found != name {
			return "", false
		}
		name, asked = found, true
	}
	return name, asked
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
		if q, ok := questionOf(fn); ok {
			table.AddFunc(obj, q)
		}
	}
	table.Sort()
	return table
}
