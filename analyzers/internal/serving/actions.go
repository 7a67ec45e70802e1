package serving

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// Done is something that a function does to a server.
type Done struct {
	Kind    Kind
	Server  place.Place // as the function sees it
	Instr   ssa.Instruction
	Service string     // see [Action]
	Name    string     // see [Action]
	Streams bool       // see [Action]
	Impl    types.Type // what is registered, nil if that is done elsewhere
	Sure    bool       // see [Action]
	Certain bool       // whenever Instr is run
	// Via says that Instr only calls a function which does it, at At;
	// Elsewhere, that it is one of another package.
	Via, Elsewhere bool
	// Plain: nothing in the functions from Instr to the server ends the wait
	// of a GracefulStop otherwise.
	Plain bool
	at    finding.Remote

	lasts, open string // told by another package, see [Action]

	value ssa.Value  // the server, or what holds it
	field *types.Var // of value, that holds it; nil if value is the server
}

// At is where it is done, in whatever package.
func (d *Done) At() *finding.Remote { return &d.at }

// IsReflection: server reflection, which tools talk to.
func (d *Done) IsReflection() bool { return strings.HasPrefix(d.Service, reflectionPath) }

// IsHealth: the standard health service.
func (d *Done) IsHealth() bool {
	return strings.HasSuffix(d.Service, ".HealthServer") && strings.Contains(d.Service, "grpc_health_v1")
}

const reflectionPath = stub.GRPCPath + "/reflection"

// Does returns what a function of the package does to servers, in the order
// of its instructions.
func (info *Info) Does(fn *ssa.Function) []Done {
	if !info.Reaches {
		return nil
	}
	return info.engine().does(fn)
}

func (e *engine) does(fn *ssa.Function) []Done {
	if known, ok := e.actions[fn]; ok {
		return known
	}
	e.actions[fn] = nil // recursion adds nothing
	var list []Done
	for _, block := range fn.Blocks {
		sure := control.Always(block)
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			for _, d := range e.doneBy(call) {
				d.Plain = d.Kind == GracefulStop && (!d.Via || d.Plain) && !e.wait(false).endsHere(call)
				d.Certain, d.Sure = d.Sure, d.Sure && sure
				if t := d.Server.Type(); !IsServer(t) && !IsServer(pointee(t)) { // a variable is the address of what it holds
					continue // somebody's own registrar
				}
				d.Server = e.canonical(d.Server)
				list = append(list, d)
			}
		}
	}
	for i := range list {
		if list[i].Kind == Stop && follows(list, &list[i]) {
			list[i].Kind = StopAfterwards
		}
	}
	e.actions[fn] = list
	return list
}

// follows: a Stop comes when a GracefulStop of the same server, in the same
// function, has returned.
func follows(list []Done, stop *Done) bool {
	return slices.ContainsFunc(list, func(d Done) bool {
		waits, ok := d.Instr.(*ssa.Call)
		if !ok || d.Kind != GracefulStop || !d.Certain || d.Server != stop.Server {
			return false
		}
		if _, isDefer := stop.Instr.(*ssa.Defer); isDefer {
			return d.Sure // on another way, it may be there for that
		}
		return control.Dominates(waits, stop.Instr)
	})
}

// doneBy returns what one call does.
func (e *engine) doneBy(call ssa.CallInstruction) []Done {
	common := call.Common()
	_, isGo := call.(*ssa.Go)
	_, isDefer := call.(*ssa.Defer)
	one := func(kind Kind, server ssa.Value) []Done {
		if isGo && kind == Serve {
			kind = ServeInBackground
		}
		return []Done{{Kind: kind, Server: e.resolver.Of(server), Instr: call, Sure: !isDefer, at: e.remote(call.Pos()), value: server}}
	}
	local, obj := e.Callee(common)
	args := program.Args(common)
	if kind := methodKind(obj); kind != 0 && len(args) > 0 {
		if isDefer && kind == Serve {
			return nil // after all the rest
		}
		return one(kind, args[0])
	}
	if isDefer {
		return nil
	}
	if r, ok := e.registers(obj, args); ok {
		list := one(Register, args[0])
		list[0].Service, list[0].Name, list[0].Streams = r.service, r.name, r.streams
		if len(args) > 1 {
			list[0].Impl = args[len(args)-1].Type()
			if made, ok := args[len(args)-1].(*ssa.MakeInterface); ok {
				list[0].Impl = made.X.Type()
			} else if t := e.Registered(call); t != nil {
				list[0].Impl = t
			}
		}
		return list
	}
	if isGo {
		return e.started(call, args)
	}
	if isOnce(obj) && len(args) == 2 {
		return e.doneOnce(call, args[1])
	}
	if isGroup(obj) && len(args) == 2 {
		return e.background(call, e.literal(args[1]), nil)
	}
	list := e.byHelper(call)
	if local != nil {
		return append(list, e.doneIn(local, call, args)...)
	}
	if several := e.handed(call); len(several) > 0 {
		return several
	}
	return append(list, e.told(call, obj, args)...)
}

// byHelper: what function literals do that the call hands to one who calls
// them.
func (e *engine) byHelper(call ssa.CallInstruction) []Done {
	var list []Done
	for _, h := range e.handedLiterals(call) {
		args := make([]ssa.Value, len(h.fn.Params))
		for i, p := range h.fn.Params {
			args[i] = h.Arg(p)
		}
		for _, d := range e.bound(h.literal, e.doneIn(h.fn, call, args)) {
			d.Sure = d.Sure && e.SurelyRuns(call, h.Param.Index) != nil
			list = append(list, d)
		}
	}
	return list
}

// A handedLiteral is a function literal that a call hands to one who calls it
// before the call returns. What runs once for all calls is another matter.
type handedLiteral struct {
	program.Handing
	literal
}

// A literal is a function literal, and the call of the function that made it,
// nil if it stands where it is used.
type literal struct {
	fn    *ssa.Function
	maker *ssa.Call
}

// literal returns the function literal that a value is, or that a function of
// this package returns; a zero one if it is none.
func (e *engine) literal(v ssa.Value) literal {
	if fn := place.Literal(v); fn != nil {
		return literal{fn: fn}
	}
	call, ok := v.(*ssa.Call)
	if !ok || len(e.Callees(call)) != 1 {
		return literal{}
	}
	returned := program.Returned(e.Callees(call)[0], 0)
	if len(returned) != 1 {
		return literal{}
	}
	return literal{place.Literal(returned[0].Value), call}
}

// bound puts what the maker of a literal gets into what that does.
func (e *engine) bound(l literal, list []Done) []Done {
	if l.maker == nil {
		return list
	}
	list = slices.Clone(list)
	for i := range list {
		e.bind(&list[i], e.Callees(l.maker)[0], program.Args(&l.maker.Call))
	}
	return list
}

// bind puts an argument in the place of a parameter of fn that holds the
// server; false if none does.
func (e *engine) bind(d *Done, fn *ssa.Function, args []ssa.Value) bool {
	i := slices.IndexFunc(fn.Params, func(p *ssa.Parameter) bool { return ssa.Value(p) == d.Server.Root })
	if i < 0 || i >= len(args) || args[i] == nil {
		return false
	}
	fields := d.Server.Fields()
	d.value, d.field, d.Server = args[i], last(fields), e.resolver.Field(e.resolver.Of(args[i]), fields...)
	return true
}

func (e *engine) handedLiterals(call ssa.CallInstruction) []handedLiteral {
	helper := e.Helper(call)
	if helper == nil || isOnce(program.CalledObject(call.Common())) {
		return nil
	}
	var list []handedLiteral
	for i := range helper.Params {
		handing := program.Handing{Call: call, Param: &helper.Params[i]}
		literal := e.literal(program.SignatureArg(call, handing.Param.Index))
		if literal.fn != nil && !handing.Param.Async() {
			list = append(list, handedLiteral{handing, literal})
		}
	}
	return list
}

// handed: what the functions do of which the call runs one, such as a callback
// that registers services. Which of them it is nobody knows.
func (e *engine) handed(call ssa.CallInstruction) []Done {
	var list []Done
	functions := e.CalleesOrPassed(call)
	for _, fn := range functions {
		for _, d := range e.doneIn(fn, call, program.Args(call.Common())) {
			d.Sure = d.Sure && len(functions) == 1
			list = append(list, d)
		}
	}
	return list
}

// doneIn is what a call does by running a function of this package.
func (e *engine) doneIn(local *ssa.Function, call ssa.CallInstruction, args []ssa.Value) []Done {
	var list []Done
	times := make(map[deed]int)
	for _, d := range e.does(local) {
		if k := (deed{d.Kind, d.Server, d.Service, d.Name, d.at}); times[k] == 2 || len(list) == maxDeeds {
			continue // more often than twice is not worth telling
		} else {
			times[k]++
		}
		own := slices.ContainsFunc(local.Params, func(p *ssa.Parameter) bool { return ssa.Value(p) == d.Server.Root })
		if !e.bind(&d, local, args) && (own || local.Parent() == nil) {
			continue // a literal sees what is around it, too
		}
		d.Instr, d.Via = call, true
		list = append(list, d)
	}
	return list
}

// isGroup: the method Go of errgroup.Group and sync.WaitGroup.
func isGroup(obj *types.Func) bool {
	return obj != nil && obj.Name() == "Go" && obj.Pkg() != nil && (obj.Pkg().Path() == "golang.org/x/sync/errgroup" || obj.Pkg().Path() == "sync")
}

// isOnce: the method Do of sync.Once, which runs a function unless that has
// been run before.
func isOnce(obj *types.Func) bool {
	return obj != nil && obj.Name() == "Do" && obj.Pkg() != nil && obj.Pkg().Path() == "sync"
}

// doneOnce: when sync.Once comes back, all that has been done, here or before.
// What is registered is so only once.
func (e *engine) doneOnce(call ssa.CallInstruction, do ssa.Value) []Done {
	literal := e.literal(do)
	if literal.fn == nil {
		return nil
	}
	var list []Done
	for _, d := range e.bound(literal, e.does(literal.fn)) {
		if d.Kind != Register {
			d.Instr, d.Via = call, true
			list = append(list, d)
		}
	}
	return list
}

// maxDeeds bounds what a caller is told of what a function does.
const maxDeeds = 200

// A deed is what a function does, wherever in it. One that calls another
// twice does all of that twice, its caller four times, and so on.
type deed struct {
	kind          Kind
	server        place.Place
	service, name string
	at            finding.Remote
}

// methodKind: the methods of *grpc.Server.
func methodKind(obj *types.Func) Kind {
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != stub.GRPCPath || !IsServer(recvOf(obj)) {
		return 0
	}
	switch obj.Name() {
	case "Serve":
		return Serve
	case "Stop":
		return Stop
	case "GracefulStop":
		return GracefulStop
	}
	return 0
}

// IsStop reports whether an object is the method Stop of *grpc.Server.
func IsStop(obj types.Object) bool {
	fn, ok := obj.(*types.Func)
	return ok && methodKind(fn) == Stop
}

func recvOf(obj *types.Func) types.Type {
	if recv := obj.Signature().Recv(); recv != nil {
		return recv.Type()
	}
	return types.Typ[types.Invalid]
}

// IsServer reports whether t is *grpc.Server, or the interface that generated
// code registers on.
func IsServer(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == stub.GRPCPath &&
		(named.Obj().Name() == "Server" || named.Obj().Name() == "ServiceRegistrar")
}

func pointee(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// registers: RegisterFooServer of generated code, grpc-go's own reflection,
// or RegisterService with the description of a service.
func (e *engine) registers(obj *types.Func, args []ssa.Value) (r registered, ok bool) {
	if obj == nil || obj.Pkg() == nil || len(args) == 0 {
		return r, false
	}
	sig := obj.Signature()
	switch {
	case obj.Pkg().Path() == reflectionPath && (obj.Name() == "Register" || obj.Name() == "RegisterV1"):
		return registered{service: reflectionPath, streams: true}, true
	case sig.Recv() == nil && sig.Params().Len() == 2 && sig.Results().Len() == 0 && IsServer(sig.Params().At(0).Type()):
		methods := e.info.Stubs.Server(sig.Params().At(1).Type())
		if methods == nil {
			return r, false
		}
		named := types.Unalias(sig.Params().At(1).Type()).(*types.Named)
		if named.Obj().Pkg() != obj.Pkg() {
			return r, false // somebody's helper
		}
		return e.service(named.Obj().Pkg(), named.Obj().Name(), methods)
	case obj.Name() == "RegisterService" && IsServer(recvOf(obj)) && len(args) == 3:
		g, isGlobal := args[1].(*ssa.Global)
		if !isGlobal || g.Object() == nil {
			return r, false
		}
		name, isDesc := strings.CutSuffix(g.Name(), "_ServiceDesc")
		t, isType := g.Object().Pkg().Scope().Lookup(name + "Server").(*types.TypeName)
		if !isDesc || !isType {
			return r, false
		}
		return e.service(g.Object().Pkg(), t.Name(), e.info.Stubs.Server(t.Type()))
	}
	return r, false
}

// registered is a service, as Action has it.
type registered struct {
	service, name string
	streams       bool
}

func (e *engine) service(pkg *types.Package, name string, methods []stub.Method) (r registered, ok bool) {
	if len(methods) == 0 {
		return r, false
	}
	r.service = pkg.Path() + "." + name
	r.name, _, _ = strings.Cut(strings.TrimPrefix(methods[0].FullMethod, "/"), "/")
	r.streams = slices.ContainsFunc(methods, func(m stub.Method) bool { return !m.Unary() })
	return r, true
}

// started is what a goroutine does.
func (e *engine) started(call ssa.CallInstruction, args []ssa.Value) []Done {
	local, _ := e.Callee(call.Common())
	if local == nil {
		return e.background(call, e.literal(call.Common().Value), args)
	}
	list := e.background(call, literal{fn: local}, args)
	for _, h := range e.handedLiterals(call) {
		if run := e.SurelyRuns(call, h.Param.Index); run != nil && !e.waits(local, run) {
			list = append(list, e.background(call, h.literal, nil)...)
		}
	}
	return list
}

// background: a function that runs beside the code that starts it. When it
// serves is only known if nothing before makes it wait.
func (e *engine) background(call ssa.CallInstruction, l literal, args []ssa.Value) []Done {
	if l.fn == nil {
		return nil
	}
	var list []Done
	for _, d := range e.does(l.fn) {
		if d.Kind != Serve || !d.Sure || d.Via || e.waits(l.fn, d.Instr) {
			continue
		}
		if e.bind(&d, l.fn, args) || l.fn.Parent() != nil {
			d.Kind, d.Instr = ServeInBackground, call
			list = append(list, d)
		}
	}
	return e.bound(l, list)
}

// waits reports whether something before an instruction may wait for others.
func (e *engine) waits(fn *ssa.Function, before ssa.Instruction) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if instr == before {
				return false
			}
			switch instr := instr.(type) {
			case *ssa.Select:
				return true
			case *ssa.UnOp:
				if instr.Op.String() == "<-" {
					return true
				}
			case ssa.CallInstruction:
				if _, ok := instr.Common().Value.(*ssa.Builtin); ok {
					continue
				}
				_, obj := e.Callee(instr.Common())
				if obj == nil || obj.Pkg() == nil {
					return true
				}
				switch obj.Pkg().Path() {
				case "log", "log/slog", "fmt", "net", "os", "strconv", "strings":
				default:
					return true
				}
			}
		}
	}
	return true
}

// told returns what a function of another package does.
func (e *engine) told(call ssa.CallInstruction, obj *types.Func, args []ssa.Value) []Done {
	fact := e.fact(obj)
	if fact == nil || call.Common().IsInvoke() {
		return nil
	}
	if _, ok := call.(*ssa.Call); !ok {
		return nil // who knows when
	}
	var list []Done
	for _, a := range fact.Does {
		if a.Param >= len(args) {
			continue
		}
		if fields, ok := fieldsOf(args[a.Param].Type(), a.Fields); ok {
			server := e.resolver.Field(e.resolver.Of(args[a.Param]), fields...)
			if !server.IsZero() {
				d := doneElsewhere(call, &a)
				d.Server, d.value, d.field = server, args[a.Param], last(fields)
				list = append(list, d)
			}
		}
	}
	return list
}

// doneElsewhere is what a called function of another package does to a server.
func doneElsewhere(call ssa.CallInstruction, a *Action) Done {
	return Done{
		Kind: a.Kind, Instr: call, Service: a.Service, Name: a.Name, Streams: a.Streams, Sure: a.Sure,
		Via: true, Elsewhere: true, Plain: a.Plain, at: a.At, lasts: a.Lasts, open: a.Open,
	}
}

func last(fields []*types.Var) *types.Var {
	if len(fields) == 0 {
		return nil
	}
	return fields[len(fields)-1]
}

func namesOf(fields []*types.Var) []string {
	var names []string
	for _, field := range fields {
		names = append(names, field.Name())
	}
	return names
}

// fieldsOf finds a chain of fields by their names.
func fieldsOf(t types.Type, names []string) (fields []*types.Var, ok bool) {
	for _, name := range names {
		s, ok := pointee(t).Underlying().(*types.Struct)
		if !ok {
			return nil, false
		}
		i := slices.IndexFunc(slices.Collect(s.Fields()), func(f *types.Var) bool { return f.Name() == name })
		if i < 0 {
			return nil, false
		}
		fields = append(fields, s.Field(i).Origin())
		t = s.Field(i).Type()
	}
	return fields, true
}

// aliases notes the places to which a server is stored once.
func (e *engine) aliases() {
	e.alias = make(map[place.Place]place.Place)
	several := make(map[place.Place]bool)
	for _, fn := range e.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				store, ok := instr.(*ssa.Store)
				if !ok || !IsServer(store.Val.Type()) {
					continue
				}
				if c, ok := store.Val.(*ssa.Const); ok && c.IsNil() {
					continue
				}
				at := e.resolver.Of(store.Addr)
				if _, known := e.alias[at]; known {
					several[at] = true
				}
				if v := e.resolver.Of(store.Val); v != at {
					e.alias[at] = v
				}
			}
		}
	}
	for at := range several {
		delete(e.alias, at)
	}
}

// canonical returns the one place by which a server goes.
func (e *engine) canonical(p place.Place) place.Place {
	for range 4 {
		next, ok := e.alias[p]
		if !ok {
			break
		}
		p = next
	}
	return p
}
