package absent

import (
	"go/token"
	"go/types"
	"reflect"
	"strings"

	"golang.org/x/tools/go/ssa"

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
}

// resolve returns the place of a value: a message, a list or map of messages,
// a oneof, or a scalar inside of one.
func (e *engine) resolve(v ssa.Value) resolved {
	if known, ok := e.places[v]; ok {
		return known
	}
	e.places[v] = resolved{} // a cycle leads nowhere
	r := e.trace(v)
	e.places[v] = r
	return r
}

func (e *engine) trace(v ssa.Value) resolved {
	switch v := v.(type) {
	case *ssa.Parameter:
		if IsMessage(v.Type()) {
			return resolved{place: Place{root: v}, ok: true}
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			return e.load(v)
		}
	case *ssa.FieldAddr:
		if _, isStruct := pointee(v.Type()).Underlying().(*types.Struct); isStruct {
			r := e.address(v) // a message inside of another, not a pointer
			r.present = true
			return r
		}
	case *ssa.Field:
		if r := e.resolve(v.X); r.ok {
			return resolved{place: r.place.field(program.FieldOf(v.X.Type(), v.Field).Name()), ok: true}
		}
	case *ssa.Phi:
		var same resolved
		for i, edge := range v.Edges {
			r := e.resolve(edge)
			if !r.ok || i > 0 && r.place != same.place {
				return resolved{}
			}
			same = resolved{place: r.place, ok: true, present: r.present && (i == 0 || same.present)}
		}
		return same
	case *ssa.Call:
		return e.got(v)
	case *ssa.Extract:
		switch tuple := v.Tuple.(type) {
		case *ssa.Call:
			if e.isReceived(v) {
				return resolved{place: Place{root: v}, ok: true, present: true}
			}
		case *ssa.TypeAssert:
			if v.Index == 0 {
				return e.asserted(tuple)
			}
		case *ssa.Lookup:
			if v.Index == 0 {
				return e.elementOf(tuple.X)
			}
		case *ssa.Next:
			if r, ok := tuple.Iter.(*ssa.Range); ok && v.Index == 2 {
				return e.elementOf(r.X)
			}
		}
	case *ssa.TypeAssert:
		return e.asserted(v)
	case *ssa.Lookup:
		return e.elementOf(v.X)
	case *ssa.Slice:
		return e.resolve(v.X)
	case *ssa.ChangeType:
		return e.resolve(v.X)
	case *ssa.Convert:
		return e.resolve(v.X)
	case *ssa.MakeInterface:
		return e.resolve(v.X)
	case *ssa.ChangeInterface:
		return e.resolve(v.X)
	}
	return resolved{}
}

// load follows *addr.
func (e *engine) load(v *ssa.UnOp) resolved {
	switch addr := v.X.(type) {
	case *ssa.FieldAddr:
		return e.address(addr)
	case *ssa.IndexAddr:
		return e.elementOf(addr.X)
	case *ssa.Alloc, *ssa.FreeVar:
		// A variable that a function literal shares.
		if stored := e.onlyStored(addr); stored != nil {
			return e.resolve(stored)
		}
	}
	return resolved{}
}

// onlyStored returns the only value that a variable ever has.
func (e *engine) onlyStored(addr ssa.Value) ssa.Value {
	alloc := e.Variable(addr)
	if alloc == nil {
		return nil
	}
	var stored ssa.Value
	for _, cell := range e.Names(alloc) {
		for _, r := range *cell.Referrers() {
			switch r := r.(type) {
			case *ssa.Store:
				if r.Addr != cell || stored != nil {
					return nil
				}
				stored = r.Val
			case *ssa.UnOp, *ssa.DebugRef, *ssa.MakeClosure:
			default:
				return nil // its address goes elsewhere
			}
		}
	}
	return stored
}

// address returns the place that a field's address stands for.
func (e *engine) address(addr *ssa.FieldAddr) resolved {
	f := program.FieldOf(addr.X.Type(), addr.Field)
	r := e.resolve(addr.X)
	if !r.ok {
		if holder := e.holder(addr.X); holder != nil && IsMessage(f.Type()) {
			return resolved{place: Place{root: holder}.field(f.Name()), ok: true}
		}
		return resolved{}
	}
	if r.wrapper {
		// The member that is set, by its own name, beside the oneof.
		message, ok := r.place.parent()
		return resolved{place: message.field(f.Name()), ok: ok, present: true}
	}
	place := r.place.field(f.Name())
	e.noteRequired(place, addr.X.Type(), f.Name())
	present := isRequired(addr.X.Type(), addr.Field)
	return resolved{place: place, ok: true, present: present}
}

// holder returns the parameter, a struct that holds messages, which an address
// is of or which it points to; nil if it is none.
func (e *engine) holder(addr ssa.Value) *ssa.Parameter {
	if alloc, ok := addr.(*ssa.Alloc); ok {
		addr = e.onlyWhole(alloc)
	}
	param, ok := addr.(*ssa.Parameter)
	if !ok || IsMessage(param.Type()) {
		return nil
	}
	return param
}

// onlyWhole returns the struct that a variable is a copy of, and stays; or nil.
func (e *engine) onlyWhole(alloc *ssa.Alloc) ssa.Value {
	var whole ssa.Value
	for _, user := range *alloc.Referrers() {
		switch user := user.(type) {
		case *ssa.Store:
			if user.Addr != alloc || whole != nil {
				return nil
			}
			whole = user.Val
		case *ssa.FieldAddr:
			for _, use := range *user.Referrers() {
				if _, reads := use.(*ssa.UnOp); !reads {
					return nil
				}
			}
		case *ssa.UnOp, *ssa.DebugRef:
		default:
			return nil
		}
	}
	return whole
}

// resolveIn returns the place that a path below what a call passes leads to. A
// struct that holds messages is looked into.
func (e *engine) resolveIn(arg ssa.Value, path string) (r resolved, below string) {
	if r := e.resolve(arg); r.ok || IsMessage(arg.Type()) {
		return r, path
	}
	if load, ok := arg.(*ssa.UnOp); ok && load.Op == token.MUL {
		arg = load.X
	}
	alloc, ok := arg.(*ssa.Alloc)
	name, isField := strings.CutPrefix(path, ".")
	if !ok || !isField {
		return resolved{}, ""
	}
	if end := strings.IndexAny(name, ".[!*"); end >= 0 {
		name, below = name[:end], name[end:]
	}
	var stored ssa.Value
	for _, user := range *alloc.Referrers() {
		addr, ok := user.(*ssa.FieldAddr)
		if !ok || program.FieldOf(addr.X.Type(), addr.Field).Name() != name {
			continue
		}
		for _, use := range *addr.Referrers() {
			if store, ok := use.(*ssa.Store); ok && store.Addr == addr {
				if stored != nil {
					return resolved{}, ""
				}
				stored = store.Val
			}
		}
	}
	if stored == nil {
		return resolved{}, ""
	}
	return e.resolve(stored), below
}

func (e *engine) elementOf(v ssa.Value) resolved {
	r := e.resolve(v)
	if !r.ok {
		return resolved{}
	}
	return resolved{place: r.place.element(), ok: true, present: true}
}

// asserted: a oneof whose member is known from here on.
func (e *engine) asserted(v *ssa.TypeAssert) resolved {
	r := e.resolve(v.X)
	if !r.ok || wrappedField(v.AssertedType) == "" {
		return resolved{}
	}
	return resolved{place: r.place, ok: true, present: true, wrapper: true}
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

// got: a getter returns the field that it is named after.
func (e *engine) got(call *ssa.Call) resolved {
	name := getterOf(&call.Call)
	if name == "" {
		return resolved{}
	}
	r := e.resolve(call.Call.Args[0])
	if !r.ok {
		return resolved{}
	}
	place := r.place.field(name)
	e.noteRequired(place, call.Call.Args[0].Type(), name)
	return resolved{place: place, ok: true}
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
