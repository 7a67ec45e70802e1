package absent

import (
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/proven"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// summary is what a function does with the messages that it gets.
type summary struct {
	reads  []placed
	looks  map[Place]bool
	writes map[Place]bool
	passes proven.Set[Place] // passed places, on every way to a return
	// returns is what is known where it returns.
	returns map[*ssa.Return]proven.Set[Place]
	opaque  bool // being computed: it calls itself
}

func (s *summary) looked() map[Place]bool { return s.looks }
func (s *summary) wrote() map[Place]bool  { return s.writes }

// placed is a read by the place that it is through, in the function that the
// summary describes.
type placed struct {
	Read
	root ssa.Value
	path string
}

func (e *engine) summary(fn *ssa.Function) *summary {
	if s := e.summaries[fn]; s != nil {
		return s
	}
	e.summaries[fn] = &summary{opaque: true}
	s := &summary{looks: make(map[Place]bool), writes: make(map[Place]bool), returns: make(map[*ssa.Return]proven.Set[Place])}
	w := &walk{engine: e, summary: s, fn: fn}
	w.function(fn, proven.Set[Place]{})
	e.summaries[fn] = s
	return s
}

// walk goes through a function and the function literals in it.
type walk struct {
	*engine
	*summary
	fn *ssa.Function // that the summary is of
}

func (w *walk) function(fn *ssa.Function, entry proven.Set[Place]) {
	a := proven.Analysis[Place]{Condition: w.condition, Instruction: w.after, Entry: entry}
	a.Walk(fn, func(instr ssa.Instruction, known proven.Set[Place]) {
		switch instr := instr.(type) {
		case *ssa.FieldAddr:
			w.through(fn, instr, instr.X, known)
		case *ssa.UnOp:
			if instr.Op == token.MUL {
				w.through(fn, instr, instr.X, known)
			}
		case *ssa.MakeClosure:
			if literal := instr.Fn.(*ssa.Function); literal.Parent() == fn && known.Reached() {
				w.function(literal, known)
			}
		case *ssa.Return:
			for _, result := range instr.Results {
				w.returned(result, 0)
			}
			if fn == w.fn {
				w.passes = w.passes.Meet(known)
				w.returns[instr] = known
			}
		case ssa.CallInstruction:
			w.call(fn, instr, known)
		}
	})
}

// returned notes what a result tells that somebody has looked at.
func (w *walk) returned(v ssa.Value, depth int) {
	switch v := v.(type) {
	case *ssa.Call:
		w.judged(v)
	case *ssa.BinOp:
		w.condition(v, true)
	case *ssa.UnOp:
		if v.Op == token.NOT {
			w.returned(v.X, depth)
		}
	case *ssa.Extract:
		if call, ok := v.Tuple.(*ssa.Call); ok {
			w.judged(call)
		}
	case *ssa.Phi:
		for _, edge := range v.Edges {
			if depth < 4 {
				w.returned(edge, depth+1)
			}
		}
	}
}

// there reports whether a place is known to be there.
func (e *engine) there(p Place, known proven.Set[Place]) bool {
	if known.Has(p) {
		return true
	}
	if parent, ok := p.parent(); ok && e.required[p] && (parent.path == "" || strings.HasSuffix(parent.path, "[]") || e.there(parent, known)) {
		return true // a validator has looked
	}
	for _, q := range p.withParents() {
		if known.Has(q.all()) {
			return true
		}
	}
	return false
}

// through notes a read through v, if v is a pointer that may be nil.
func (w *walk) through(fn *ssa.Function, instr ssa.Instruction, v ssa.Value, known proven.Set[Place]) {
	if !mayBeNil(v.Type()) {
		return
	}
	r := w.resolve(v)
	if !r.ok || r.present || w.there(r.place, known) {
		return
	}
	w.reads = append(w.reads, placed{
		Read{Place: r.place, Under: w.under(v, known), Func: fn, Instr: instr, Hidden: known.Has(r.place.passed())},
		r.place.root, r.place.path,
	})
}

// under returns the outermost message that has to be missing for v to be
// missing and for the expression that leads to v to fail before.
func (w *walk) under(v ssa.Value, known proven.Set[Place]) Place {
	r := w.resolve(v)
	load, ok := v.(*ssa.UnOp)
	if !ok {
		return r.place // a getter looks for nil itself
	}
	base := load.X
	for {
		addr, ok := base.(*ssa.FieldAddr)
		if !ok {
			break
		}
		base = addr.X
	}
	if b := w.resolve(base); b.ok && !b.present && IsMessage(base.Type()) && b.place.path != "" && !w.there(b.place, known) {
		return w.under(base, known)
	}
	return r.place
}

// mayBeNil: a pointer to a message, or to an optional scalar.
func mayBeNil(t types.Type) bool {
	if IsMessage(t) {
		return true
	}
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	_, ok = p.Elem().Underlying().(*types.Basic)
	return ok
}

// call notes what a called function reads of what it is passed.
func (w *walk) call(fn *ssa.Function, call ssa.CallInstruction, known proven.Set[Place]) {
	common := call.Common()
	if getterOf(common) != "" {
		return
	}
	local, obj := w.Callee(common)
	args := program.Args(common)
	read := func(r resolved, inner Read) {
		if r.ok && !r.present && !w.there(r.place, known) {
			inner.Hidden = inner.Hidden || known.Has(r.place.passed())
			w.reads = append(w.reads, placed{inner, r.place.root, r.place.path})
		}
	}
	if local != nil && !syntax.Of(w.pass).Generated(local.Pos()) {
		for _, inner := range w.engine.summary(local).reads {
			if inner.root.Parent() == local {
				read(w.outside(Place{inner.root, inner.path}, local, args), inner.Read)
			}
		}
		return
	}
	if common.IsInvoke() {
		return // whichever implements it
	}
	if fact, _ := w.fact(obj); fact != nil {
		for _, f := range fact.Reads {
			if r := w.given(f.Part, args); r.ok {
				at := f.At
				read(r, Read{Place: r.place, Under: r.place, Func: fn, Instr: call, Via: &at, Inside: f.Path})
			}
		}
	}
}

// outside returns the place that a place of a function is for its caller, who
// passes args; a literal has those of the functions around it, too.
func (e *engine) outside(p Place, fn *ssa.Function, args []ssa.Value) resolved {
	if p.root.Parent() != fn {
		return resolved{place: p, ok: program.IsWithin(fn, p.root.Parent())}
	}
	i := slices.IndexFunc(fn.Params, func(param *ssa.Parameter) bool { return param == p.root })
	if i < 0 {
		return resolved{}
	}
	return e.given(Part{i, p.path}, args)
}

// given returns the place that a part of a parameter is for who passes args.
func (e *engine) given(p Part, args []ssa.Value) resolved {
	if p.Param >= len(args) {
		return resolved{}
	}
	return e.below(args[p.Param], resolved{place: Place{path: p.Path}, ok: true})
}

// condition returns what is there if a condition comes out as given.
func (w *walk) condition(cond ssa.Value, outcome bool) []Place {
	switch c := cond.(type) {
	case *ssa.BinOp:
		return w.compared(c, outcome)
	case *ssa.Extract:
		switch tuple := c.Tuple.(type) {
		case *ssa.TypeAssert:
			if r := w.resolve(tuple.X); r.ok && outcome {
				list := w.look(r.place)
				if message, ok := r.place.parent(); ok {
					if name := wrappedField(tuple.AssertedType); name != "" {
						list = append(list, message.field(name))
					}
				}
				return list
			}
		case *ssa.Call:
			return w.judged(tuple)
		case *ssa.Lookup:
			if r := w.resolve(tuple.X); r.ok && outcome {
				return r.place.withParents()
			}
			return w.note(w.looks, w.handed(tuple.Index)) // known names, of which "" is none
		}
	case *ssa.Call:
		if r := w.resolve(c); r.ok { // a getter of a bool
			return w.inside(r.place, outcome)
		}
		return w.judged(c)
	case *ssa.UnOp:
		if r := w.resolve(c); r.ok {
			return w.inside(r.place, outcome)
		}
	}
	return nil
}

// look notes that the function looks whether something is there.
func (w *walk) look(p Place) []Place {
	w.looks[p] = true
	return p.withParents()
}

// inside notes that the function looks at a scalar inside of something, and
// returns what is there if the scalar is not what it would be without.
func (w *walk) inside(p Place, set bool) []Place {
	parent, ok := p.parent()
	if !ok {
		return nil
	}
	if list := w.look(parent); set {
		return list
	}
	return nil
}

// compared: x != nil, a scalar inside of x compared with something that it is
// not if x is absent, or the result of a function that has looked.
func (w *walk) compared(c *ssa.BinOp, outcome bool) []Place {
	if !proven.IsComparison(c.Op) {
		return nil // arithmetic, in a value that is returned
	}
	x, y := c.X, c.Y
	if _, ok := x.(*ssa.Const); ok {
		x, y = y, x
	}
	k, isConst := y.(*ssa.Const)
	if isConst && k.IsNil() {
		if r := w.resolve(x); r.ok {
			list := w.look(r.place)
			if (c.Op == token.NEQ) == outcome {
				return list
			}
			return nil
		}
		return w.judgedValue(x)
	}
	if !isConst {
		var list []Place
		for _, v := range []ssa.Value{x, y} {
			// Equal to what is wanted, which the zero value is hardly.
			if r := w.resolve(v); r.ok && (c.Op == token.EQL && outcome || c.Op == token.NEQ && !outcome) {
				list = append(list, w.inside(r.place, true)...)
			}
		}
		return list
	}
	if k.Value == nil {
		return nil
	}
	v, length := x, false
	if call, ok := x.(*ssa.Call); ok {
		if b, ok := call.Call.Value.(*ssa.Builtin); ok && b.Name() == "len" {
			v, length = call.Call.Args[0], true
		}
	}
	r := w.resolve(v)
	if !r.ok {
		return w.judgedValue(v)
	}
	zero := zeroOf(v.Type())
	if length {
		zero = constant.MakeInt64(0)
	}
	op := c.Op
	if x != c.X {
		op = proven.Mirrored(op)
	}
	set := zero != nil && zero.Kind() == k.Value.Kind() && constant.Compare(zero, op, k.Value) != outcome
	return w.inside(r.place, set)
}

// judgedValue is judged for a result of a call.
func (w *walk) judgedValue(v ssa.Value) []Place {
	if x, ok := v.(*ssa.Extract); ok {
		v = x.Tuple
	}
	if call, ok := v.(*ssa.Call); ok {
		return w.judged(call)
	}
	return nil
}

// zeroOf returns the value that a getter returns for a scalar that is not
// there.
func zeroOf(t types.Type) constant.Value {
	basic, ok := t.Underlying().(*types.Basic)
	if !ok {
		return nil
	}
	switch {
	case basic.Info()&types.IsString != 0:
		return constant.MakeString("")
	case basic.Info()&types.IsInteger != 0:
		return constant.MakeInt64(0)
	case basic.Info()&types.IsBoolean != 0:
		return constant.MakeBool(false)
	}
	return nil
}

// judged returns what a function has looked at, whose result the caller looks
// at in turn. A function may have looked at everything that it gets, unless
// it is known and gets the message as what it is.
func (w *walk) judged(call *ssa.Call) []Place {
	places, obj, known := w.touched(&call.Call, (*summary).looked, (*FuncFact).looked)
	if !onlyEncodes(obj) {
		for i, arg := range program.Args(&call.Call) {
			if !known || !takesMessage(obj, i) {
				places = append(places, w.handed(arg)...)
			}
		}
	}
	return w.note(w.looks, places)
}

// takesMessage reports whether an argument of a function, counted with the
// receiver as 0, is declared as a message: what is declared as an interface,
// as a type parameter or as a scalar is in no summary and in no fact.
func takesMessage(fn *types.Func, arg int) bool {
	if fn == nil {
		return false
	}
	sig := fn.Origin().Signature()
	if recv := sig.Recv(); recv != nil {
		if arg == 0 {
			return IsMessage(recv.Type())
		}
		arg--
	}
	return arg < sig.Params().Len() && IsMessage(sig.Params().At(arg).Type())
}

// handed returns the places that a callee gets with an argument: a message,
// a scalar inside of one, or what is made of them for the call.
func (w *walk) handed(arg ssa.Value) []Place {
	if known, ok := w.hands[arg]; ok {
		return known
	}
	h := hand{walk: w, seen: make(map[ssa.Value]bool)}
	h.take(arg, 0)
	w.hands[arg] = h.places
	return h.places
}

// A hand collects what it takes into a call.
type hand struct {
	*walk
	seen   map[ssa.Value]bool
	places []Place
}

func (h *hand) take(v ssa.Value, depth int) {
	if r := h.resolve(v); r.ok {
		p := r.place
		if !isScalar(v) {
			p = p.all()
		}
		h.places = append(h.places, p)
		return
	}
	if depth > maxMade || h.seen[v] {
		return
	}
	h.seen[v] = true
	switch v := v.(type) {
	case *ssa.MakeInterface:
		h.take(v.X, depth)
	case *ssa.Slice:
		h.take(v.X, depth)
	case *ssa.Alloc: // variadic arguments, or a literal
		for store := range control.Stores(v) {
			h.take(store.Val, depth+1)
		}
		for store := range control.PartStores(v) {
			h.take(store.Val, depth+1)
		}
	case *ssa.UnOp:
		if v.Op == token.MUL {
			h.take(v.X, depth+1)
		}
	case *ssa.MakeClosure:
		for _, binding := range v.Bindings {
			h.take(binding, depth+1)
		}
	case *ssa.Extract:
		h.take(v.Tuple, depth)
	case *ssa.Call: // strings.TrimSpace(name), newValidator(request)
		if _, _, known := h.touched(&v.Call, (*summary).looked, (*FuncFact).looked); !known {
			for _, arg := range program.Args(&v.Call) {
				h.take(arg, depth+1)
			}
			return
		}
		h.result(v, depth)
	}
}

// result takes what a function of this package returns of what it gets.
func (h *hand) result(call *ssa.Call, depth int) {
	local, _ := h.Callee(&call.Call)
	if local == nil {
		return
	}
	args := program.Args(&call.Call)
	inner := hand{walk: h.walk, seen: h.seen}
	for i := range local.Signature.Results().Len() {
		for _, ret := range program.Returned(local, i) {
			inner.take(ret.Value, depth+1)
		}
	}
	for _, p := range inner.places {
		if r := h.outside(p, local, args); r.ok {
			h.places = append(h.places, r.place)
		}
	}
}

// maxMade bounds how far what an argument is made of is followed.
const maxMade = 3

func isScalar(v ssa.Value) bool {
	if made, ok := v.(*ssa.MakeInterface); ok {
		v = made.X
	}
	_, ok := v.Type().Underlying().(*types.Basic)
	return ok
}

// written returns what is there after a call: what the function writes, or
// everything if it is not known and gets the message as what it is.
func (w *walk) written(call ssa.CallInstruction) []Place {
	places, obj, known := w.touched(call.Common(), (*summary).wrote, (*FuncFact).wrote)
	if !known && !onlyEncodes(obj) && !isHarmless(obj) {
		for _, arg := range program.Args(call.Common()) {
			if !IsMessage(arg.Type()) {
				continue // an interface: to log, encode or validate it
			}
			if r := w.resolve(arg); r.ok {
				places = append(places, r.place.all())
			}
		}
	}
	return w.note(w.writes, places)
}

// touched returns the caller's places that a callee does something with,
// which is what its summary or its fact says, if there is one.
func (w *walk) touched(common *ssa.CallCommon, here func(*summary) map[Place]bool, elsewhere func(*FuncFact) []Part) (places []Place, obj *types.Func, known bool) {
	if _, ok := common.Value.(*ssa.Builtin); ok || getterOf(common) != "" {
		return nil, nil, true
	}
	local, obj := w.Callee(common)
	args := program.Args(common)
	add := func(r resolved) {
		if r.ok {
			places = append(places, r.place)
		}
	}
	if local != nil && !syntax.Of(w.pass).Generated(local.Pos()) {
		s := w.engine.summary(local)
		if s.opaque {
			return nil, obj, false
		}
		for p := range here(s) {
			add(w.outside(p, local, args))
		}
		return places, obj, true
	}
	fact, told := w.fact(obj)
	if !told || common.IsInvoke() || w.isGenerated(obj) {
		return nil, obj, false
	}
	if fact != nil {
		for _, p := range elsewhere(fact) {
			add(w.given(p, args))
		}
	}
	return places, obj, true
}

// note adds places to what the function does, and returns them with those
// that have to be there for them.
func (w *walk) note(in map[Place]bool, places []Place) []Place {
	var list []Place
	for _, p := range places {
		in[p] = true
		list = append(list, p.withParents()...)
	}
	return list
}

// isGenerated: a method of a message in another package, which no fact tells
// about: generated code knows its own shape only.
func (w *walk) isGenerated(obj *types.Func) bool {
	recv := obj.Signature().Recv()
	return recv != nil && IsMessage(recv.Type())
}

// onlyEncodes lists packages whose functions fail for reasons of their own,
// unless they parse what they get.
func onlyEncodes(obj *types.Func) bool {
	if obj == nil || obj.Pkg() == nil || obj.Name() == "Unmarshal" || strings.HasPrefix(obj.Name(), "Sscan") {
		return false
	}
	switch obj.Pkg().Path() {
	case "fmt", "encoding/json", "log", "log/slog", "google.golang.org/protobuf/proto", "google.golang.org/protobuf/encoding/protojson",
		"google.golang.org/protobuf/encoding/prototext", "github.com/golang/protobuf/proto", "github.com/gogo/protobuf/proto":
		return true
	}
	return false
}

// after returns what is there after an instruction, and what was read
// through.
func (w *walk) after(instr ssa.Instruction, _ proven.Set[Place]) []Place {
	switch instr := instr.(type) {
	case *ssa.FieldAddr:
		return w.passed(instr.X)
	case *ssa.UnOp:
		if instr.Op == token.MUL {
			return w.passed(instr.X)
		}
	case *ssa.Store:
		addr, ok := instr.Addr.(*ssa.FieldAddr)
		if !ok {
			return nil
		}
		if k, ok := instr.Val.(*ssa.Const); ok && k.IsNil() {
			return nil
		}
		if r := w.address(flow.Trace[resolved]{Tracer: w.tracer}, addr); r.ok {
			w.writes[r.place] = true
			return r.place.withParents()
		}
	case *ssa.Call:
		return append(w.written(instr), w.passedBy(instr)...)
	case ssa.CallInstruction:
		return w.written(instr)
	}
	return nil
}

func (w *walk) passed(v ssa.Value) []Place {
	if !mayBeNil(v.Type()) {
		return nil
	}
	if r := w.resolve(v); r.ok && !r.present {
		return []Place{r.place.passed()}
	}
	return nil
}

// passedBy returns what a function, and those that it surely runs, have read
// through when it returns; a literal also of what is around it.
func (w *walk) passedBy(call *ssa.Call) []Place {
	var places []Place
	args := program.Args(&call.Call)
	add := func(r resolved) {
		if r.ok {
			places = append(places, r.place)
		}
	}
	local, obj := w.Callee(&call.Call)
	if fact, _ := w.fact(obj); fact != nil && local == nil && !call.Call.IsInvoke() {
		for _, p := range fact.Passes {
			add(w.given(p, args))
		}
	}
	bodies := []*ssa.Function{local}
	for i := range call.Call.Signature().Params().Len() {
		if literal := w.FunctionIn(program.SignatureArg(call, i)); literal != nil && len(literal.Params) == 0 && w.SurelyRuns(call, i) != nil {
			bodies = append(bodies, literal)
		}
	}
	for _, fn := range bodies {
		if fn == nil || syntax.Of(w.pass).Generated(fn.Pos()) {
			continue
		}
		for p := range w.engine.summary(fn).passes.All {
			if strings.HasSuffix(p.path, "!") {
				add(w.outside(p, fn, args))
			}
		}
	}
	return places
}

// isHarmless: the methods that generators give every message.
func isHarmless(obj *types.Func) bool {
	if obj == nil || obj.Signature().Recv() == nil || !IsMessage(obj.Signature().Recv().Type()) {
		return false
	}
	switch name := obj.Name(); name {
	case "String", "GoString", "ProtoReflect", "ProtoMessage", "Descriptor", "Size", "ProtoSize", "Equal":
		return true
	default:
		return strings.HasPrefix(name, "XXX_") || strings.HasPrefix(name, "Marshal") || strings.HasPrefix(funckey.Of(obj), "Get")
	}
}
