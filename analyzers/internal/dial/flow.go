package dial

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// An eventKind is something that happens to a connection.
type eventKind uint8

const (
	closed    eventKind = iota + 1 // closed, or a deferred call will close it
	escaped                        // kept by something whose end is unknown
	returned                       // handed to the caller
	unary                          // a unary RPC
	streamed                       // a stream was opened
	checked                        // a health check
	unclear                        // some RPC
	connected                      // told to connect
)

type event struct {
	kind   eventKind
	instr  ssa.Instruction
	result Result // of returned
}

// trail is where one connection goes within one function.
type trail struct {
	engine *engine
	fn     *ssa.Function
	kinds  map[ssa.Value]Kind // values that lead to the connection
	cells  map[ssa.Value]bool // addresses of local variables that hold such a value
	fields map[*types.Var]bool
	gives  map[*ssa.Function][]Result // of function literals, which return it
	events []event
	noted  map[event]bool
	work   []ssa.Value
}

// flowFrom follows a value through its function.
func (e *engine) flowFrom(fn *ssa.Function, v ssa.Value, kind Kind) *trail {
	f := e.newFlow(fn)
	f.add(v, kind)
	f.run()
	return f
}

// flowFromCell follows a variable that a function literal captures.
func (e *engine) flowFromCell(fn *ssa.Function, cell ssa.Value) *trail {
	f := e.newFlow(fn)
	f.addCell(cell)
	f.run()
	return f
}

func (e *engine) newFlow(fn *ssa.Function) *trail {
	return &trail{
		engine: e,
		fn:     fn,
		kinds:  make(map[ssa.Value]Kind),
		cells:  make(map[ssa.Value]bool),
		fields: make(map[*types.Var]bool),
		gives:  make(map[*ssa.Function][]Result),
		noted:  make(map[event]bool),
	}
}

func (f *trail) add(v ssa.Value, kind Kind) {
	if _, seen := f.kinds[v]; !seen {
		f.kinds[v] = kind
		f.work = append(f.work, v)
	}
}

func (f *trail) addCell(addr ssa.Value) {
	if !f.cells[addr] {
		f.cells[addr] = true
		f.work = append(f.work, addr)
	}
}

// addField notes that a field holds the connection and looks again at the
// structs whose other uses were already followed.
func (f *trail) addField(v *types.Var) {
	if !f.fields[v] {
		f.fields[v] = true
		if f.engine.carries(v.Type()) {
			return // followed from the start
		}
		for value, kind := range f.kinds {
			if kind == Owner {
				f.work = append(f.work, value)
			}
		}
	}
}

func (f *trail) event(kind eventKind, instr ssa.Instruction) {
	f.note(event{kind: kind, instr: instr})
}

func (f *trail) note(e event) {
	if !f.noted[e] {
		f.noted[e] = true
		f.events = append(f.events, e)
	}
}

func (f *trail) run() {
	for len(f.work) > 0 {
		v := f.work[len(f.work)-1]
		f.work = f.work[:len(f.work)-1]
		referrers := v.Referrers()
		if referrers == nil {
			continue // a global or a constant
		}
		for _, instr := range *referrers {
			if f.cells[v] {
				f.cellUse(v, instr)
			} else {
				f.use(v, f.kinds[v], instr)
			}
		}
	}
}

func (f *trail) has(kind eventKind) bool {
	return slices.ContainsFunc(f.events, func(e event) bool { return e.kind == kind })
}

// cellUse handles an instruction that names the address of a variable in
// which the connection is.
func (f *trail) cellUse(cell ssa.Value, instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		f.add(instr, f.engine.kindOf(instr.Type()))
	case *ssa.Store:
		if instr.Val == cell {
			f.event(escaped, instr) // the address itself is kept
		}
	case *ssa.MakeClosure:
		f.closure(cell, instr)
	case *ssa.DebugRef:
	case *ssa.FieldAddr, *ssa.IndexAddr:
		// A variable of struct type is an Owner, not a cell.
	default:
		f.event(escaped, instr) // the address is handed on
	}
}

// use handles an instruction that names a value that leads to the
// connection.
func (f *trail) use(v ssa.Value, kind Kind, instr ssa.Instruction) {
	switch instr := instr.(type) {
	case *ssa.DebugRef, *ssa.BinOp, *ssa.If, *ssa.Panic:
	case *ssa.Phi:
		f.add(instr, kind)
	case *ssa.ChangeType:
		f.add(instr, kind)
	case *ssa.ChangeInterface:
		f.add(instr, kind)
	case *ssa.MakeInterface:
		f.add(instr, kind)
	case *ssa.Convert:
		f.add(instr, kind)
	case *ssa.TypeAssert:
		if !instr.CommaOk {
			f.add(instr, kind)
		} else if x := extract(instr, 0); x != nil {
			f.add(x, kind)
		}
	case *ssa.UnOp: // a copy of the struct
		if kind == Owner {
			f.add(instr, kind)
		}
	case *ssa.FieldAddr:
		if kind == Owner {
			f.field(instr, instr.X.Type(), instr.Field)
		}
	case *ssa.Field:
		if kind == Owner && f.holds(instr.X.Type(), instr.Field) {
			f.add(instr, f.engine.kindOf(instr.Type()))
		}
	case *ssa.IndexAddr:
		if kind == Owner && instr.X == v {
			f.addCellUses(instr)
		}
	case *ssa.Index:
		if kind == Owner && instr.X == v {
			f.add(instr, f.engine.kindOf(instr.Type()))
		}
	case *ssa.Lookup:
		if kind == Owner && instr.X == v {
			if !instr.CommaOk {
				f.add(instr, f.engine.kindOf(instr.Type()))
			} else if x := extract(instr, 0); x != nil {
				f.add(x, f.engine.kindOf(x.Type()))
			}
		}
	case *ssa.Range:
		for _, r := range *instr.Referrers() {
			if next, ok := r.(*ssa.Next); ok {
				if x := extract(next, 2); x != nil {
					f.add(x, f.engine.kindOf(x.Type()))
				}
			}
		}
	case *ssa.Store:
		if instr.Val == v {
			f.store(instr)
		}
	case *ssa.MakeClosure:
		f.closure(v, instr)
	case *ssa.Return:
		for i, result := range instr.Results {
			if result != v {
				continue
			}
			if kind == Func || kind == Stream {
				f.event(escaped, instr)
				continue
			}
			f.note(event{kind: returned, instr: instr, result: Result{i, kind}})
		}
	case ssa.CallInstruction:
		f.call(v, kind, instr)
	default:
		// Sent, put in a map, sliced, converted by other means.
		f.event(escaped, instr)
	}
}

// addCellUses follows the loads through an address into an Owner.
func (f *trail) addCellUses(addr ssa.Value) {
	for _, r := range *addr.Referrers() {
		if load, ok := r.(*ssa.UnOp); ok {
			f.add(load, f.engine.kindOf(load.Type()))
		}
	}
}

func (f *trail) holds(structType types.Type, field int) bool {
	v := program.FieldOf(structType, field)
	return f.fields[v] || f.engine.carries(v.Type())
}

// field follows &owner.field.
func (f *trail) field(addr *ssa.FieldAddr, structType types.Type, field int) {
	if !f.holds(structType, field) {
		return // a mutex, a name, a logger
	}
	if _, isStruct := addr.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); isStruct {
		f.add(addr, Owner) // a struct inside the struct
		return
	}
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.UnOp:
			f.add(r, f.engine.kindOf(r.Type()))
		case *ssa.Store:
			if r.Val == addr {
				f.event(escaped, r)
			}
		case *ssa.DebugRef:
		default:
			f.event(escaped, r)
		}
	}
}

// store follows the value into a local variable or a field of a struct that
// this function makes; anywhere else it escapes.
func (f *trail) store(store *ssa.Store) {
	switch addr := store.Addr.(type) {
	case *ssa.Alloc:
		if _, isStruct := addr.Type().Underlying().(*types.Pointer).Elem().Underlying().(*types.Struct); isStruct {
			f.add(addr, Owner)
		} else {
			f.addCell(addr)
		}
		return
	case *ssa.FieldAddr:
		var base ssa.Value = addr
		var fields []*types.Var
		for {
			fa, ok := base.(*ssa.FieldAddr)
			if !ok {
				break
			}
			fields = append(fields, program.FieldOf(fa.X.Type(), fa.Field))
			base = fa.X
		}
		_, isLocal := base.(*ssa.Alloc)
		if _, known := f.kinds[base]; known || isLocal {
			for _, field := range fields {
				f.addField(field)
			}
			f.add(base, Owner)
			return
		}
	}
	f.event(escaped, store)
}

// closure follows the connection into a function literal or a method value.
func (f *trail) closure(v ssa.Value, mc *ssa.MakeClosure) {
	fn := mc.Fn.(*ssa.Function)
	if strings.HasPrefix(fn.Synthetic, "bound method wrapper") {
		obj, _ := fn.Object().(*types.Func)
		if obj != nil && obj.Name() == "Close" {
			f.add(mc, Cleanup)
			return
		}
		if local := f.engine.index.Local(fn); local != nil {
			if s := f.engine.param(local, 0); s.Closes {
				f.add(mc, Cleanup)
				return
			} else if !s.Escapes {
				f.add(mc, Func)
				return
			}
		}
		f.event(escaped, mc)
		return
	}
	for i, binding := range mc.Bindings {
		if binding != v || i >= len(fn.FreeVars) {
			continue
		}
		s := f.engine.freeVar(fn, i, f.cells[v])
		f.used(s, mc)
		f.gives[fn] = append(f.gives[fn], s.Results...)
		switch {
		case s.Closes:
			f.add(mc, Cleanup)
		case s.Escapes:
			f.event(escaped, mc)
		default:
			f.add(mc, Func)
		}
	}
}

// call handles a call, go or defer that gets the value.
func (f *trail) call(v ssa.Value, kind Kind, instr ssa.CallInstruction) {
	common := instr.Common()
	_, isGo := instr.(*ssa.Go)
	if f.engine.index.Called(instr) == v {
		// The value is itself a function.
		switch {
		case isGo || kind != Cleanup && kind != Func:
			f.event(escaped, instr) // what a goroutine does comes at any time
			return
		case kind == Cleanup:
			f.event(closed, instr)
		}
		f.given(instr)
		return
	}
	if b, ok := common.Value.(*ssa.Builtin); ok {
		if b.Name() == "append" || b.Name() == "copy" {
			f.event(escaped, instr)
		}
		return
	}
	if common.IsInvoke() && common.Value == v && f.invoke(kind, instr) {
		return
	}
	fn, obj := f.engine.callee(common)
	if obj != nil && common.IsInvoke() && common.Value != v {
		fn, obj = nil, nil // an argument of an interface method
	}
	if obj != nil && isConnMethod(obj) {
		f.connMethod(obj.Name(), instr)
		return
	}
	if f.engine.stubConstructor(obj) {
		if value, ok := instr.(ssa.Value); ok {
			f.add(value, Stub)
		}
		return
	}
	if isGo {
		f.event(escaped, instr)
		return
	}
	for i, arg := range program.Args(common) {
		if arg == v {
			f.passed(v, fn, obj, i, kind, instr)
		}
	}
}

// given follows what a call of a function gives that uses the connection; what
// else a literal does has been noted where it stands.
func (f *trail) given(call ssa.CallInstruction) {
	callees := f.engine.index.Callees(call)
	for _, fn := range callees {
		f.results(call, f.gives[fn])
	}
	results := call.Common().Signature().Results()
	for i := range results.Len() {
		if t := results.At(i).Type(); len(callees) == 0 && f.engine.carries(t) {
			f.results(call, []Result{{i, f.engine.kindOf(t)}})
		}
	}
}

func isConnMethod(obj *types.Func) bool {
	recv := obj.Signature().Recv()
	return recv != nil && isConn(recv.Type())
}

func (f *trail) connMethod(name string, instr ssa.CallInstruction) {
	switch name {
	case "Close":
		f.event(closed, instr)
	case "Connect":
		f.event(connected, instr)
	case "Invoke":
		f.event(unary, instr)
	case "NewStream":
		f.event(streamed, instr)
		f.results(instr, []Result{{0, Stream}})
	}
}

// invoke handles a method call through an interface. It returns false when
// the method is like any other function.
func (f *trail) invoke(kind Kind, instr ssa.CallInstruction) bool {
	method := instr.Common().Method
	switch {
	case method.Name() == "Close":
		if kind != Stream {
			f.event(closed, instr)
		}
	case kind == Stream:
		// That it was opened has been noted.
	case givesConn(method):
		f.results(instr, []Result{{0, Conn}})
	case kind == Stub, f.engine.stubs.RPC(method) != nil:
		rpc := f.engine.stubs.RPC(method)
		switch {
		case f.engine.isHealthCheck(method):
			f.event(checked, instr)
		case rpc != nil && rpc.Unary():
			f.event(unary, instr)
		case rpc == nil:
			f.event(unclear, instr)
			f.results(instr, []Result{{0, Stream}})
		default:
			f.event(streamed, instr)
			f.results(instr, []Result{{0, Stream}})
		}
	default:
		return false
	}
	return true
}

// keepsFunction: a field holds a function that uses the connection, which
// nobody finds there.
func (f *trail) keepsFunction() bool {
	for field := range f.fields {
		if _, isFunc := field.Type().Underlying().(*types.Signature); isFunc {
			return true
		}
	}
	return false
}

// passed handles the value as an argument of a call.of fn or obj.
func (f *trail) passed(v ssa.Value, fn *ssa.Function, obj *types.Func, i int, kind Kind, instr ssa.CallInstruction) {
	if kind == Stream {
		return // its end is another rule's business
	}
	summary := f.engine.paramOf(fn, obj, i)
	if kind == Func || kind == Cleanup {
		f.handed(v, summary, kind, instr)
		return
	}
	if kind == Owner && f.keepsFunction() {
		f.event(escaped, instr)
		return
	}
	if summary == nil {
		if obj != nil && i == 0 && obj.Signature().Recv() != nil && obj.Name() == "Close" {
			f.event(closed, instr)
			return
		}
		f.event(escaped, instr)
		return
	}
	if summary.Closes {
		f.event(closed, instr)
	}
	if summary.Escapes {
		f.event(escaped, instr)
	}
	f.used(summary, instr)
	f.results(instr, summary.Results)
}

// handed handles a function that uses the connection as an argument of a call.
// Of one that is a parameter, say, only others know what it does: it may be what
// closes the connection.
func (f *trail) handed(v ssa.Value, summary *ParamFact, kind Kind, instr ssa.CallInstruction) {
	functions, known := f.engine.index.Functions(v)
	gives, ends := !known, false
	for _, fn := range functions {
		gives = gives || len(f.gives[fn]) > 0
		ends = ends || slices.ContainsFunc(f.gives[fn], func(r Result) bool { return r.Kind == Cleanup })
	}
	switch {
	case summary == nil && (gives || kind == Cleanup || !f.onlyRun(instr, v)), summary != nil && summary.Escapes, ends:
		f.event(escaped, instr)
		return
	case summary == nil:
		return
	}
	if kind == Cleanup && summary.Closes {
		f.event(closed, instr)
	}
	if gives {
		f.results(instr, summary.Results)
	}
}

// onlyRun: a call hands a function to one who does nothing with it but call it,
// before the call returns.
func (f *trail) onlyRun(call ssa.CallInstruction, v ssa.Value) bool {
	param := f.engine.index.OnlyRun(call, v)
	return param != nil && !param.Async()
}

// used notes the RPCs that a function makes on the connection.
func (f *trail) used(summary *ParamFact, instr ssa.Instruction) {
	if summary.Unclear {
		f.event(unclear, instr)
	}
	if summary.Connects {
		f.event(connected, instr)
	}
	if summary.Stream {
		f.event(streamed, instr)
	}
	if summary.Probe {
		f.event(checked, instr)
	}
	if summary.Unary {
		f.event(unary, instr)
	}
}

// results follows what a call returns.
func (f *trail) results(instr ssa.CallInstruction, results []Result) {
	value, ok := instr.(*ssa.Call)
	if !ok {
		return // go and defer drop their results
	}
	for _, r := range results {
		if v := program.Result(value, r.Index); v != nil {
			f.add(v, r.Kind)
		}
	}
}

func extract(tuple ssa.Value, i int) *ssa.Extract {
	for _, r := range *tuple.Referrers() {
		if x, ok := r.(*ssa.Extract); ok && x.Index == i {
			return x
		}
	}
	return nil
}
