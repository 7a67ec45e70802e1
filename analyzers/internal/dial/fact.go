package dial

import (
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
)

// A Fact is what a package tells about connections to those that import it.
type Fact struct{ fact.Of[told] }

type told struct {
	Funcs         fact.Table[FuncFact]
	DefaultScheme bool    // see Info
	Resolves      bool    // the package imports grpc-go's resolvers and nothing else that reaches it
	Eager         bool    // the package itself uses grpc.Dial or grpc.DialContext
	Policies      []Pings // see Info
}

// A FuncFact describes one function. Functions of which nothing is known
// have none.
type FuncFact struct {
	Fresh   []Result    // results that hand a fresh connection to the caller
	Via     []string    // functions through which Fresh is opened
	Paths   []Path      // connections that are opened and used up within every call
	Params  []ParamFact // what happens to connections that are passed in
	Options []Options   // by result; empty unless a result is made of dial options

	// NewClientOptions are the parameters whose dial options go to
	// grpc.NewClient as they are.
	NewClientOptions []int
	// DialOptions are the same for a grpc.Dial or grpc.DialContext whose
	// other options are known and do not make it wait.
	DialOptions []int
}

// A Kind says what a value is to the connection that it leads to.
type Kind uint8

// Kinds.
const (
	Conn    Kind = iota + 1 // the connection itself
	Stub                    // a generated client made of it, which cannot close it
	Owner                   // something that keeps it inside
	Cleanup                 // a function that closes it
	Func                    // a function literal that uses it
	Stream                  // a stream on it
)

// A Result is a result of a function that leads to a connection.
type Result struct {
	Index int
	Kind  Kind
}

// A ParamFact says what a function does with a connection passed to it.
type ParamFact struct {
	Index    int      // counted with the receiver as 0
	Closes   bool     // may close it
	Escapes  bool     // may keep it beyond the call, or nothing is known
	Unary    bool     // makes a unary RPC on it
	Stream   bool     // opens a stream on it, or uses it in a loop
	Probe    bool     // makes health checks
	Unclear  bool     // makes RPCs of which nothing is known
	Connects bool     // tells it to connect
	Results  []Result // what it returns leads to the connection
}

// A Path is a connection that is opened, used and dropped within a call of
// a function.
type Path struct {
	Dial    finding.Remote // the call that opens it
	Opener  string         // what is called there: "grpc.NewClient"
	Chain   []string       // functions from the described one to the one that dials
	Targets []int          // parameters that decide on the target
	Stream  bool           // the connection serves a stream, or many RPCs in a loop
}

// key names fn for a message, without its package.
func key(fn *types.Func) string {
	recv := fn.Signature().Recv()
	if recv == nil {
		return fn.Name()
	}
	t, star := types.Unalias(recv.Type()), ""
	if p, ok := t.(*types.Pointer); ok {
		t, star = types.Unalias(p.Elem()), "*"
	}
	if named, ok := t.(*types.Named); ok {
		return "(" + star + named.Obj().Name() + ")." + fn.Name()
	}
	return "(?)." + fn.Name()
}

// Name names fn for a message: "F" or "(*T).M", function literals by what
// they are in.
func Name(fn *ssa.Function) string {
	fn = program.Outermost(fn)
	if obj, ok := fn.Object().(*types.Func); ok {
		return key(obj)
	}
	if fn.Parent() != nil {
		return fn.Parent().Name() // of a package variable
	}
	return fn.Name()
}

// fact returns what the package of fn, another one, tells about it, or nil.
func (e *engine) fact(fn *types.Func) *FuncFact {
	if told := e.known.Of(fn); told != nil && fn.Pkg() != e.pass.Pkg {
		return told.Funcs.Of(fn)
	}
	return nil
}

// funcFacts describes the functions that other packages can call.
func (e *engine) funcFacts() fact.Table[FuncFact] {
	var table fact.Table[FuncFact]
	add := func(obj *types.Func, fn *ssa.Function) {
		f := FuncFact{
			Fresh:            e.fresh(fn),
			Paths:            e.pathsOf(fn),
			NewClientOptions: e.passedTo(fn, true),
			DialOptions:      e.passedTo(fn, false),
		}
		if f.Fresh != nil {
			f.Via = e.via(fn)
		}
		for i, p := range fn.Params {
			if e.carries(p.Type()) {
				if s := e.param(fn, i); !s.Escapes || s.Closes {
					f.Params = append(f.Params, *s)
				}
			}
		}
		if optionTypes.Return(fn.Signature) {
			f.Options = e.options.Results(fn)
		}
		if f.Fresh != nil || f.Paths != nil || f.Params != nil || f.Options != nil || f.NewClientOptions != nil || f.DialOptions != nil {
			table.AddFunc(obj, f)
		}
	}
	for _, fn := range e.index.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || testcode.InTestFile(e.pass.Fset, fn.Pos()) {
			continue // not callable from elsewhere
		}
		add(obj, fn)
	}
	for method, fn := range e.impls {
		if method.Exported() && !testcode.InTestFile(e.pass.Fset, fn.Pos()) {
			add(method, fn)
		}
	}
	table.Sort()
	return table
}

// remote describes a place of this package for others.
func (e *engine) remote(from, to token.Pos) finding.Remote {
	return finding.RemoteAt(e.pass.Fset, e.pass.Pkg.Path(), from, to)
}
