// Package absent knows which parts of a request a client may leave out, and
// who reads through them without having looked.
//
// What is followed are the messages that a client has sent: the request of a
// handler, what a handler receives from its stream, and the messages inside
// of these. A field that holds a message is nil if the client leaves it out.
// Elements of lists, values of maps and the member of a oneof that is set are
// never nil when they come from the wire.
package absent

import (
	"go/ast"
	"go/token"
	"go/types"
	"iter"
	"maps"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
)

// Analyzer's result is an *Info.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintabsent",
	Doc:        "find out who reads through fields that a client may leave out\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{stub.Analyzer, program.Analyzer, testcode.Analyzer, syntax.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Fact is what a package tells about its functions to those that import it.
// Functions that are not in it are known to read and check nothing, if its
// package has been looked at.
type Fact struct{ fact.Of[told] }

type told struct{ Funcs fact.Table[FuncFact] }

// A FuncFact describes one function by the messages that callers pass.
type FuncFact struct {
	Reads  []ReadFact
	Looks  []Part // what it looks at, so that its result may tell whether it is there
	Writes []Part // what it may write, so that it is there afterwards
	Passes []Part // what it has always read through when it returns
	Gives  []GiveFact
}

// A GiveFact is a part of a parameter that a function returns.
type GiveFact struct {
	Result int
	Part
	Present bool // it returns it only if it is there
}

func (f *FuncFact) looked() []Part { return f.Looks }
func (f *FuncFact) wrote() []Part  { return f.Writes }

// A Part is something inside of a parameter.
type Part struct {
	Param int    // counted with the receiver as 0
	Path  string // see Place
}

// A ReadFact is a read through a part of a parameter, without a look at it.
type ReadFact struct {
	Part
	At finding.Remote
}

// maxParts bounds what is told about one function.
const maxParts = 24

// An Info answers for one package.
type Info struct {
	// Reads are the reads through what clients may leave out, in the order
	// of the source. Parts of one message that are read through again and
	// again are in it each time.
	Reads []Read

	known fact.Index[told]
}

// ReadsThrough reports whether a function of another package reads through an
// argument, counted with the receiver as 0, without having looked at it.
func (i *Info) ReadsThrough(fn *types.Func, arg int) bool {
	told := i.known.Of(fn)
	if told == nil {
		return false
	}
	f := told.Funcs.Of(fn)
	return f != nil && slices.ContainsFunc(f.Reads, func(r ReadFact) bool { return r.Part == Part{arg, ""} })
}

// A Read is a read through a message that need not be there.
type Read struct {
	Place Place // the message, as the function that reads sees it
	// Under is the outermost message around it that need not be there
	// either, Place itself if there is none.
	Under Place
	// Field is the field of the request that is read through.
	Field string
	Func  *ssa.Function
	Instr ssa.Instruction // a field's address, a load, or a call
	// Via is where a function of another package reads, if Instr calls it;
	// Inside is what it reads through, seen from its parameter.
	Via    *finding.Remote
	Inside string
	// Hidden: another read through the same place always comes before, and
	// fails in its stead.
	Hidden bool
	// Handler is the handler whose request it is, for messages.
	Handler *ssa.Function
}

func run(pass *analysis.Pass) (any, error) {
	info := new(Info)
	stubs := pass.ResultOf[stub.Analyzer].(*stub.Index)
	if !stubs.Reaches {
		return info, nil // no import reaches grpc-go
	}
	known := fact.Known[told](pass, stubs.Looked()...)
	info.known = known
	handles, helps, reads := concerned(pass, stubs)
	if !reads && !tellReads(known) || !handles && !helps {
		return info, nil // no function gets a message and reads its fields, or has them read
	}
	e := newEngine(pass, stubs, known)
	info.Reads = e.requests()
	if f := e.export(); f.Tells() {
		pass.ExportPackageFact(f)
	}
	return info, nil
}

// tellReads: a function of another package reads what it gets.
func tellReads(known fact.Index[told]) bool {
	for _, t := range known {
		if slices.ContainsFunc(t.Funcs.Rows, func(r fact.Row[FuncFact]) bool { return len(r.Is.Reads) > 0 }) {
			return true
		}
	}
	return false
}

// concerned reports whether the package has handlers, or functions that
// others can hand messages to, and whether it reads fields of messages.
func concerned(pass *analysis.Pass, stubs *stub.Index) (handles, helps, reads bool) {
	for _, file := range pass.Files {
		if ast.IsGenerated(file) || testcode.InTestFile(pass.Fset, file.FileStart) {
			continue
		}
		for _, decl := range file.Decls {
			reads = reads || readsFields(pass, decl)
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Body == nil {
				continue
			}
			fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok {
				continue
			}
			takes := false
			for p := range fn.Signature().Params().Variables() {
				takes = takes || IsMessage(p.Type())
				handles = handles || isServerStream(p.Type())
			}
			if recv := fn.Signature().Recv(); recv != nil && IsMessage(recv.Type()) {
				takes = true
			}
			if takes {
				helps = helps || fn.Exported()
				handles = handles || stubs.Handler(fn) != nil
			}
		}
	}
	return handles, helps, reads
}

// readsFields reports whether a field of a message is read, or what an optional
// scalar points to, be it by a getter.
func readsFields(pass *analysis.Pass, decl ast.Node) bool {
	found := false
	ast.Inspect(decl, func(n ast.Node) bool {
		if found {
			return false
		}
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if s := pass.TypesInfo.Selections[sel]; s != nil && IsMessage(s.Recv()) {
				getter, isMethod := s.Obj().(*types.Func)
				found = !isMethod || GetterField(getter) != ""
			}
		}
		return true
	})
	return found
}

// IsMessage reports whether t is a pointer to a generated message.
func IsMessage(t types.Type) bool {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return false
	}
	named, ok := types.Unalias(p.Elem()).(*types.Named)
	if !ok {
		return false
	}
	if _, ok := named.Underlying().(*types.Struct); !ok {
		return false
	}
	for m := range named.Methods() {
		if m.Name() == "ProtoMessage" && m.Signature().Params().Len() == 0 {
			return true
		}
	}
	return false
}

// isServerStream reports whether t is the server's side of a stream that
// receives messages.
func isServerStream(t types.Type) bool {
	if !types.IsInterface(t) {
		return false
	}
	set := types.NewMethodSet(t)
	return set.Lookup(nil, "Recv") != nil && set.Lookup(nil, "SetTrailer") != nil && set.Lookup(nil, "RecvMsg") != nil
}

type engine struct {
	*program.Program
	pass  *analysis.Pass
	stubs *stub.Index
	known fact.Index[told]

	tracer    *flow.Tracer[resolved]
	required  map[Place]bool // see noteRequired
	summaries map[*ssa.Function]*summary
	hands     map[ssa.Value][]Place // see handed
}

func newEngine(pass *analysis.Pass, stubs *stub.Index, known fact.Index[told]) *engine {
	e := &engine{
		Program: pass.ResultOf[program.Analyzer].(*program.Package).Build(),
		pass:    pass, stubs: stubs,
		known:     known,
		required:  make(map[Place]bool),
		summaries: make(map[*ssa.Function]*summary),
		hands:     make(map[ssa.Value][]Place),
	}
	e.tracer = e.newTracer()
	return e
}

// requests returns the reads through parts of what clients send.
func (e *engine) requests() []Read {
	var list []Read
	seen := make(map[ssa.Instruction]int) // index in list
	add := func(r Read, handler *ssa.Function) {
		i, known := seen[r.Instr]
		switch {
		case !known:
			seen[r.Instr] = len(list)
			r.Handler = handler
			list = append(list, r)
		case list[i].Hidden && !r.Hidden:
			list[i].Hidden, list[i].Handler = false, handler
		}
	}
	for _, fn := range e.Funcs {
		if fn.Parent() != nil || testcode.Is(e.pass, fn.Pos()) || syntax.Of(e.pass).Generated(fn.Pos()) {
			continue // a literal is part of what is around it; a test's client sends what its server reads
		}
		request := e.request(fn)
		s := e.summary(fn)
		for _, r := range s.reads {
			if r.root == request && request != nil && r.path != "" || e.isReceived(r.root) {
				r.Field = Place{r.root, r.path}.Field()
				add(r.Read, fn)
			}
		}
	}
	slices.SortStableFunc(list, func(a, b Read) int { return int(a.Instr.Pos() - b.Instr.Pos()) })
	return list
}

// request returns the parameter that holds what the client sends, nil if fn
// is no handler or gets its requests from a stream.
func (e *engine) request(fn *ssa.Function) ssa.Value {
	obj, ok := fn.Object().(*types.Func)
	if !ok || e.stubs.Handler(obj) == nil {
		return nil
	}
	for _, p := range fn.Params[1:] {
		if IsMessage(p.Type()) {
			return p
		}
	}
	return nil
}

// isReceived: msg, err := stream.Recv() on the server's side.
func (e *engine) isReceived(v ssa.Value) bool {
	x, ok := v.(*ssa.Extract)
	if !ok || x.Index != 0 {
		return false
	}
	call, ok := x.Tuple.(*ssa.Call)
	return ok && call.Call.IsInvoke() && call.Call.Method.Name() == "Recv" && isServerStream(call.Call.Value.Type()) && IsMessage(x.Type())
}

// fact returns what another package tells about fn. told says whether it
// tells anything about its functions.
func (e *engine) fact(fn *types.Func) (f *FuncFact, told bool) {
	tells := e.known.Of(fn)
	if tells == nil {
		return nil, false
	}
	return tells.Funcs.Of(fn), true
}

// export describes the functions that other packages can call.
func (e *engine) export() *Fact {
	own := new(told)
	for _, fn := range e.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || testcode.InTestFile(e.pass.Fset, fn.Pos()) || syntax.Of(e.pass).Generated(fn.Pos()) {
			continue // not callable from elsewhere, or known by its shape
		}
		if f := e.describe(obj, fn); f != nil {
			own.Funcs.AddFunc(obj, *f)
		}
	}
	own.Funcs.Sort()
	return &Fact{fact.New(own)}
}

func (e *engine) describe(obj *types.Func, fn *ssa.Function) *FuncFact {
	if !slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return IsMessage(p.Type()) }) {
		return nil
	}
	s := e.summary(fn)
	f := new(FuncFact)
	part := func(p Place) (Part, bool) {
		i := slices.IndexFunc(fn.Params, func(param *ssa.Parameter) bool { return ssa.Value(param) == p.root })
		return Part{i, p.path}, i >= 0 && IsMessage(fn.Params[i].Type())
	}
	for _, r := range s.reads {
		p, ok := part(r.Place)
		if !ok || slices.ContainsFunc(f.Reads, func(known ReadFact) bool { return known.Part == p }) || len(f.Reads) == maxParts {
			continue
		}
		at := r.Via
		if at == nil {
			at = e.remote(r.Instr.Pos())
		}
		f.Reads = append(f.Reads, ReadFact{p, *at})
	}
	f.Looks, f.Writes = parts(maps.Keys(s.looks), part), parts(maps.Keys(s.writes), part)
	f.Passes = parts(s.passes.All, func(p Place) (Part, bool) {
		if !strings.HasSuffix(p.path, "!") {
			return Part{}, false
		}
		return part(p)
	})
	for i := range fn.Signature.Results().Len() {
		r := e.tracer.Result(fn, i)
		if p, ok := part(r.place); ok && r.ok && !r.wrapper {
			f.Gives = append(f.Gives, GiveFact{i, p, r.present})
		}
	}
	if f.Reads == nil && f.Looks == nil && f.Writes == nil && f.Gives == nil {
		return nil
	}
	return f
}

func parts(places iter.Seq[Place], part func(Place) (Part, bool)) []Part {
	var list []Part
	for p := range places {
		if at, ok := part(p); ok {
			list = append(list, at)
		}
	}
	slices.SortFunc(list, func(a, b Part) int {
		if a.Param != b.Param {
			return a.Param - b.Param
		}
		return strings.Compare(a.Path, b.Path)
	})
	return list
}

func (e *engine) remote(pos token.Pos) *finding.Remote {
	at := finding.RemoteAt(e.pass.Fset, e.pass.Pkg.Path(), pos, pos)
	return &at
}
