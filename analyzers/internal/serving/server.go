package serving

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// A Server is one that the package makes.
type Server struct {
	New     *ssa.Call // of grpc.NewServer
	Options Options
	// Done is what functions of the package do to it, as far as that is
	// seen: in the function that makes it, through variables and fields
	// that hold nothing else, and in functions that get it.
	Done []Done
	// Escapes says that others may do something to it: it is returned,
	// passed to a function that is not known, or kept where others see it.
	Escapes bool
}

// Does returns what is done to the server of a kind.
func (s *Server) Does(kind Kind) []Done {
	var list []Done
	for _, d := range s.Done {
		if d.Kind == kind {
			list = append(list, d)
		}
	}
	return list
}

// Connections returns the calls that make a connection of the package.
func (info *Info) Connections() []*ssa.Call {
	if !info.Reaches || !info.Uses["NewClient"] && !info.Uses["Dial"] && !info.Uses["DialContext"] {
		return nil
	}
	var list []*ssa.Call
	info.engine().eachCall(func(call *ssa.Call, obj *types.Func) {
		switch obj.Name() {
		case "NewClient", "Dial", "DialContext":
			list = append(list, call)
		}
	})
	return list
}

// OptionsOf follows the options that a call of a function of package grpc
// gets as its last argument.
func (info *Info) OptionsOf(call *ssa.Call) Options {
	if len(call.Call.Args) == 0 {
		return Options{}
	}
	return info.engine().options.Closed(call.Call.Args[len(call.Call.Args)-1])
}

// Lists returns the options of the lists that the package gives away: to
// functions, to its callers, and as literals to fields.
func (info *Info) Lists() []Options {
	if !info.Reaches {
		return nil
	}
	e := info.engine()
	var lists []Options
	for instr := range e.Instructions {
		for _, v := range givenAway(instr) {
			if optionTypes.List(v.Type()) && !testcode.Is(e.pass, instr.Pos()) {
				lists = append(lists, e.options.Of(v))
			}
		}
	}
	return lists
}

func givenAway(instr ssa.Instruction) []ssa.Value {
	switch instr := instr.(type) {
	case *ssa.Call:
		if _, isBuiltin := instr.Call.Value.(*ssa.Builtin); !isBuiltin {
			return instr.Call.Args
		}
	case *ssa.Return:
		return instr.Results
	case *ssa.Store:
		_, isField := instr.Addr.(*ssa.FieldAddr)
		if _, isLiteral := instr.Val.(*ssa.Slice); isField && isLiteral {
			return []ssa.Value{instr.Val}
		}
	}
	return nil
}

// eachCall visits the calls of functions of package grpc itself, in files
// that people write.
func (e *engine) eachCall(visit func(call *ssa.Call, obj *types.Func)) {
	for _, fn := range e.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || call.Call.IsInvoke() {
					continue
				}
				_, obj := e.Callee(&call.Call)
				if obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == stub.GRPCPath && obj.Signature().Recv() == nil && call.Pos().IsValid() {
					visit(call, obj)
				}
			}
		}
	}
}

func (e *engine) servers() []*Server {
	var list []*Server
	e.eachCall(func(call *ssa.Call, obj *types.Func) {
		if obj.Name() == "NewServer" {
			list = append(list, &Server{New: call, Options: e.options.Closed(call.Call.Args[0])})
		}
	})
	for _, s := range list {
		names := e.names(s)
		for _, fn := range e.Funcs {
			for _, d := range e.does(fn) {
				if d.Via && fn != s.New.Parent() && !names.direct(d.Server) {
					continue // the function that does it is looked at itself
				}
				if names.has(d.Server) {
					s.Done = append(s.Done, d)
				}
			}
		}
	}
	return list
}

// names are the ways in which a package speaks of one server.
type names struct {
	call    ssa.Value
	fields  map[*types.Var]bool
	globals map[ssa.Value]bool
	makers  map[*ssa.Function]bool // functions that return it
	engine  *engine
}

// direct: by the call that makes it.
func (n *names) direct(p place.Place) bool { return p.Root == n.call && len(p.Fields()) == 0 }

func (n *names) has(p place.Place) bool {
	if n.direct(p) {
		return true
	}
	if fields := p.Fields(); len(fields) > 0 {
		return n.fields[fields[len(fields)-1]]
	}
	if n.globals[p.Root] {
		return true
	}
	root := p.Root
	if x, ok := root.(*ssa.Extract); ok {
		root = x.Tuple
	}
	if call, ok := root.(*ssa.Call); ok {
		local, _ := n.engine.Callee(&call.Call)
		return local != nil && n.makers[local]
	}
	return false
}

// names collects them, and finds out whether others can get at the server.
func (e *engine) names(s *Server) *names {
	n := &names{call: s.New, fields: make(map[*types.Var]bool), globals: make(map[ssa.Value]bool), makers: make(map[*ssa.Function]bool), engine: e}
	var follow, variable func(v ssa.Value, depth int)
	variable = func(addr ssa.Value, depth int) {
		if depth > 8 {
			s.Escapes = true
			return
		}
		for _, r := range *addr.Referrers() {
			switch r := r.(type) {
			case *ssa.UnOp:
				follow(r, depth+1)
			case *ssa.MakeClosure:
				for i, binding := range r.Bindings {
					if fn := r.Fn.(*ssa.Function); binding == addr && i < len(fn.FreeVars) {
						variable(fn.FreeVars[i], depth+1)
					}
				}
			}
		}
	}
	follow = func(v ssa.Value, depth int) {
		if depth > 8 {
			s.Escapes = true
			return
		}
		for _, r := range *v.Referrers() {
			switch r := r.(type) {
			case *ssa.Store:
				if r.Val != v {
					continue
				}
				switch addr := r.Addr.(type) {
				case *ssa.FieldAddr:
					field := program.FieldOf(addr.X.Type(), addr.Field)
					n.fields[field] = true
					s.Escapes = s.Escapes || field.Exported()
				case *ssa.Global:
					n.globals[addr] = true
					s.Escapes = s.Escapes || addr.Object() == nil || addr.Object().Exported()
				case *ssa.Alloc:
					variable(addr, depth+1)
				default:
					s.Escapes = true
				}
			case *ssa.MakeInterface:
				follow(r, depth+1)
			case *ssa.Phi:
				follow(r, depth+1)
			case *ssa.Return:
				fn := r.Parent()
				n.makers[fn] = true
				if obj := fn.Object(); obj == nil || obj.Exported() {
					s.Escapes = true
				}
			case ssa.CallInstruction:
				s.Escapes = s.Escapes || e.escapesTo(r, v)
			case *ssa.MakeClosure:
				for i, binding := range r.Bindings {
					if fn := r.Fn.(*ssa.Function); binding == v && i < len(fn.FreeVars) {
						follow(fn.FreeVars[i], depth+1)
					}
				}
			case *ssa.DebugRef, *ssa.FieldAddr, *ssa.BinOp:
			default:
				s.Escapes = true
			}
		}
	}
	follow(s.New, 0)
	return n
}

// escapesTo reports whether a call hands a server to somebody unknown.
func (e *engine) escapesTo(call ssa.CallInstruction, v ssa.Value) bool {
	local, obj := e.Callee(call.Common())
	switch {
	case local != nil:
		return false // looked at itself
	case obj == nil:
		return len(e.calledFunctions(call)) == 0
	case obj.Pkg() != nil && (obj.Pkg().Path() == stub.GRPCPath || obj.Pkg().Path() == reflectionPath):
		return false
	case obj.Signature().Recv() == nil && obj.Signature().Params().Len() == 2 && e.info.Stubs.Server(obj.Signature().Params().At(1).Type()) != nil:
		return false // generated
	}
	if _, now := call.(*ssa.Call); !now || call.Common().IsInvoke() {
		return true
	}
	fact := e.fact(obj)
	return fact == nil || fact.Does == nil // keeps it, perhaps
}
