package errflow

import (
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// known gives the sources of what a function of grpc-go, of the standard
// library or of a well-known package of errors returns; false for others.
func (f *Flow) known(o *Origin, call *ssa.Call, obj *types.Func, index int, seen map[ssa.Value]bool, add collector) bool {
	if obj.Pkg() == nil {
		return false
	}
	args := call.Call.Args
	path, name := obj.Pkg().Path(), obj.Name()
	if obj.Signature().Recv() != nil {
		switch {
		case name == "Err" && isStatusType(obj.Signature().Recv().Type()) && len(args) == 1:
			f.statusValue(o, args[0], call, seen, add)
			return true
		case name == "Err" && isContextPath(path):
			add(o, f.at(Source{Kind: Context, Code: NoCode, Name: "ctx.Err()"}, call.Pos()))
			return true
		}
		return false
	}
	switch path {
	case StatusPath:
		return f.knownStatus(o, call, name, seen, add)
	case stub.GRPCPath:
		if name == "Errorf" {
			return f.knownStatus(o, call, name, seen, add)
		}
	case "errors":
		switch name {
		case "New":
			f.plain(o, call, args, "errors.New", add)
			return true
		case "Join":
			values, complete := Elements(args[0])
			if !complete {
				return false
			}
			for _, v := range values {
				f.follow(o, v, seen, add)
			}
			return true
		}
	case "context", "golang.org/x/net/context":
		if name == "Cause" {
			add(o, f.unknown(call, "context.Cause")) // anything that somebody cancelled with
			return true
		}
	case "fmt":
		if name == "Errorf" {
			f.errorf(o, call, seen, add)
			return true
		}
	case "github.com/pkg/errors", "github.com/cockroachdb/errors":
		switch name {
		case "New":
			f.plain(o, call, args, "errors.New", add)
			return true
		case "Errorf", "Newf":
			if format, ok := constantString(args[0]); ok && !strings.Contains(format, "%w") {
				f.plain(o, call, args, "errors."+name, add)
				return true
			}
		case "Wrap", "Wrapf", "WithMessage", "WithMessagef", "WithStack":
			f.follow(o, args[0], seen, wrapping(add))
			return true
		}
	}
	return false
}

func wrapping(add collector) collector {
	return func(o *Origin, s Source) {
		s.Wrapped = true
		add(o, s)
	}
}

// knownStatus: status.Error, status.Errorf and status.ErrorProto.
func (f *Flow) knownStatus(o *Origin, call *ssa.Call, name string, seen map[ssa.Value]bool, add collector) bool {
	switch name {
	case "Error", "Errorf":
		f.coded(o, call.Call.Args[0], call, seen, add)
		return true
	case "ErrorProto":
		add(o, f.at(Source{Kind: Status, Code: NoCode}, call.Pos()))
		return true
	}
	return false
}

// coded gives the sources of a status made with a code.
func (f *Flow) coded(o *Origin, code ssa.Value, call *ssa.Call, seen map[ssa.Value]bool, add collector) {
	if of := errorOfCode(code); of != nil {
		// status.Errorf(status.Code(err), ...): as err, but sure to
		// have a status.
		f.follow(o, of, seen, func(o *Origin, s Source) {
			if s.Kind == Plain || s.Kind == Context || s.Kind == EOF {
				s = f.at(Source{Kind: Status, Code: 2}, call.Pos())
			}
			add(o, s)
		})
		return
	}
	codes, complete := f.Codes(code)
	for _, c := range codes {
		if c != 0 { // OK is no error
			add(o, f.at(Source{Kind: Status, Code: c}, call.Pos()))
		}
	}
	if !complete {
		add(o, f.at(Source{Kind: Status, Code: NoCode}, call.Pos()))
	}
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

// statusValue gives the sources of s.Err().
func (f *Flow) statusValue(o *Origin, s ssa.Value, call *ssa.Call, seen map[ssa.Value]bool, add collector) {
	if err := errorOfStatus(s); err != nil {
		f.follow(o, err, seen, func(o *Origin, s Source) {
			if s.Kind == Plain || s.Kind == Context || s.Kind == EOF {
				s = f.at(Source{Kind: Status, Code: 2}, call.Pos())
			}
			add(o, s)
		})
		return
	}
	if seen[s] {
		return
	}
	seen[s] = true
	switch v := s.(type) {
	case *ssa.Phi:
		for _, edge := range v.Edges {
			f.statusValue(o, edge, call, seen, add)
		}
		return
	case *ssa.Const:
		return // nil: OK
	case *ssa.Extract:
		if tuple, ok := v.Tuple.(*ssa.Call); ok && v.Index == 0 && isStatusCall(tuple, "WithDetails") {
			f.statusValue(o, tuple.Call.Args[0], call, seen, add)
			return
		}
	case *ssa.Call:
		switch {
		case isStatusCall(v, "New"), isStatusCall(v, "Newf"):
			f.coded(o, v.Call.Args[0], call, seen, add)
			return
		case isStatusCall(v, "FromContextError"):
			for _, code := range []int{1, 4} {
				add(o, f.at(Source{Kind: Status, Code: code}, call.Pos()))
			}
			return
		}
	}
	add(o, f.at(Source{Kind: Status, Code: NoCode}, call.Pos()))
}

// isStatusCall: a call of a function of package status, or of a method of
// *status.Status.
func isStatusCall(call *ssa.Call, name string) bool {
	fn := call.Call.StaticCallee()
	if fn == nil || fn.Name() != name {
		return false
	}
	obj, _ := fn.Object().(*types.Func)
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	return obj.Pkg().Path() == StatusPath || obj.Signature().Recv() != nil && isStatusType(obj.Signature().Recv().Type())
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
func (f *Flow) plain(o *Origin, call *ssa.Call, texts []ssa.Value, name string, add collector) {
	s := Source{Kind: Plain, Code: NoCode, Name: name}
	for _, text := range texts {
		if of := f.codeLost(text); of != nil {
			s.Lost, s.Name = true, of.Name
		}
	}
	add(o, f.at(s, call.Pos()))
}

// codeLost: v is an error with a code, or its text; it returns the error's
// source.
func (f *Flow) codeLost(v ssa.Value) *Source {
	if call, ok := v.(*ssa.Call); ok && call.Call.IsInvoke() && call.Call.Method.Name() == "Error" {
		v = call.Call.Value
	}
	if !types.IsInterface(v.Type()) {
		return nil
	}
	inner := new(Origin)
	f.follow(inner, v, make(map[ssa.Value]bool), f.collect)
	if len(inner.Sources) == 0 {
		return nil
	}
	for i := range inner.Sources {
		s := &inner.Sources[i]
		if !s.OfRPC() && s.Kind != Status {
			return nil // may have no code to lose
		}
	}
	return &inner.Sources[0]
}

// errorf: fmt.Errorf with a constant format.
func (f *Flow) errorf(o *Origin, call *ssa.Call, seen map[ssa.Value]bool, add collector) {
	format, ok := constantString(call.Call.Args[0])
	values, complete := Elements(call.Call.Args[1])
	if !ok || !complete {
		add(o, f.unknown(call, "fmt.Errorf"))
		return
	}
	var texts []ssa.Value
	wraps := false
	for i, verb := range Verbs(format) {
		if i >= len(values) {
			break
		}
		v := Unwrapped(values[i])
		if verb == 'w' {
			wraps = true
			f.follow(o, v, seen, wrapping(add))
			continue
		}
		texts = append(texts, v)
	}
	if !wraps {
		f.plain(o, call, texts, "fmt.Errorf", add)
	}
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

// Elements returns what a slice holds that was written as variadic
// arguments or as a literal, in order.
func Elements(v ssa.Value) (values []ssa.Value, complete bool) {
	if c, ok := v.(*ssa.Const); ok && c.IsNil() {
		return nil, true
	}
	slice, ok := v.(*ssa.Slice)
	if !ok {
		return nil, false
	}
	alloc, ok := slice.X.(*ssa.Alloc)
	if !ok {
		return nil, false
	}
	array, ok := alloc.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Array)
	if !ok || array.Len() > 64 {
		return nil, false
	}
	values = make([]ssa.Value, array.Len())
	for _, user := range *alloc.Referrers() {
		addr, ok := user.(*ssa.IndexAddr)
		if !ok {
			continue
		}
		index, ok := addr.Index.(*ssa.Const)
		if !ok {
			return nil, false
		}
		for _, use := range *addr.Referrers() {
			if store, ok := use.(*ssa.Store); ok && index.Int64() < int64(len(values)) {
				values[index.Int64()] = store.Val
			}
		}
	}
	for _, value := range values {
		if value == nil {
			return nil, false
		}
	}
	return values, true
}
