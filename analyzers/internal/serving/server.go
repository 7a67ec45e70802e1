package serving

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// A Server is one that the package makes.
type Server struct {
	New     *ssa.Call // of grpc.NewServer
	Options Options
	// Elsewhere: New calls a function of another package, which makes it.
	Elsewhere bool
	// Done is what functions of the package do to it, as far as that is
	// seen: in the function that makes it, through variables and fields
	// that hold nothing else, and in functions that get it.
	Done []Done
	// Escapes says that others may do something to it: it is returned,
	// passed to a function that is not known, or kept where others see it.
	Escapes bool

	kept bool // by others than who gets it returned
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

// servers are those of the package, found once.
func (e *engine) servers() []*Server {
	if e.made == nil {
		e.made = []*Server{}
		for _, fn := range e.Funcs {
			for call := range program.Calls(fn) {
				if s := e.server(call); s != nil {
					e.made = append(e.made, s)
				}
			}
		}
	}
	return e.made
}

// server returns the server that a call makes, nil if it makes none.
func (e *engine) server(call *ssa.Call) *Server {
	obj := program.CalledObject(&call.Call)
	if obj == nil || call.Call.IsInvoke() || !call.Pos().IsValid() {
		return nil
	}
	s := &Server{New: call}
	if isNewServer(obj) {
		s.Options = e.options.Closed(call.Call.Args[0])
	} else if fact := e.fact(obj); fact != nil && fact.Makes != nil {
		s.Options, s.Elsewhere = e.options.Told(call, fact.Makes), true
		for i := range fact.Made {
			s.Done = append(s.Done, doneElsewhere(call, &fact.Made[i]))
		}
	} else {
		return nil
	}
	made := program.Result(call, 0)
	if made == nil {
		return s // nobody wants it
	}
	trail := e.Follow(made, func(_ ssa.Value, by ssa.Instruction) bool {
		_, returned := by.(*ssa.Return)
		s.kept = s.kept || !returned && e.keeps(by)
		s.Escapes = s.Escapes || returned || s.kept
		return true
	})
	for _, fn := range e.Funcs {
		for _, d := range e.does(fn) {
			if d.field == nil && trail.Values[d.value] || d.field != nil && trail.Fields[d.field] {
				s.Done = append(s.Done, d)
			}
		}
	}
	return s
}

func isNewServer(obj *types.Func) bool {
	return obj.Name() == "NewServer" && obj.Signature().Recv() == nil && obj.Pkg() != nil && obj.Pkg().Path() == stub.GRPCPath
}

// keeps reports whether what is done with a server gives others a way to it.
func (e *engine) keeps(by ssa.Instruction) bool {
	var call ssa.CallInstruction
	switch by := by.(type) {
	case *ssa.BinOp, *ssa.FieldAddr, *ssa.MakeClosure:
		return false // a comparison, or one of its own methods as a value
	case ssa.CallInstruction:
		call = by
	default:
		return true
	}
	obj := program.CalledObject(call.Common())
	switch {
	case obj == nil:
		return true
	case obj.Pkg() != nil && (obj.Pkg().Path() == stub.GRPCPath || obj.Pkg().Path() == reflectionPath):
		return false
	case e.registersService(obj):
		return false
	}
	if _, now := call.(*ssa.Call); !now || call.Common().IsInvoke() {
		return true
	}
	fact := e.fact(obj)
	return fact == nil || fact.Does == nil // keeps it, perhaps
}

// registersService: generated code that registers a service.
func (e *engine) registersService(obj *types.Func) bool {
	sig := obj.Signature()
	return sig.Recv() == nil && sig.Params().Len() == 2 && e.info.Stubs.Server(sig.Params().At(1).Type()) != nil
}

// makes returns the server that is all that a function returns as its first
// result: a new one, which nobody else has, stops or lets serve; nil if it is
// not known to be one.
func (e *engine) makes(fn *ssa.Function) *Server {
	if results := fn.Signature.Results(); results.Len() == 0 || !IsServer(results.At(0).Type()) {
		return nil
	}
	var made ssa.Value
	for _, ret := range program.Returned(fn, 0) {
		for _, v := range e.Sources(ret.Value) {
			if made != nil && made != v {
				return nil
			}
			made = v
		}
	}
	i := slices.IndexFunc(e.servers(), func(s *Server) bool { return s.New == made })
	if i < 0 || e.servers()[i].kept || e.servers()[i].Elsewhere {
		return nil
	}
	s := e.servers()[i]
	if slices.ContainsFunc(s.Done, func(d Done) bool { return d.Kind != Register }) {
		return nil
	}
	return s
}

// optionsFor are those of a server that a function returns, as its callers may
// take them.
func (e *engine) optionsFor(fn *ssa.Function, s *Server) *Options {
	options := e.options.Of(s.New.Call.Args[0])
	if len(options.Params) > 0 && s.New.Parent() != fn {
		options.Params, options.Complete = nil, false
	}
	return &options
}
