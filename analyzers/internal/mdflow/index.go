package mdflow

import (
	"cmp"
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/proven"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// An Indexed is a read of an element of the values of a key without a look at
// how many there are.
type Indexed struct {
	Func *ssa.Function
	// Instr is the read, or the call of a function that reads.
	Instr ssa.Instruction
	// Key is the key, "" if it is not constant.
	Key string
	// Via is where a function of another package reads, if Instr is a call.
	Via *finding.Remote
}

// subject names values so that two looks at the same are the same: the values
// themselves, or the key of a map.
type subject struct {
	values ssa.Value
	md     ssa.Value
	key    string
	dyn    ssa.Value // a key that is not constant
}

func (e *engine) subject(v ssa.Value) subject { return e.subjectOf(v, 0) }

// maxHelpers bounds how many helpers hand on what one of them reads.
const maxHelpers = 4

func (e *engine) subjectOf(v ssa.Value, depth int) subject {
	switch x := v.(type) {
	case *ssa.Extract:
		switch tuple := x.Tuple.(type) {
		case *ssa.Lookup:
			if x.Index == 0 {
				return e.keyed(tuple.X, tuple.Index)
			}
		case *ssa.Call:
			if s, ok := e.handedOut(tuple, x.Index, depth); ok {
				return s
			}
		}
	case *ssa.Lookup:
		return e.keyed(x.X, x.Index)
	case *ssa.Call:
		switch Called(&x.Call) {
		case "MD.Get", "ValueFromIncomingContext":
			return e.keyed(x.Call.Args[0], x.Call.Args[1])
		}
		if s, ok := e.handedOut(x, 0, depth); ok {
			return s
		}
	case *ssa.UnOp:
		if _, isElement := x.X.(*ssa.IndexAddr); isElement && depth < maxHelpers {
			if h := e.Held(x); h.Complete && len(h.Values) == 1 {
				return e.subjectOf(h.Values[0], depth+1)
			}
		}
	}
	shared := e.shared(v)
	if shared != v && depth < maxHelpers {
		return e.subjectOf(shared, depth+1)
	}
	return subject{values: shared}
}

// handedOut names what a helper hands out, get(md, "key"), as if it were
// written in its place.
func (e *engine) handedOut(call *ssa.Call, i, depth int) (subject, bool) {
	if fact, md := e.through(call, i); fact != nil && fact.KeyParam > 0 {
		return e.keyed(md, program.Args(&call.Call)[fact.KeyParam-1]), true
	} else if fact != nil && fact.Key != "" {
		return subject{md: e.shared(md), key: fact.Key}, true
	}
	inner := e.returned(call, i)
	if inner == nil || depth > maxHelpers {
		return subject{}, false
	}
	s := e.subjectOf(inner.Value, depth+1)
	for _, part := range []*ssa.Value{&s.values, &s.md, &s.dyn} {
		if *part == nil {
			continue
		}
		if *part = e.passed(call, inner.Parent(), *part); *part == nil {
			return subject{}, false
		}
	}
	switch {
	case s.values != nil:
		return e.subjectOf(s.values, depth+1), true
	case s.dyn != nil:
		return e.keyed(s.md, s.dyn), true
	}
	s.md = e.shared(s.md)
	return s, true
}

// returned is what a call gets back as result i: by the one return of what it
// runs, or of what the helper that it runs calls; nil for others.
func (e *engine) returned(call *ssa.Call, i int) *program.Return {
	callees := e.Callees(call)
	for _, forward := range e.Program.Forwards(call) {
		if forward.Result == i {
			callees, i = []*ssa.Function{forward.Func}, forward.Of
			break
		}
	}
	if len(callees) != 1 {
		return nil
	}
	returns := program.Returned(callees[0], i)
	if len(returns) != 1 {
		return nil
	}
	return &returns[0]
}

// passed returns what a value of a function is where that is called: what is
// passed as a parameter or a field of one, or what a function literal shares;
// nil for what is another one in each call.
func (e *engine) passed(call *ssa.Call, callee *ssa.Function, v ssa.Value) ssa.Value {
	if c, ok := v.(*ssa.Const); ok {
		return c
	}
	if v.Parent() != callee {
		return v
	}
	if p, ok := v.(*ssa.Parameter); ok {
		return e.ArgOf(call, p)
	}
	owner, field := e.fieldOf(v)
	p, ok := owner.(*ssa.Parameter)
	if !ok || p.Parent() != callee {
		return nil
	}
	arg := e.ArgOf(call, p)
	if arg == nil {
		return nil
	}
	if made, ok := arg.(*ssa.Alloc); ok {
		return onlyStored(made, field)
	}
	fields, _ := e.Fields(arg)
	return fields[field].Value
}

// onlyStored returns the one value that is stored in a field of a struct where
// that is made; nil for none or several.
func onlyStored(made *ssa.Alloc, field string) ssa.Value {
	var only ssa.Value
	for _, user := range *made.Referrers() {
		addr, ok := user.(*ssa.FieldAddr)
		if !ok || program.FieldOf(addr.X.Type(), addr.Field).Name() != field {
			continue
		}
		for _, use := range *addr.Referrers() {
			if store, ok := use.(*ssa.Store); ok {
				if only != nil {
					return nil
				}
				only = store.Val
			}
		}
	}
	return only
}

// fieldOf returns the struct, or the pointer to one, of which a value is a
// field, and the field's name; nil for other values.
func (e *engine) fieldOf(v ssa.Value) (owner ssa.Value, field string) {
	switch v := v.(type) {
	case *ssa.Field:
		owner, field = v.X, program.FieldOf(v.X.Type(), v.Field).Name()
	case *ssa.UnOp:
		addr, ok := v.X.(*ssa.FieldAddr)
		if !ok || v.Op != token.MUL {
			return nil, ""
		}
		owner, field = addr.X, program.FieldOf(addr.X.Type(), addr.Field).Name()
		if alloc, ok := owner.(*ssa.Alloc); ok {
			if h := e.HeldIn(alloc); len(h.Values) == 1 {
				owner = h.Values[0] // a parameter, in a variable
			}
		}
	}
	return owner, field
}

func (e *engine) keyed(md, key ssa.Value) subject {
	md = e.shared(md)
	if text, ok := ConstString(key); ok {
		return subject{md: md, key: text}
	}
	return subject{md: md, dyn: e.shared(key)}
}

// shared is what several values have in common: the variable that a function
// literal shares, each load of which is a value of its own, and the context
// that metadata was sent in.
func (e *engine) shared(v ssa.Value) ssa.Value { return e.sharedBy(v, 0) }

func (e *engine) sharedBy(v ssa.Value, depth int) ssa.Value {
	if depth > maxHelpers {
		return v
	}
	switch x := v.(type) {
	case *ssa.UnOp:
		if alloc := e.Variable(x.X); x.Op == token.MUL && alloc != nil {
			return e.inVariable(alloc, depth)
		}
	case *ssa.Extract:
		call, ok := x.Tuple.(*ssa.Call)
		if ok && x.Index == 0 {
			if ctx := e.receivedIn(call); ctx != nil {
				return e.sharedBy(ctx, depth)
			}
		}
		if ok {
			return e.sharedInside(call, x.Index, v, depth+1)
		}
	case *ssa.Call:
		if ctx := e.receivedIn(x); ctx != nil && IsMD(x.Type()) {
			return e.sharedBy(ctx, depth)
		}
		return e.sharedInside(x, 0, v, depth+1)
	}
	return v
}

// receivedIn returns the context whose incoming metadata a call returns first,
// or nil.
func (e *engine) receivedIn(call *ssa.Call) ssa.Value {
	if Called(&call.Call) == "FromIncomingContext" {
		return call.Call.Args[0]
	}
	look, ctx := e.lookAhead(call)
	if look == nil || !look.Incoming || !IsMD(call.Call.Signature().Results().At(0).Type()) {
		return nil
	}
	return ctx
}

// sharedInside is what a helper gives back of what it gets; v if that is
// something else.
func (e *engine) sharedInside(call *ssa.Call, i int, v ssa.Value, depth int) ssa.Value {
	inner := e.returned(call, i)
	if inner == nil {
		return v
	}
	if passed := e.passed(call, inner.Parent(), e.sharedBy(inner.Value, depth)); passed != nil {
		return e.sharedBy(passed, depth)
	}
	return v
}

// inVariable names what a variable holds.
func (e *engine) inVariable(alloc *ssa.Alloc, depth int) ssa.Value {
	if h := e.HeldIn(alloc); h.Complete && len(h.Values) == 1 && !isLoad(h.Values[0]) {
		return e.sharedBy(h.Values[0], depth)
	}
	return alloc
}

// isLoad: a variable may be given what it holds itself.
func isLoad(v ssa.Value) bool {
	_, ok := v.(*ssa.UnOp)
	return ok
}

// Indexed returns the reads of elements that need not be there which fn, a
// function of this package, makes or leads to.
func (e *engine) Indexed(fn *ssa.Function) []Indexed {
	var list []Indexed
	for _, r := range e.unchecked(fn, false) {
		list = append(list, r.where())
	}
	return list
}

// unchecked returns the reads in fn before which nobody looks whether there
// is something. What the function gets counts too if params is set.
func (e *engine) unchecked(fn *ssa.Function, params bool) []read {
	reads := e.reads(fn, params)
	if len(reads) == 0 {
		return nil
	}
	var found []read
	e.shown(fn, reads, func(instr ssa.Instruction, known proven.Set[subject]) {
		for _, r := range reads {
			if r.Instr == instr && !r.isIn(known) {
				found = append(found, r)
			}
		}
	})
	// What is shown where a literal is made holds in it.
	for literal := fn; literal.Parent() != nil && len(found) > 0; literal = literal.Parent() {
		outer := literal.Parent()
		e.shown(outer, e.reads(outer, params), func(instr ssa.Instruction, known proven.Set[subject]) {
			if closure, ok := instr.(*ssa.MakeClosure); ok && closure.Fn == literal {
				found = slices.DeleteFunc(found, func(r read) bool { return r.isIn(known) })
			}
		})
	}
	return slices.DeleteFunc(found, e.keptAfterLook)
}

// keptAfterLook: what is read was kept in a field of a struct that another
// function makes, and who put it there, or another method, may have looked how
// many there are.
func (e *engine) keptAfterLook(r read) bool {
	put := e.put(r.subject, 0)
	if root := cmp.Or(r.subject.values, r.subject.md); !put.inField && program.IsWithin(r.Func, root.Parent()) {
		return false
	}
	if e.looked == nil {
		e.looked = make(map[subject]bool)
		for instr := range e.Instructions {
			if v, ok := instr.(ssa.Value); ok && isStrings(v.Type()) && measured(v) {
				for _, s := range e.put(e.subject(v), 0).names {
					e.looked[s] = true
				}
			}
		}
	}
	return slices.ContainsFunc(put.names, func(s subject) bool {
		return e.looked[s] || e.looked[subject{md: s.md}]
	})
}

// A put says what is put into the fields that keep what is read: metadata
// alone if which of its values that is is not known.
type put struct {
	names   []subject
	inField bool
}

func (e *engine) put(s subject, depth int) put {
	root := s.values
	if root == nil {
		s.dyn, root = nil, s.md
	}
	var h program.Held
	inField := false
	switch v := root.(type) {
	case *ssa.Parameter:
		if !stub.IsContext(v.Type()) {
			h = e.Passed(v)
		}
	case *ssa.Call:
		if inner := e.returned(v, 0); inner != nil {
			h.Values = []ssa.Value{inner.Value}
		}
	case *ssa.Alloc:
		h = e.HeldIn(v)
	default:
		if inField = fieldRead(v) != nil; inField {
			h, _ = e.Read(v)
		}
	}
	if len(h.Values) == 0 || depth > maxHelpers {
		return put{[]subject{s}, inField}
	}
	all := put{inField: inField}
	for _, v := range h.Values {
		next := subject{md: e.shared(v), key: s.key}
		if s.values != nil {
			next = e.subject(v)
		}
		more := e.put(next, depth+1)
		all.names, all.inField = append(all.names, more.names...), all.inField || more.inField
	}
	return all
}

// shown walks through a function with what is known to be there.
func (e *engine) shown(fn *ssa.Function, reads []read, visit func(ssa.Instruction, proven.Set[subject])) {
	at := make(map[ssa.Instruction][]read)
	for _, r := range reads {
		at[r.Instr] = append(at[r.Instr], r)
	}
	a := proven.Analysis[subject]{
		Condition: e.shows,
		Instruction: func(instr ssa.Instruction, _ proven.Set[subject]) []subject {
			shown := e.handedOn(instr)
			for _, r := range at[instr] {
				// Control comes farther only if there was something.
				shown = append(shown, r.subject)
			}
			return shown
		},
	}
	a.Walk(fn, visit)
}

// isIn: there is something to read, or that is not known any more.
func (r *read) isIn(known proven.Set[subject]) bool {
	return known.Has(r.subject) || known.Has(subject{md: r.subject.md})
}

type read struct {
	Indexed
	subject subject
	inner   *Indexed // the read that a function of this package makes, if Instr calls it
}

func (e *engine) reads(fn *ssa.Function, params bool) []read {
	var reads []read
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.IndexAddr:
				if index, ok := instr.Index.(*ssa.Const); !ok || index.Int64() < 0 || !isStrings(instr.X.Type()) {
					continue // a loop's
				}
				if e.isValues(instr.X, params) {
					reads = append(reads, e.read(fn, instr, instr.X, nil))
				}
			case ssa.CallInstruction:
				reads = append(reads, e.passedReads(fn, instr, params)...)
			}
		}
	}
	return reads
}

func (e *engine) read(fn *ssa.Function, instr ssa.Instruction, v ssa.Value, via *finding.Remote) read {
	s := e.subject(v)
	return read{Indexed: Indexed{Func: fn, Instr: instr, Key: s.key, Via: via}, subject: s}
}

// passedRead is the read of a key that a function makes of what it is passed.
func (e *engine) passedRead(fn *ssa.Function, call ssa.CallInstruction, arg ssa.Value, key string, via *finding.Remote) read {
	r := e.read(fn, call, arg, via)
	if IsMD(arg.Type()) {
		r.Key, r.subject = key, subject{md: e.shared(arg), key: key}
	}
	return r
}

// isValues reports whether v are the values of a key of Incoming metadata.
// What a function gets may be if params is set; else it is judged where it is
// passed, where somebody may have looked at it before.
func (e *engine) isValues(v ssa.Value, params bool) bool {
	s := e.subject(v)
	for _, root := range []ssa.Value{s.values, s.md} {
		if p, ok := root.(*ssa.Parameter); ok && (IsMD(p.Type()) || isStrings(p.Type())) {
			return params
		}
	}
	return e.Kind(v) == Values
}

// passedReads: a function that is called reads an element of what this one
// passes.
func (e *engine) passedReads(fn *ssa.Function, call ssa.CallInstruction, params bool) []read {
	args := program.Args(call.Common())
	passes := func(i int) bool {
		if i >= len(args) {
			return false
		}
		_, isParam := args[i].(*ssa.Parameter)
		return e.Kind(args[i]) == Incoming || params && isParam && IsMD(args[i].Type()) || e.isValues(args[i], params)
	}
	var reads []read
	for _, local := range e.Callees(call) {
		for _, inner := range e.IndexedParams(local) {
			if passes(inner.Param) {
				r := e.passedRead(fn, call, args[inner.Param], inner.Key, nil)
				r.inner = &inner.Indexed
				reads = append(reads, r)
			}
		}
	}
	now, _ := call.(*ssa.Call) // what is left to a goroutine is at no place here
	if now == nil {
		return reads
	}
	if fact := e.told(now, program.CalledObject(call.Common())); fact != nil {
		for _, indexed := range fact.Indexed {
			if passes(indexed.Param) {
				reads = append(reads, e.passedRead(fn, call, args[indexed.Param], indexed.Key, &indexed.At))
			}
		}
	}
	return reads
}

// An IndexedParam is a read of an element of what a function gets.
type IndexedParam struct {
	Param int
	Indexed
}

// IndexedParams returns what fn, a function of this package, reads of what
// its callers pass.
func (e *engine) IndexedParams(fn *ssa.Function) []IndexedParam {
	if known, ok := e.indexed[fn]; ok {
		return known
	}
	e.indexed[fn] = nil // recursion adds nothing
	if !holds(fn.Signature.Params()) {
		return nil
	}
	var list []IndexedParam
	for _, r := range e.unchecked(fn, true) {
		root := r.subject.values
		if root == nil {
			root = r.subject.md
		}
		for i, p := range fn.Params {
			if p == root && (IsMD(p.Type()) || isStrings(p.Type())) {
				list = append(list, IndexedParam{i, r.where()})
			}
		}
	}
	e.indexed[fn] = list
	return list
}

// where is the read itself, in whichever function of the package it is.
func (r *read) where() Indexed {
	if r.inner != nil {
		return *r.inner
	}
	return r.Indexed
}

// shows returns the values of which a condition's outcome shows that there
// are some.
func (e *engine) shows(cond ssa.Value, outcome bool) []subject {
	switch c := cond.(type) {
	case *ssa.Extract:
		if lookup, ok := c.Tuple.(*ssa.Lookup); ok && c.Index == 1 && outcome && IsMD(lookup.X.Type()) {
			return []subject{e.keyed(lookup.X, lookup.Index)} // what is sent has a value
		}
		return e.judged(c.Tuple)
	case *ssa.Phi:
		if outcome {
			return e.chosen(c)
		}
	case *ssa.Call:
		return e.judged(c)
	case *ssa.BinOp:
		if e.measures(c, outcome) {
			return []subject{e.subject(lengthOf(c))}
		}
		for _, side := range []ssa.Value{c.X, c.Y} {
			if isStrings(side.Type()) && (c.Op == token.NEQ) == outcome {
				return []subject{e.subject(side)} // not nil
			}
			// err := check(md); err != nil
			switch v := side.(type) {
			case *ssa.Extract:
				if s := e.judged(v.Tuple); s != nil {
					return s
				}
			case *ssa.Call:
				if s := e.judged(v); s != nil {
					return s
				}
			}
		}
	}
	return nil
}

// chosen: values that were looked up under one key or another, if ok is the
// ok of the same lookups.
//
//	ts, ok := md["a"]
//	if !ok {
//		ts, ok = md["b"]
//	}
func (e *engine) chosen(ok *ssa.Phi) []subject {
	var found []subject
	for _, instr := range ok.Block().Instrs {
		values, isPhi := instr.(*ssa.Phi)
		if !isPhi {
			break
		}
		if isStrings(values.Type()) && sameLookups(values, ok) {
			found = append(found, e.subject(values))
		}
	}
	return found
}

func sameLookups(values, ok *ssa.Phi) bool {
	for i := range values.Edges {
		if isFalse(ok.Edges[i]) {
			continue // not on the way on which it is true
		}
		v, isValue := values.Edges[i].(*ssa.Extract)
		k, isOK := ok.Edges[i].(*ssa.Extract)
		if !isValue || !isOK || v.Tuple != k.Tuple || v.Index != 0 || k.Index != 1 {
			return false
		}
		if _, isLookup := v.Tuple.(*ssa.Lookup); !isLookup {
			return false
		}
	}
	return true
}

func isFalse(v ssa.Value) bool {
	c, ok := v.(*ssa.Const)
	return ok && c.Value != nil && c.Value.Kind() == constant.Bool && !constant.BoolVal(c.Value)
}

// measures: len(v) compared with a number so that v cannot be empty, or with
// something that is not known here.
func (e *engine) measures(c *ssa.BinOp, outcome bool) bool {
	v := lengthOf(c)
	if v == nil || !isStrings(v.Type()) {
		return false
	}
	_, x := c.X.(*ssa.Const)
	_, y := c.Y.(*ssa.Const)
	return !x && !y || proven.Excludes(c, func(v ssa.Value) bool { return isLength(v) != nil }, 0, outcome)
}

func lengthOf(c *ssa.BinOp) ssa.Value {
	if v := isLength(c.X); v != nil {
		return v
	}
	return isLength(c.Y)
}

// isLength returns what a value is the length of, or nil.
func isLength(v ssa.Value) ssa.Value {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if b, ok := call.Call.Value.(*ssa.Builtin); !ok || b.Name() != "len" {
		return nil
	}
	return call.Call.Args[0]
}

// judged returns the values and metadata that a function has looked at, of
// which the caller looks at the result: it may be a check.
func (e *engine) judged(tuple ssa.Value) []subject {
	call, ok := tuple.(*ssa.Call)
	if !ok {
		return nil
	}
	if _, ok := call.Call.Value.(*ssa.Builtin); ok {
		return nil
	}
	if Called(&call.Call) != "" {
		return nil // FromIncomingContext and the like check nothing
	}
	var seen []subject
	if closure, ok := call.Call.Value.(*ssa.MakeClosure); ok {
		for _, shared := range closure.Bindings {
			if alloc := e.Variable(shared); alloc != nil {
				seen = append(seen, subject{md: e.inVariable(alloc, 0)}, subject{values: e.inVariable(alloc, 0)})
			}
		}
	}
	for _, arg := range program.Args(&call.Call) {
		switch {
		case IsMD(arg.Type()):
			seen = append(seen, subject{md: e.shared(arg)})
		case isStrings(arg.Type()):
			seen = append(seen, e.subject(arg))
		case stub.IsContext(arg.Type()):
			if slices.ContainsFunc(e.Callees(call), func(fn *ssa.Function) bool { return e.readsIncoming(fn, 0) }) {
				seen = append(seen, subject{md: e.shared(arg)})
			}
		}
	}
	return seen
}

// readsIncoming: a function asks for what a client has sent.
func (e *engine) readsIncoming(fn *ssa.Function, depth int) bool {
	for call := range program.Calls(fn) {
		if e.receivedIn(call) != nil || Called(&call.Call) == "ValueFromIncomingContext" {
			return true
		}
		if depth < maxHelpers && slices.ContainsFunc(e.Callees(call), func(fn *ssa.Function) bool { return e.readsIncoming(fn, depth+1) }) {
			return true
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, func(literal *ssa.Function) bool { return e.readsIncoming(literal, depth) })
}

// handedOn: metadata that a function may add to is not known any more.
func (e *engine) handedOn(instr ssa.Instruction) []subject {
	switch instr := instr.(type) {
	case *ssa.MapUpdate:
		if IsMD(instr.Map.Type()) {
			return []subject{e.keyed(instr.Map, instr.Key)}
		}
	case *ssa.Next:
		return e.keysOf(instr)
	case *ssa.Call:
		if name := Called(&instr.Call); name == "MD.Set" || name == "MD.Append" {
			return []subject{e.keyed(instr.Call.Args[0], instr.Call.Args[1])}
		}
	}
	return nil
}

// keysOf: what a loop over metadata comes to is there, under its key.
func (e *engine) keysOf(next *ssa.Next) []subject {
	loop, ok := next.Iter.(*ssa.Range)
	if !ok || !IsMD(loop.X.Type()) {
		return nil
	}
	var found []subject
	for _, r := range *next.Referrers() {
		x, ok := r.(*ssa.Extract)
		switch {
		case !ok:
		case x.Index == 1:
			found = append(found, e.keyed(loop.X, x))
		case x.Index == 2:
			found = append(found, subject{values: x})
		}
	}
	return found
}
