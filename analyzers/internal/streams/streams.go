// Package streams knows which values are gRPC streams and what a package
// does with them.
package streams

import (
	"go/types"
	"reflect"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// Analyzer's result is an *Info, or one that knows nothing for packages
// without streams.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintstreams",
	Doc:        "follow gRPC streams\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{stub.Analyzer, program.Analyzer, testcode.Analyzer, syntax.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// Info is what is known of a package's streams. Much of it is found out when
// it is asked for, so one Info serves one analyzer; others take a Copy.
type Info struct {
	// Calls are the calls of methods of streams, and of stubs that open
	// one, in the order of the source.
	Calls []*Call
	SSA   *program.Program // nil if there are no calls

	pass     *analysis.Pass
	stubs    *stub.Index
	program  *program.Program
	resolver *place.Resolver
	byFunc   map[*ssa.Function][]*Call
	fields   map[*types.Var]bool // that are written after their struct is made
	uses     map[*ssa.Function][]Use
	ran      map[ssa.Value]running
	holders  map[holder]bool // that escape
	joining  map[*ssa.Function]bool
	locks    map[*ssa.Function]map[ssa.Instruction][]Lock
	locking  map[*ssa.Function]bool // that are looked into
	fed      map[*ssa.Function]*channels
	waited   map[*ssa.Function]*channels
	feeders  []feeder
	steps    *sync.Map           // a step's element for each type and way to take it out
	narrow   map[types.Type]Side // interfaces with a few methods of a stream that one becomes
	usesAt   map[*ssa.Function]map[ssa.Instruction][]Use
	masking  map[*ssa.Function][]place.Place
	known    fact.Index[told]
	wrapped  map[types.Type]bool // stream interfaces that a type of one's own becomes
}

// view returns the view of the package, also of one without streams, whose
// instructions somebody asks about.
func (info *Info) view() *program.Program {
	if info.program == nil {
		info.program = info.pass.ResultOf[program.Analyzer].(*program.Package).Build()
	}
	return info.program
}

// Copy returns an Info of the same package for another analyzer, which may
// run at the same time.
func (info *Info) Copy() *Info {
	c := *info
	c.forget()
	if c.program = nil; info.SSA != nil {
		c.SSA = c.view()
		c.resolver = place.NewResolver(c.SSA)
	}
	return &c
}

// forget makes the memory for what is found out when it is asked for.
func (info *Info) forget() {
	info.uses = make(map[*ssa.Function][]Use)
	info.ran = make(map[ssa.Value]running)
	info.holders = make(map[holder]bool)
	info.joining = make(map[*ssa.Function]bool)
	info.locks = make(map[*ssa.Function]map[ssa.Instruction][]Lock)
	info.locking = make(map[*ssa.Function]bool)
	info.fed = make(map[*ssa.Function]*channels)
	info.waited = make(map[*ssa.Function]*channels)
	info.feeders = nil
	info.usesAt = make(map[*ssa.Function]map[ssa.Instruction][]Use)
	info.masking = make(map[*ssa.Function][]place.Place)
}

// A Call does something to a stream.
type Call struct {
	Op    Op
	Side  Side
	Instr ssa.CallInstruction
	// Inner is the call of the stream's method or of the stub: Instr itself,
	// or the one that a wrapper makes.
	Inner  ssa.CallInstruction
	Method string // its name: "Recv", "WatchOrders"
	// Stream is the value whose method is called; of an Open, the call.
	Stream ssa.Value
	// Place is where the stream comes from.
	Place place.Place
	// RPC is set for an Open.
	RPC *stub.Method

	wrapped *wrapper // what Instr calls, if that is a wrapper
}

// Passed returns which argument of the call is the stream, as the source counts
// them, if a function of another package does the rest; false if none is.
func (c *Call) Passed() (index int, ok bool) {
	if c.wrapped == nil || c.wrapped.remote == nil || c.Op == Open || len(c.wrapped.remote.Fields) > 0 {
		return 0, false
	}
	index = c.wrapped.remote.Param
	if called(c.Inner.Common()).Signature().Recv() != nil {
		index--
	}
	return index, index >= 0
}

// Func returns the function that holds the call.
func (c *Call) Func() *ssa.Function { return c.Instr.Parent() }

// Value returns the call as a value; nil if it is deferred or a goroutine.
func (c *Call) Value() *ssa.Call {
	v, _ := c.Instr.(*ssa.Call)
	return v
}

func run(pass *analysis.Pass) (any, error) {
	info := &Info{pass: pass, stubs: pass.ResultOf[stub.Analyzer].(*stub.Index)}
	if !info.stubs.Reaches {
		return info, nil
	}
	info.known = fact.Known[told](pass)
	if !info.relevant() {
		return info, nil
	}
	info.SSA = info.view()
	info.resolver = place.NewResolver(info.SSA)
	info.byFunc = make(map[*ssa.Function][]*Call)
	info.steps = new(sync.Map)
	info.findNarrow()
	info.forget()
	info.noteWrites()
	for _, fn := range info.SSA.Funcs {
		if syntax.Of(pass).Generated(fn.Pos()) {
			continue
		}
		info.scan(fn)
	}
	info.findWrappers()
	if own := (&told{info.summaries()}); len(own.Funcs.Rows) > 0 {
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return info, nil
}

// relevant looks in the syntax for methods of streams, for stubs that open
// one, and for calls of functions that use one, which is cheap, and so spares
// most packages the SSA form.
func (info *Info) relevant() bool {
	for id, obj := range info.pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Pkg() == nil || fn.Pkg() == info.pass.Pkg {
			continue
		}
		if info.factOf(fn) != nil || fn.Pkg().Path() == stub.GRPCPath && fn.Name() == "SendHeader" {
			return true
		}
		if rpc := info.stubs.RPC(fn); rpc != nil && !rpc.Unary() && id.IsExported() {
			return true
		}
	}
	for sel, selection := range info.pass.TypesInfo.Selections {
		if operations[sel.Sel.Name] == NoOp || selection.Kind() == types.FieldVal {
			continue
		}
		if SideOf(selection.Recv()) != NoStream || mayBeNarrow(selection.Recv()) {
			return true
		}
		// Of an interface embedded in a struct.
		if fn, ok := selection.Obj().(*types.Func); ok && SideOf(fn.Signature().Recv().Type()) != NoStream {
			return true
		}
	}
	return false
}

// scan notes the calls of one function.
func (info *Info) scan(fn *ssa.Function) {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if c := info.call(call); c != nil {
				info.Calls = append(info.Calls, c)
				info.byFunc[fn] = append(info.byFunc[fn], c)
			}
		}
	}
}

func (info *Info) call(instr ssa.CallInstruction) *Call {
	common := instr.Common()
	if op, stream := info.opOf(common); op != NoOp {
		return &Call{Op: op, Side: info.sideOf(stream.Type()), Instr: instr, Inner: instr, Method: methodOf(common), Stream: stream, Place: info.Place(stream)}
	}
	value, ok := instr.(*ssa.Call)
	if !ok {
		return nil
	}
	inner := value
	w := info.wrapperOf(value)
	if w != nil {
		if inner = w.inner; w.remote != nil && w.remote.Op != Open {
			return info.remoteMethod(value, w)
		}
		if op, stream := info.opOf(&inner.Call); op != NoOp {
			p := info.outer(w, info.Place(stream), value.Parent())
			if p.IsZero() {
				return nil // a stream of its own
			}
			return &Call{Op: op, Side: info.sideOf(stream.Type()), Instr: instr, Inner: inner, Method: methodOf(&inner.Call), Stream: stream, Place: p, wrapped: w}
		}
	}
	rpc := info.stubs.RPC(called(&inner.Call))
	if w != nil && w.remote != nil {
		rpc = &w.remote.RPC
	}
	if rpc == nil || rpc.Unary() {
		return nil
	}
	c := &Call{Op: Open, Side: Client, Instr: instr, Inner: inner, Method: rpc.Name, Stream: value, RPC: rpc, Place: place.Place{Root: value}, wrapped: w}
	for _, user := range *value.Referrers() {
		if e, ok := user.(*ssa.Extract); ok && e.Index == 0 {
			c.Stream, c.Place = e, place.Place{Root: e}
		}
	}
	return c
}

// remoteMethod is a call of a wrapper of another package that calls a method of
// a stream.
func (info *Info) remoteMethod(call *ssa.Call, w *wrapper) *Call {
	if w.remote.Param >= len(w.inner.Call.Args) {
		return nil
	}
	stream := w.inner.Call.Args[w.remote.Param]
	p := info.fieldsByName(stream, w.remote.Fields, called(&w.inner.Call).Pkg())
	if !p.IsZero() {
		p = info.outer(w, p, call.Parent())
	}
	if p.IsZero() {
		return nil
	}
	return &Call{Op: w.remote.Op, Side: w.remote.Side, Instr: call, Inner: w.inner, Method: w.remote.Method, Stream: stream, Place: p, wrapped: w}
}

// methodOf returns how the code calls a method of a stream, or a function that
// stands for one.
func methodOf(common *ssa.CallCommon) string {
	if common.IsInvoke() {
		return common.Method.Name()
	}
	return "grpc." + called(common).Name()
}

// called returns the declared function, method or interface method that a
// call names; nil for func values.
func called(common *ssa.CallCommon) *types.Func { return program.CalledObject(common) }

// In returns the calls that a function makes by itself, literals inside it
// left out.
func (info *Info) In(fn *ssa.Function) []*Call { return info.byFunc[fn] }

// OpenedBy returns the call of a stub that opened the stream at p, or nil.
func (info *Info) OpenedBy(p place.Place) *Call {
	if len(p.Fields()) > 0 {
		return nil
	}
	e, ok := p.Root.(*ssa.Extract)
	if !ok {
		return nil
	}
	for _, c := range info.byFunc[e.Parent()] {
		if c.Op == Open && c.Place == p {
			return c
		}
	}
	return nil
}

// Served returns the RPC whose handler got the stream at p as a parameter,
// or nil.
func (info *Info) Served(p place.Place) *stub.Method {
	param, ok := p.Root.(*ssa.Parameter)
	if !ok || len(p.Fields()) > 0 || SideOf(param.Type()) != Server {
		return nil
	}
	obj, ok := param.Parent().Object().(*types.Func)
	if !ok {
		return nil
	}
	return info.stubs.Handler(obj)
}

// Handler returns the RPC that a method handles, or nil.
func (info *Info) Handler(fn *types.Func) *stub.Method { return info.stubs.Handler(fn) }

// Generated reports whether t is declared by grpc-go or by a package with
// generated stubs: nobody writes a type of one's own there.
func (info *Info) Generated(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	return named.Obj().Pkg().Path() == stub.GRPCPath || info.stubs.Generates(named.Obj().Pkg())
}

// IsOpen reports whether a call is that of a stub which opens a stream.
func (info *Info) IsOpen(call *ssa.Call) bool {
	rpc := info.stubs.RPC(called(&call.Call))
	return rpc != nil && !rpc.Unary()
}
