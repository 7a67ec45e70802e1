package errflow

import (
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// known gives the origin of what a function of grpc-go, of the standard
// library or of a well-known package of errors returns; false for others.
func (f *Flow) known(t trace, call *ssa.Call, obj *types.Func) (*Origin, bool) {
	if obj.Pkg() == nil {
		return t.Of(call.Call.Value), obj.Name() == "Error" // what its error is
	}
	args := call.Call.Args
	path, name := obj.Pkg().Path(), obj.Name()
	if path == kratosPath {
		return f.ofKratos(t, call, obj)
	}
	if recv := obj.Signature().Recv(); recv != nil {
		switch {
		case isStatusType(recv.Type()) && len(args) > 0:
			return f.ofStatus(t, call, name)
		case name == "Err" && isContextPath(path):
			return from(f.at(Source{Kind: Context, Code: NoCode, Name: "ctx.Err()"}, call.Pos())), true
		}
		return nil, false
	}
	switch path {
	case StatusPath:
		return f.knownStatus(t, call, name)
	case stub.GRPCPath:
		if name == "Errorf" {
			return f.knownStatus(t, call, name)
		}
	case "errors":
		switch name {
		case "New":
			return f.plain(t, call, args, "errors.New"), true
		case "Join":
			if h := f.Program.Elements(args[0]); h.Complete {
				return t.Union(h.Values), true
			}
		}
	case "context", "golang.org/x/net/context":
		if name == "Cause" {
			return from(f.unknown(call)), true // anything that somebody cancelled with
		}
	case "fmt":
		switch name {
		case "Errorf":
			return f.errorf(t, call), true
		case "Sprint", "Sprintf", "Sprintln":
			return f.text(t, call, f.Program.Elements(args[len(args)-1]).Values), true
		}
	case "github.com/pkg/errors", "github.com/cockroachdb/errors":
		switch name {
		case "New":
			return f.plain(t, call, args, "errors.New"), true
		case "Errorf", "Newf":
			if format, ok := constantString(args[0]); ok && !strings.Contains(format, "%w") {
				return f.plain(t, call, args, "errors."+name), true
			}
		case "Wrap", "Wrapf", "WithMessage", "WithMessagef", "WithStack":
			return f.holding(t.Of(args[0]), call, "errors."+name), true
		}
	}
	return nil, false
}

// holding is an error that holds another one.
func (f *Flow) holding(o *Origin, call *ssa.Call, name string) *Origin {
	by := f.at(Source{Name: name}, call.Pos())
	return o.each(func(s Source) Source { return s.heldBy(by) })
}

// heldBy is an error that holds another one, and is made at the place of a
// source. What wraps an error without a code, be it not known which, has none
// either.
func (s Source) heldBy(by Source) Source {
	s.Wrapped = true
	switch {
	case s.foreign:
		s = Source{Kind: Plain, Code: NoCode, Opaque: true, Wrapped: true, Tested: s.Tested}
	case s.Kind == Plain && !s.Lost && s.Place.Line == 0: // in a body of another package
	case s.Kind != Param:
		return s
	}
	s.Name, s.Place, s.Pos, s.entered = by.Name, by.Place, by.Pos, by.entered
	return s
}

// knownStatus: the functions of package status. A *status.Status is followed
// as the error that its Err returns.
func (f *Flow) knownStatus(t trace, call *ssa.Call, name string) (*Origin, bool) {
	args := call.Call.Args
	switch name {
	case "Error", "Errorf", "New", "Newf":
		return f.coded(t, args[0], call), true
	case "ErrorProto", "FromProto":
		return from(f.at(Source{Kind: Status, Code: NoCode}, call.Pos())), true
	case "Convert", "FromError":
		return f.withStatus(t.Of(args[0]), call), true
	case "FromContextError":
		return from(
			f.at(Source{Kind: Status, Code: 1}, call.Pos()),
			f.at(Source{Kind: Status, Code: 4}, call.Pos()),
		), true
	}
	return nil, false
}

// ofStatus: the methods of a status.
func (f *Flow) ofStatus(t trace, call *ssa.Call, name string) (*Origin, bool) {
	switch name {
	case "Err":
		return t.Of(call.Call.Args[0]).each(func(s Source) Source {
			if s.Kind == Unknown {
				return f.at(Source{Kind: Status, Code: NoCode}, call.Pos())
			}
			return s
		}), true
	case "WithDetails":
		return t.Of(call.Call.Args[0]), true
	}
	return nil, false
}

// withStatus is an error that is sure to have a status, made of one that may
// have none.
func (f *Flow) withStatus(o *Origin, call *ssa.Call) *Origin {
	return o.each(func(s Source) Source {
		if s.Kind == Plain || s.Kind == Context || s.Kind == EOF {
			return f.at(Source{Kind: Status, Code: 2}, call.Pos())
		}
		return s
	})
}

// coded is the origin of a status made with a code.
func (f *Flow) coded(t trace, code ssa.Value, call *ssa.Call) *Origin {
	if of := errorOfCode(code); of != nil {
		return f.withStatus(t.Of(of), call) // status.Errorf(status.Code(err), ...)
	}
	if p, ok := code.(*ssa.Parameter); ok && program.SignatureIndex(p) >= 0 {
		return from(f.at(Source{Kind: Status, Code: NoCode, CodeOf: program.SignatureIndex(p) + 1, param: p}, call.Pos()))
	}
	return f.withCodes(code, f.at(Source{Kind: Status}, call.Pos()))
}

// withCodes gives a status each of the codes that a value may be.
func (f *Flow) withCodes(code ssa.Value, s Source) *Origin {
	codes, complete := f.Codes(code)
	o := new(Origin)
	for _, c := range codes {
		if c != 0 { // OK is no error
			s.Code = c
			o.add(s)
		}
	}
	if !complete {
		s.Code = NoCode
		o.add(s)
	}
	return o
}

// errorOfCode: code is status.Code(err) or a status' Code(); returns err.
func errorOfCode(code ssa.Value) ssa.Value {
	call, ok := code.(*ssa.Call)
	if !ok || call.Call.IsInvoke() || call.Call.StaticCallee() == nil {
		return nil
	}
	obj, _ := call.Call.StaticCallee().Object().(*types.Func)
	switch {
	case obj == nil || obj.Pkg() == nil || len(call.Call.Args) != 1:
		return nil
	case obj.Pkg().Path() == StatusPath && obj.Name() == "Code" && obj.Signature().Recv() == nil:
		return call.Call.Args[0]
	case obj.Name() == "Code" && obj.Signature().Recv() != nil && isStatusType(obj.Signature().Recv().Type()):
		return errorOfStatus(call.Call.Args[0])
	}
	return nil
}

// errorOfStatus: v is status.Convert(err) or the status of
// status.FromError(err).
func errorOfStatus(v ssa.Value) ssa.Value {
	if extract, ok := v.(*ssa.Extract); ok && extract.Index == 0 {
		v = extract.Tuple
	}
	call, ok := v.(*ssa.Call)
	if !ok || call.Call.IsInvoke() || call.Call.StaticCallee() == nil {
		return nil
	}
	obj, _ := call.Call.StaticCallee().Object().(*types.Func)
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != StatusPath || obj.Signature().Recv() != nil {
		return nil
	}
	switch obj.Name() {
	case "Convert", "FromError":
		return call.Call.Args[0]
	}
	return nil
}

// isStatusType: *status.Status, which is declared in an internal package.
func isStatusType(t types.Type) bool {
	pointer, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(pointer.Elem()).(*types.Named)
	if !ok || named.Obj().Name() != "Status" || named.Obj().Pkg() == nil {
		return false
	}
	path := named.Obj().Pkg().Path()
	return path == StatusPath || path == stub.GRPCPath+"/internal/status"
}

// plain is an error made of text. If the text is that of an error with a
// code, the code is lost.
func (f *Flow) plain(t trace, call *ssa.Call, texts []ssa.Value, name string) *Origin {
	s := Source{Kind: Plain, Code: NoCode, Name: name}
	return from(f.at(s.withText(f.text(t, call, texts)), call.Pos()))
}

// withText is an error that holds the text of another one.
func (s Source) withText(inner *Origin) Source {
	if of := codeLost(inner); of != nil {
		s.Lost, s.Name = true, of.Name
	} else if p := untested(inner); p != nil {
		s.TextOf, s.param = p.Param+1, p.param
	}
	return s
}

// text is the origin of a text that holds others: of an error with a code among
// them, or else of a parameter.
func (f *Flow) text(t trace, v ssa.Value, parts []ssa.Value) *Origin {
	o := from(f.unknown(v))
	for _, part := range parts {
		inner := t.Of(Unwrapped(part))
		if call, ok := part.(*ssa.Call); ok && codeLost(inner) == nil && untested(inner) == nil && len(f.Program.Callees(call)) == 0 {
			// Whatever it makes of an error, the code is not in the text.
			inner = f.text(t, part, slices.DeleteFunc(slices.Clone(program.Args(&call.Call)), func(arg ssa.Value) bool { return !control.IsError(arg.Type()) }))
		}
		if codeLost(inner) != nil {
			return inner
		}
		if untested(inner) != nil {
			o = inner
		}
	}
	return o
}

// untested returns the parameter that an origin is, if nobody has looked at it.
func untested(o *Origin) *Source {
	if len(o.Sources) == 1 && o.Sources[0].Kind == Param && !o.Sources[0].Tested {
		return &o.Sources[0]
	}
	return nil
}

// codeLost returns the source of an error that has a code, whatever it is;
// nil if it may have none to lose.
func codeLost(inner *Origin) *Source {
	for i := range inner.Sources {
		if s := &inner.Sources[i]; !s.OfRPC() && s.Kind != Status {
			return nil
		}
	}
	if len(inner.Sources) == 0 {
		return nil
	}
	return &inner.Sources[0]
}

// errorf: fmt.Errorf with a constant format.
func (f *Flow) errorf(t trace, call *ssa.Call) *Origin {
	format, ok := constantString(call.Call.Args[0])
	values := f.Program.Elements(call.Call.Args[1])
	if !ok || !values.Complete {
		return from(f.unknown(call))
	}
	var texts []ssa.Value
	o, wraps := new(Origin), false
	for i, verb := range Verbs(format) {
		if i >= len(values.Values) {
			break
		}
		v := Unwrapped(values.Values[i])
		if verb == 'w' {
			wraps = true
			o = join(o, f.holding(t.Of(v), call, "fmt.Errorf"))
			continue
		}
		texts = append(texts, v)
	}
	if !wraps {
		return f.plain(t, call, texts, "fmt.Errorf")
	}
	return o
}

// Unwrapped removes the conversion of a value to any.
func Unwrapped(v ssa.Value) ssa.Value {
	switch x := v.(type) {
	case *ssa.ChangeInterface:
		return x.X
	case *ssa.MakeInterface:
		return x.X
	}
	return v
}

func constantString(v ssa.Value) (string, bool) {
	c, ok := v.(*ssa.Const)
	if !ok || c.Value == nil || c.Value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(c.Value), true
}

// Verbs returns the verbs of a format in the order of their arguments; a
// star takes one too. Formats with explicit indexes give none.
func Verbs(format string) []byte {
	var verbs []byte
	for i := 0; i < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		for i++; i < len(format) && strings.IndexByte("+-# 0123456789.*", format[i]) >= 0; i++ {
			if format[i] == '*' {
				verbs = append(verbs, '*')
			}
		}
		if i >= len(format) {
			break
		}
		switch format[i] {
		case '%':
		case '[':
			return nil
		default:
			verbs = append(verbs, format[i])
		}
	}
	return verbs
}
