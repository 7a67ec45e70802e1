package absent

import (
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A Place is something inside of a message that a function has got: two
// expressions that lead there are the same place.
type Place struct {
	root ssa.Value // a parameter, or what Recv has returned
	// path is made of the names of fields. Elements of lists and maps are
	// "[]", whichever; a set member of a oneof goes by its own name. What
	// ends in "*" is everything below.
	path string
}

// Field names the last field of the path.
func (p Place) Field() string {
	path := strings.TrimSuffix(p.path, "[]")
	return path[strings.LastIndexByte(path, '.')+1:]
}

// Path returns the path, without a leading dot.
func (p Place) Path() string { return strings.TrimPrefix(p.path, ".") }

func (p Place) field(name string) Place { return Place{p.root, p.path + "." + name} }
func (p Place) element() Place          { return Place{p.root, p.path + "[]"} }
func (p Place) all() Place              { return Place{p.root, p.path + "*"} }

// passed returns what is known once something was read through p.
func (p Place) passed() Place { return Place{p.root, p.path + "!"} }

// join returns the place that a function's place is for its caller, who
// passes p.
func (p Place) join(path string) Place { return Place{p.root, p.path + path} }

// parent returns the place that p is a field or an element of.
func (p Place) parent() (Place, bool) {
	path := strings.TrimSuffix(p.path, "*")
	i := strings.LastIndexAny(path, ".[")
	if i < 0 {
		return Place{}, false
	}
	return Place{p.root, path[:i]}, true
}

// withParents returns p and everything around it, which has to be there if p
// is.
func (p Place) withParents() []Place {
	list := []Place{p}
	for parent, ok := p.parent(); ok; parent, ok = parent.parent() {
		list = append(list, parent)
	}
	return list
}

// resolved is the place that a value was read from.
type resolved struct {
	place Place
	ok    bool
	// present: it cannot be nil, wherever it was read.
	present bool
	// wrapper: the struct that holds a member of the oneof that the place's
	// last field is.
	wrapper bool
	// circle: the way leads back to where it came from.
	circle bool
}

// either is what is one value or another: the same place, or no place.
func either(a, b resolved) resolved {
	switch {
	case a.circle:
		return b
	case b.circle:
		return a
	case !a.ok || !b.ok || a.place != b.place || a.wrapper != b.wrapper:
		return resolved{}
	}
	a.present = a.present && b.present
	return a
}

// newTracer makes the tracer of places: of messages, of lists or maps of
// messages, of oneofs, and of scalars inside of messages.
func (e *engine) newTracer() *flow.Tracer[resolved] {
	return flow.New(e.Program, flow.Domain[resolved]{
		Nothing: resolved{circle: true},
		Unknown: func(ssa.Value) resolved { return resolved{} },
		Join:    either,
		Source:  e.source,
		Call:    e.called,
		Param: func(p *ssa.Parameter) resolved {
			return resolved{place: Place{root: p}, ok: IsMessage(p.Type())}
		},
		Bind: func(t flow.Trace[resolved], r resolved, call *ssa.Call) resolved {
			p, isParam := r.place.root.(*ssa.Parameter)
			if !r.ok || !isParam {
				return r
			}
			return e.below(t.Arg(call, p), r)
		},
		Return: func(t flow.Trace[resolved], ret program.Return) (resolved, bool) {
			if c, ok := ret.Value.(*ssa.Const); ok && c.IsNil() && fails(ret.Return) {
				return resolved{}, false // nobody reads it
			}
			r := t.Of(ret.Value)
			r.present = r.present || r.ok && e.presentAt(ret, r.place)
			return r, true
		},
		Same: func(a, b resolved) bool { return a == b },
	})
}

// presentAt: a function returns something only if it is there, or may have seen
// to that.
func (e *engine) presentAt(ret program.Return, p Place) bool {
	if !program.IsWithin(ret.Parent(), p.root.Parent()) {
		return !onlyReturned(ret.Value) // what a function returns that it was given
	}
	s := e.summary(ret.Parent())
	return s.opaque || e.there(p, s.returns[ret.Return])
}

// onlyReturned: nothing is done with a value but to return it.
func onlyReturned(v ssa.Value) bool {
	return !slices.ContainsFunc(*v.Referrers(), func(user ssa.Instruction) bool {
		switch user.(type) {
		case *ssa.Return, *ssa.DebugRef:
			return false
		}
		return true
	})
}

// fails: a statement returns an error.
func fails(ret *ssa.Return) bool {
	last := ret.Results[len(ret.Results)-1]
	c, isConst := last.(*ssa.Const)
	return types.Identical(last.Type(), types.Universe.Lookup("error").Type()) && !(isConst && c.IsNil())
}

// resolve returns the place of a value.
func (e *engine) resolve(v ssa.Value) resolved { return e.tracer.Of(v) }

// source follows a value into the message that it is a part of.
func (e *engine) source(t flow.Trace[resolved], v ssa.Value) (resolved, bool) {
	switch v := v.(type) {
	case *ssa.Const, *ssa.Global:
		return resolved{}, true
	case *ssa.UnOp:
		if v.Op != token.MUL {
			return resolved{}, true
		}
		switch addr := v.X.(type) {
		case *ssa.FieldAddr:
			return e.address(t, addr), true
		case *ssa.IndexAddr:
			return elementOf(t.Of(addr.X)), true
		case *ssa.Alloc, *ssa.FreeVar:
			return resolved{}, false // what is stored there
		}
		return resolved{}, true
	case *ssa.FieldAddr:
		r := resolved{}
		if _, isStruct := pointee(v.Type()).Underlying().(*types.Struct); isStruct {
			r = e.address(t, v) // a message inside of another, not a pointer
			r.present = true
		}
		return r, true
	case *ssa.Field:
		r := t.Of(v.X)
		return resolved{place: r.place.field(program.FieldOf(v.X.Type(), v.Field).Name()), ok: r.ok && isGenerated(v.X.Type(), v.Field)}, true
	case *ssa.Extract:
		switch tuple := v.Tuple.(type) {
		case *ssa.TypeAssert:
			if v.Index == 0 {
				return asserted(t, tuple), true
			}
		case *ssa.Lookup:
			if v.Index == 0 {
				return elementOf(t.Of(tuple.X)), true
			}
		case *ssa.Next:
			if of := program.Ranged(v); of != nil {
				return elementOf(t.Of(of)), true
			}
		case *ssa.Call:
			return resolved{}, false
		}
		return resolved{}, true
	case *ssa.TypeAssert:
		return asserted(t, v), true
	case *ssa.Lookup:
		return elementOf(t.Of(v.X)), true
	case *ssa.Slice:
		return t.Of(v.X), true
	case *ssa.Convert:
		return t.Of(v.X), true
	}
	return resolved{}, false
}

// called says what calls return of which the body is not looked into: what a
// stream receives, what a getter reads, and what another package tells.
func (e *engine) called(t flow.Trace[resolved], call *ssa.Call, i int) (resolved, bool) {
	if received := program.Result(call, i); i == 0 && e.isReceived(received) {
		return resolved{place: Place{root: received}, ok: true, present: true}, true
	}
	if name := getterOf(&call.Call); name != "" {
		r := t.Of(call.Call.Args[0])
		if !r.ok {
			return r, true
		}
		place := r.place.field(name)
		e.noteRequired(place, call.Call.Args[0].Type(), name)
		return resolved{place: place, ok: true}, true
	}
	local, obj := e.Callee(&call.Call)
	if local != nil || call.Call.IsInvoke() {
		return resolved{}, false
	}
	fact, _ := e.fact(obj)
	if fact == nil {
		return resolved{}, false
	}
	for _, given := range fact.Gives {
		if given.Result == i && given.Param < len(call.Call.Args) {
			return e.below(call.Call.Args[given.Param], resolved{place: Place{path: given.Path}, ok: true, present: given.Present}), true
		}
	}
	return resolved{}, false
}

// address returns the place that a field's address stands for.
func (e *engine) address(t flow.Trace[resolved], addr *ssa.FieldAddr) resolved {
	f := program.FieldOf(addr.X.Type(), addr.Field)
	r := t.Of(addr.X)
	if !r.ok {
		holder, ok := e.holder(addr.X)
		return resolved{place: holder.field(f.Name()), ok: ok && IsMessage(f.Type())}
	}
	if r.wrapper {
		// The member that is set, by its own name, beside the oneof.
		message, ok := r.place.parent()
		return resolved{place: message.field(f.Name()), ok: ok, present: true}
	}
	if !isGenerated(addr.X.Type(), addr.Field) {
		return resolved{}
	}
	place := r.place.field(f.Name())
	e.noteRequired(place, addr.X.Type(), f.Name())
	present := isRequired(addr.X.Type(), addr.Field)
	return resolved{place: place, ok: true, present: present}
}

// isGenerated: a field is one of a message. That of a type which somebody wrote,
// and which stands in a message as gogo's customtype, is filled by whatever that
// type does to be unmarshalled.
func isGenerated(t types.Type, field int) bool {
	s, ok := pointee(t).Underlying().(*types.Struct)
	if !ok || field >= s.NumFields() {
		return false
	}
	tag := reflect.StructTag(s.Tag(field))
	return tag.Get("protobuf") != "" || tag.Get("protobuf_oneof") != ""
}

// holder returns the place of a struct that holds messages, or of what points to
// it: a parameter, or a field of one.
func (e *engine) holder(v ssa.Value) (Place, bool) {
	if load, ok := v.(*ssa.UnOp); ok && load.Op == token.MUL {
		v = load.X
	}
	switch v := v.(type) {
	case *ssa.Parameter:
		_, isStruct := pointee(v.Type()).Underlying().(*types.Struct)
		return Place{root: v}, isStruct && !IsMessage(v.Type())
	case *ssa.Alloc, *ssa.FreeVar:
		if alloc := e.Variable(v); alloc != nil {
			if whole := e.onlyWhole(alloc); whole != nil {
				return e.holder(whole)
			}
		}
	case *ssa.FieldAddr:
		holder, ok := e.holder(v.X)
		return holder.field(program.FieldOf(v.X.Type(), v.Field).Name()), ok
	case *ssa.Field:
		holder, ok := e.holder(v.X)
		return holder.field(program.FieldOf(v.X.Type(), v.Field).Name()), ok
	}
	return Place{}, false
}

// onlyWhole returns the struct that a variable is a copy of, and stays; or nil.
func (e *engine) onlyWhole(alloc *ssa.Alloc) ssa.Value {
	var whole ssa.Value
	for _, name := range e.Names(alloc) {
		for _, user := range *name.Referrers() {
			switch user := user.(type) {
			case *ssa.Store:
				if user.Addr != name || whole != nil {
					return nil
				}
				whole = user.Val
			case *ssa.FieldAddr:
				for _, use := range *user.Referrers() {
					if _, reads := use.(*ssa.UnOp); !reads {
						return nil
					}
				}
			case *ssa.UnOp, *ssa.DebugRef, *ssa.MakeClosure:
			default:
				return nil
			}
		}
	}
	return whole
}

// below returns the place that a callee's place is for its caller, who passes
// arg as the parameter. A struct that holds messages is looked into.
func (e *engine) below(arg ssa.Value, inner resolved) resolved {
	if arg == nil {
		return resolved{}
	}
	r := e.resolve(arg)
	if !r.ok && !IsMessage(arg.Type()) {
		if holder, ok := e.holder(arg); ok {
			r = resolved{place: holder, ok: true}
		} else if stored, path := inLiteral(arg, inner.place.path); stored != nil {
			inner.place.path = path
			return e.below(stored, inner)
		}
	}
	if !r.ok {
		return resolved{}
	}
	path := inner.place.path
	inner.place = r.place.join(path)
	inner.present = inner.present || path == "" && r.present
	return inner
}

// inLiteral returns what a struct that is made here has in the field that a path
// leads to, and what is left of the path.
func inLiteral(arg ssa.Value, path string) (stored ssa.Value, below string) {
	if load, ok := arg.(*ssa.UnOp); ok && load.Op == token.MUL {
		arg = load.X
	}
	alloc, ok := arg.(*ssa.Alloc)
	name, isField := strings.CutPrefix(path, ".")
	if !ok || !isField {
		return nil, ""
	}
	if end := strings.IndexAny(name, ".[!*"); end >= 0 {
		name, below = name[:end], name[end:]
	}
	for _, user := range *alloc.Referrers() {
		addr, ok := user.(*ssa.FieldAddr)
		if !ok || program.FieldOf(addr.X.Type(), addr.Field).Name() != name {
			continue
		}
		for _, use := range *addr.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == addr {
				if stored != nil {
					return nil, ""
				}
				stored = store.Val
			}
		}
	}
	return stored, below
}

func elementOf(r resolved) resolved {
	return resolved{place: r.place.element(), ok: r.ok, present: true}
}

// asserted: a oneof whose member is known from here on.
func asserted(t flow.Trace[resolved], v *ssa.TypeAssert) resolved {
	r := t.Of(v.X)
	return resolved{place: r.place, ok: r.ok && wrappedField(v.AssertedType) != "", present: true, wrapper: true}
}

// wrappedField returns the field of the struct that holds one member of a
// oneof, "" if t is no such struct.
func wrappedField(t types.Type) string {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok || IsMessage(t) {
		return ""
	}
	s, ok := p.Elem().Underlying().(*types.Struct)
	if !ok || s.NumFields() != 1 || reflect.StructTag(s.Tag(0)).Get("protobuf") == "" {
		return ""
	}
	return s.Field(0).Name()
}

// noteRequired notes a field that validators ask for: it is there if what is
// around it is.
func (e *engine) noteRequired(p Place, message types.Type, field string) {
	if e.stubs.Required(message, field) {
		e.required[p] = true
	}
}

// getterOf returns the field that a call of a generated getter reads, or "".
func getterOf(call *ssa.CallCommon) string {
	if call.IsInvoke() || len(call.Args) != 1 {
		return ""
	}
	fn := call.StaticCallee()
	if fn == nil {
		return ""
	}
	obj, ok := fn.Object().(*types.Func)
	if !ok {
		return ""
	}
	return GetterField(obj)
}

// GetterField returns the field that a generated getter reads, or "". It is a
// method GetX of a message that has a field X, or a oneof with a member X.
func GetterField(fn *types.Func) string {
	recv := fn.Signature().Recv()
	name, ok := strings.CutPrefix(fn.Name(), "Get")
	if !ok || recv == nil || fn.Signature().Params().Len() != 0 || fn.Signature().Results().Len() != 1 || !IsMessage(recv.Type()) {
		return ""
	}
	s := pointee(recv.Type()).Underlying().(*types.Struct)
	for i := range s.NumFields() {
		if s.Field(i).Name() == name {
			return name
		}
	}
	for i := range s.NumFields() {
		if reflect.StructTag(s.Tag(i)).Get("protobuf_oneof") != "" && fn.Pkg() != nil {
			message := types.Unalias(pointee(recv.Type())).(*types.Named).Obj().Name()
			if obj := fn.Pkg().Scope().Lookup(message + "_" + name); obj != nil && wrappedField(types.NewPointer(obj.Type())) == name {
				return name
			}
		}
	}
	return ""
}

// isRequired: a proto2 field without which a message does not decode.
func isRequired(t types.Type, i int) bool {
	s, ok := pointee(t).Underlying().(*types.Struct)
	return ok && i < s.NumFields() && strings.Contains(reflect.StructTag(s.Tag(i)).Get("protobuf"), ",req,")
}

// pointee returns what t points to, t itself if it is no pointer.
func pointee(t types.Type) types.Type {
	if p, ok := types.Unalias(t).Underlying().(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}
