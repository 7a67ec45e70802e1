// Package dial knows where client connections come from and what becomes of
// them: who opens one, who keeps, lends, hands on or closes it, with which
// options, and whether that happens once or for every request.
//
// What it finds travels to importing packages as one fact per package, so
// that a connection opened by a helper of another package is judged like
// one that is opened on the spot.
package dial

import (
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/grpcoption"
	"github.com/grpclint/grpclint/analyzers/internal/lifetime"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// Analyzer's result is an *Info.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintdials",
	Doc:        "find out who opens and closes client connections\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{stub.Analyzer, lifetime.Analyzer, program.Analyzer, testcode.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// An Info answers for one package. Its methods fill caches: it serves one
// family at a time.
type Info struct {
	// Reaches says whether the package imports grpc-go, be it through
	// others. If not, there is nothing to ask.
	Reaches bool

	// Complete says whether every import that visibly reaches grpc-go has
	// told what it knows. If not, nothing follows from what is not known.
	Complete bool

	// Stubs tells RPCs and handlers.
	Stubs *stub.Index

	// Dials are the calls of grpc.NewClient, grpc.Dial and
	// grpc.DialContext themselves, in the order of the source.
	Dials []*Call

	// Acquisitions are the calls that hand a connection of its own to the
	// caller: the dials, and calls of functions that return a fresh
	// connection or something that owns one.
	Acquisitions []*Acquisition

	// Lists are the lists of dial options that are written out in a package
	// with service configs among them.
	Lists []List

	// PerCall are the connections that are opened again and again.
	PerCall []*PerCall

	// DefaultScheme says that the package or an import of it changes the
	// scheme of targets that have none.
	DefaultScheme bool

	// Eager says that the package or a direct import of it uses grpc.Dial or
	// grpc.DialContext, whose connections connect by themselves.
	Eager bool

	// Policies are the keepalive enforcement policies of servers in the
	// package and its imports: the pings that they allow.
	Policies []Pings

	engine *engine
}

func run(pass *analysis.Pass) (any, error) {
	info := &Info{Stubs: pass.ResultOf[stub.Analyzer].(*stub.Index)}
	if !info.Stubs.Reaches { // no import reaches grpc-go
		if resolves(pass.Pkg) {
			pass.ExportPackageFact(&Fact{fact.New(&told{Resolves: true, DefaultScheme: changesScheme(pass)})})
		}
		return info, nil
	}
	info.Reaches = true
	e := newEngine(pass, info.Stubs)
	info.engine = e
	info.Complete = info.Stubs.Complete && stub.Complete(pass.Pkg, e.known.Has) && !slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool {
		return resolves(p) && !e.known.Has(p.Path())
	})
	e.complete = info.Complete
	scan := e.scan()
	info.DefaultScheme = scan.defaultScheme
	info.Policies = scan.policies
	info.Eager = scan.eager || scan.importsEager
	own := &told{DefaultScheme: scan.defaultScheme, Eager: scan.eager, Policies: scan.policies}
	if scan.judges {
		e.index = pass.ResultOf[program.Analyzer].(*program.Package).Build()
		e.prepare()
		for _, fn := range e.index.Funcs {
			info.Acquisitions = append(info.Acquisitions, e.acquisitions(fn)...)
		}
		for _, a := range info.Acquisitions {
			if a.Dial != nil {
				info.Dials = append(info.Dials, a.Dial)
			}
		}
		info.PerCall = e.perCall()
		if scan.configs {
			info.Lists = e.lists(info.Dials)
		}
		own.Funcs = e.funcFacts()
	}
	if f := (&Fact{fact.New(own)}); f.Tells() {
		pass.ExportPackageFact(f)
	}
	return info, nil
}

// engine computes, on demand and once each, what the functions of a package
// do with connections.
type engine struct {
	pass  *analysis.Pass
	stubs *stub.Index
	life  *lifetime.Info
	index *program.Program

	complete bool // see Info

	known    fact.Index[told]
	params   map[paramKey]*ParamFact
	results  map[*ssa.Function][]Result
	acquired map[*ssa.Function][]*Acquisition
	paths    map[*ssa.Function][]openPath
	options  *grpcoption.Tracer[struct{}]
	passed   map[passKey][]int
	once     map[*ssa.Function]bool
	carry    map[within]bool
	targets  *flow.Tracer[origin]

	impls map[*types.Func]*ssa.Function
}

func newEngine(pass *analysis.Pass, stubs *stub.Index) *engine {
	return &engine{
		pass:     pass,
		stubs:    stubs,
		life:     pass.ResultOf[lifetime.Analyzer].(*lifetime.Info),
		known:    fact.Known[told](pass, stubs.Looked()...),
		params:   make(map[paramKey]*ParamFact),
		results:  make(map[*ssa.Function][]Result),
		acquired: make(map[*ssa.Function][]*Acquisition),
		paths:    make(map[*ssa.Function][]openPath),
		passed:   make(map[passKey][]int),
		once:     make(map[*ssa.Function]bool),
		carry:    make(map[within]bool),
	}
}

// prepare makes what is asked for across functions.
func (e *engine) prepare() {
	e.targets = e.targetTracer()
	e.impls = e.soleImplementations()
	e.options = e.optionTracer()
}

// callee returns who is called: a function with a body in this package, or
// at least its object.
func (e *engine) callee(call *ssa.CallCommon) (*ssa.Function, *types.Func) {
	if call.IsInvoke() {
		return e.impls[call.Method], call.Method
	}
	return e.index.Callee(call)
}
