// Package serving knows the gRPC servers of a package: what they are built
// with, and what is registered on them, when they serve and how they stop.
//
// A function that gets a server is described by what it does with it, and its
// description travels to importers as a fact, so that a helper of another
// package counts like code on the spot.
package serving

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"sync"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/grpcoption"
	"github.com/grpclint/grpclint/analyzers/internal/noreturn"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
)

// Analyzer's result is an *Info.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintservers",
	Doc:        "find out how servers are built, run and stopped\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{stub.Analyzer, program.Analyzer, noreturn.Analyzer, testcode.Analyzer, syntax.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Fact is what a package tells about servers to those that import it.
type Fact struct{ fact.Of[told] }

type told struct {
	Funcs fact.Table[FuncFact]
	// Recovers: an interceptor of the package or of its imports recovers
	// from panics of handlers.
	Recovers bool
	// Served are the limits of the package's own servers, sorted.
	Served []ServedLimit
}

// A FuncFact describes one function that others can call.
type FuncFact struct {
	Does    []Action  // to servers that it gets
	Made    []Action  // to the new server that it returns
	Options []Options // by result, nil unless one is made of server options
	Makes   *Options  // of the new server that it returns, nil if it is not known to
	Checks  bool      // it asks who calls
	Passes  bool      // it is, or makes, an interceptor that lets everybody through
	Carries bool      // see [Info.Carries]
	Lasts   bool      // it goes on until somebody ends it
	Open    bool      // it serves a stream, and nobody in it asks who calls
	Ends    string    // "log.Fatal": how it ends the process, "" if it does not
	EndsAt  finding.Remote
	// EndsBy is 1 and the index of a parameter by which callers choose that,
	// 0 for none, and EndsFor the constant for which it does.
	EndsBy  int
	EndsFor string
}

// reachesFields: the function does something to servers that it does not get
// themselves.
func (f *FuncFact) reachesFields() bool {
	return slices.ContainsFunc(f.Does, func(a Action) bool { return len(a.Fields) > 0 })
}

// An Action is something that a function does to a server that it gets, or
// that a parameter holds.
type Action struct {
	Kind   Kind
	Param  int      // counted with the receiver as 0
	Fields []string // from the parameter to the server, none if that is it
	// Service is what is registered, by the Go name of its interface:
	// "import/path.OrderServiceServer".
	Service string
	Name    string // of the service, "package.Service"
	Streams bool   // it has a method with a stream
	Sure    bool   // on every way through the function
	Plain   bool   // see [Done]
	Lasts   string // see [Info.Lasting]
	Open    string // see [Info.OpenStream]
	At      finding.Remote
}

// A Kind is what is done to a server.
type Kind uint8

// Kinds.
const (
	Register Kind = iota + 1
	Serve
	ServeInBackground
	Stop
	GracefulStop
	// StopAfterwards is a Stop that only comes when a GracefulStop of the
	// same server has returned, and has nothing to stop any more.
	StopAfterwards
)

// An Info answers for one package.
type Info struct {
	// Reaches says whether the package imports grpc-go, be it through
	// others. If not, there is nothing to ask.
	Reaches bool
	// Complete says whether every import that reaches grpc-go has told.
	Complete bool
	// Recovers is that of Fact.
	Recovers bool
	// Uses are the functions, methods and types of grpc-go that people name in
	// the package: "NewServer", "Server.Stop".
	Uses map[string]bool
	// Held: an import has functions that do something to servers which their
	// receivers or arguments hold.
	Held bool
	// Made: an import has functions that make servers.
	Made bool
	// Stubs tells RPCs and handlers.
	Stubs *stub.Index

	engine func() *engine
	anew   func() *engine
}

// Copy returns an Info of the same package for another analyzer, which may
// run at the same time.
func (info *Info) Copy() *Info {
	c := *info
	if info.anew != nil {
		c.engine = sync.OnceValue(info.anew)
	}
	return &c
}

func run(pass *analysis.Pass) (any, error) {
	info := &Info{Stubs: pass.ResultOf[stub.Analyzer].(*stub.Index), Uses: make(map[string]bool)}
	if !info.Stubs.Reaches {
		return info, nil // no import reaches grpc-go
	}
	info.Reaches = true
	known := fact.Known[told](pass, info.Stubs.Looked()...)
	for _, imported := range known {
		info.Recovers = info.Recovers || imported.Recovers
	}
	for _, imported := range pass.Pkg.Imports() {
		tells := known[imported.Path()]
		if tells == nil {
			continue
		}
		for _, row := range tells.Funcs.Rows {
			info.Held = info.Held || row.Is.reachesFields()
			info.Made = info.Made || row.Is.Makes != nil
		}
	}
	info.Complete = info.Stubs.Complete && stub.Complete(pass.Pkg, known.Has)
	for id, obj := range pass.TypesInfo.Uses {
		if obj.Pkg() == nil || obj.Pkg().Path() != stub.GRPCPath || syntax.Of(pass).Generated(id.Pos()) {
			continue
		}
		if name := nameOf(obj); name != "" && id.IsExported() {
			info.Uses[name] = true
		}
	}
	info.Recovers = info.Recovers || info.handles() && recovers(pass)
	index := pass.ResultOf[program.Analyzer].(*program.Package)
	info.anew = func() *engine {
		e := &engine{
			Program: index.Build(), info: info, pass: pass, known: known,
			actions: make(map[*ssa.Function][]Done), checks: make(map[*ssa.Function]int),
			ends: make(map[*ssa.Function]*End),
		}
		e.resolver = place.NewResolver(e.Program)
		e.aliases()
		e.options, e.callOptions = e.optionTracer(optionTypes), e.optionTracer(callTypes)
		return e
	}
	info.engine = sync.OnceValue(info.anew)
	own := &told{Recovers: info.Recovers}
	if info.concerned(pass) {
		own.Funcs = info.engine().export()
		if info.MakesServers() {
			own.Served = info.engine().served()
		}
	}
	if f := (&Fact{fact.New(own)}); f.Tells() {
		pass.ExportPackageFact(f)
	}
	return info, nil
}

// nameOf names a function, method or type of grpc-go.
func nameOf(obj types.Object) string {
	switch obj := obj.(type) {
	case *types.Func:
		return funckey.Of(obj)
	case *types.TypeName:
		return obj.Name()
	}
	return ""
}

// handles: the package has something of the shape of an interceptor.
func (info *Info) handles() bool { return info.Uses["UnaryHandler"] || info.Uses["StreamHandler"] }

// concerned reports whether the package has something to tell others: it
// deals with servers and their options, has interceptors, or ends the
// process somewhere.
func (info *Info) concerned(pass *analysis.Pass) bool {
	for _, name := range []string{"Server", "NewServer", "ServiceRegistrar", "ServerOption", "DialOption"} {
		if info.Uses[name] {
			return true
		}
	}
	return info.Made || info.Held || info.handles() || endsSomewhere(pass) || helps(pass)
}

// helps: people write a function for others that gets a server's stream, or
// that makes a context of another.
func helps(pass *analysis.Pass) bool {
	for _, file := range pass.Files {
		if ast.IsGenerated(file) {
			continue
		}
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok || !fn.Name.IsExported() {
				continue
			}
			for _, field := range fn.Type.Params.List {
				t := pass.TypesInfo.TypeOf(field.Type)
				if isStream(t) || stub.IsContext(t) && fn.Type.Results != nil && stub.IsContext(pass.TypesInfo.TypeOf(fn.Type.Results.List[0].Type)) {
					return true
				}
			}
		}
	}
	return false
}

// MakesServers: the package makes servers, or has others make them.
func (info *Info) MakesServers() bool { return info.Reaches && (info.Uses["NewServer"] || info.Made) }

// Servers returns the servers that the package makes.
func (info *Info) Servers() []*Server {
	if !info.MakesServers() {
		return nil
	}
	return info.engine().servers()
}

// SSA returns the package in its SSA form.
func (info *Info) SSA() *program.Program { return info.engine().Program }

// engine computes, on demand and once each, what functions do with servers.
type engine struct {
	*program.Program
	info     *Info
	pass     *analysis.Pass
	known    fact.Index[told]
	resolver *place.Resolver

	alias   map[place.Place]place.Place // what the only store of a server to a place stores
	actions map[*ssa.Function][]Done
	made    []*Server // nil until something asks
	options *grpcoption.Tracer[Detail]
	// callOptions are those that a connection has for all RPCs.
	callOptions *grpcoption.Tracer[Detail]
	checks      map[*ssa.Function]int
	ends        map[*ssa.Function]*End
}

// fact returns what another package tells about fn, or nil.
func (e *engine) fact(fn *types.Func) *FuncFact {
	if told := e.known.Of(fn); told != nil {
		return told.Funcs.Of(fn)
	}
	return nil
}

func (e *engine) export() fact.Table[FuncFact] {
	var table fact.Table[FuncFact]
	for _, fn := range e.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || fn.Blocks == nil || testcode.InTestFile(e.pass.Fset, fn.Pos()) || !syntax.Of(e.pass).Written(fn.Pos()) {
			continue // not callable from elsewhere, or known by its shape
		}
		f := FuncFact{Checks: e.checksCaller(fn), Passes: e.passes(fn, 0), Carries: e.returnsMore(fn, 0), Lasts: e.lasts(fn), Open: e.opens(fn)}
		for _, d := range e.does(fn) {
			i := slices.IndexFunc(fn.Params, func(p *ssa.Parameter) bool { return ssa.Value(p) == d.Server.Root })
			if i >= 0 {
				f.Does = append(f.Does, e.action(&d, i))
			}
		}
		if optionTypes.Return(fn.Signature) {
			f.Options = e.options.Results(fn)
		}
		if s := e.makes(fn); s != nil {
			f.Makes = e.optionsFor(fn, s)
			for i := range s.Done {
				f.Made = append(f.Made, e.action(&s.Done[i], 0))
			}
		}
		if end := e.endOf(fn); end != nil {
			f.Ends, f.EndsAt = end.Called, end.At
			if end.choice != nil {
				f.EndsBy, f.EndsFor = program.SignatureIndex(end.choice.param)+1, end.choice.value
			}
		}
		if f.Does != nil || f.Options != nil || f.Makes != nil || f.Checks || f.Passes || f.Carries || f.Lasts || f.Open || f.Ends != "" {
			table.AddFunc(obj, f)
		}
	}
	table.Sort()
	return table
}

// action tells of something that is done to what a parameter holds.
func (e *engine) action(d *Done, param int) Action {
	return Action{
		Kind: d.Kind, Param: param, Fields: namesOf(d.Server.Fields()), Service: d.Service, Name: d.Name, Streams: d.Streams,
		Sure: d.Sure, Plain: d.Plain, Lasts: e.lasting(d), Open: e.openStream(d), At: d.at,
	}
}

// remote describes a place of this package for others.
func (e *engine) remote(pos token.Pos) finding.Remote {
	return finding.RemoteAt(e.pass.Fset, e.pass.Pkg.Path(), pos, pos)
}
