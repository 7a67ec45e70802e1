// Package errflow knows where errors come from: from an RPC or a stream,
// from package status with a code, from errors.New without one.
//
// It works backwards from an error value, through branches, variables,
// wrappers and the functions of the package, and by facts through those of
// the packages that it imports. Whatever cannot be followed is a source of
// kind Unknown, on which rules are silent.
package errflow

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
)

// Import paths of grpc-go's packages.
const (
	StatusPath = stub.GRPCPath + "/status"
	CodesPath  = stub.GRPCPath + "/codes"
)

// Analyzer's result is a *Flow.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclinterrors",
	Doc:        "follow errors to where they come from\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{stub.Analyzer, program.Analyzer, testcode.Analyzer},
	ResultType: reflect.TypeFor[*Flow](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Kind says what made an error.
type Kind uint8

// Kinds of sources.
const (
	Unknown    Kind = iota
	RPC             // a unary call, or the opening of a stream
	ClientRecv      // receiving from a client's stream
	ClientSend      // sending to one
	ServerRecv      // receiving from the stream of a handler
	ServerSend      // sending to one
	Status          // package status, or a type with a status of its own
	Plain           // errors.New, fmt.Errorf, a sentinel: no code
	Context         // context.Canceled, context.DeadlineExceeded, ctx.Err()
	EOF             // io.EOF
	Param           // the function's own parameter
	Next            // what an interceptor's handler or invoker returned; Sides says which
)

// NoCode is the Code of a source whose code is not known.
const NoCode = -1

// A Source is one place that an error may come from. Sources are comparable.
type Source struct {
	Kind Kind
	// Code is the code of a Status, or NoCode.
	Code int
	// Name says more: the RPC's full method, the sentinel
	// ("sql.ErrNoRows"), the function that could not be followed.
	Name string
	// Lost is set for a Plain error that holds the text of one with a
	// code.
	Lost bool
	// Wrapped: it is inside of another one, which has its code.
	Wrapped bool
	// Tested: on its way the error was compared with something or given
	// to a predicate; what got through may be less than what came from
	// the source.
	Tested bool
	// Loop: it is received in a loop, until there is no more.
	Loop bool
	// Param is the index of the parameter, counted without the receiver.
	Param int

	// TextOf is 1 and the index of a parameter whose text a Plain error
	// holds: its code is lost, if it has one. CodeOf is that of the
	// parameter which is the code of a Status. 0 for none.
	TextOf, CodeOf int

	// NilParam is 1 and the index of a parameter of which the function has
	// seen that it is nil; 0 for none. gRPC gives handlers no such request,
	// context or stream.
	NilParam int

	// Sides is that of a Next.
	Sides Sides
	// Opaque: it is a variable of a package that tells nothing of it; it
	// may be, or wrap, an error of package context.
	Opaque bool

	// Place is where the error is made. Pos is the same in the analysed
	// package, and invalid elsewhere.
	Place finding.Remote
	Pos   token.Pos

	// Of a Param, TextOf or CodeOf, and of a NilParam, in the analysed package.
	param, nilParam *ssa.Parameter
	entered         *ssa.Call // by which it came from another package
	// foreign: an Unknown that a function returned which cannot know of
	// status codes, and is given nothing that could.
	foreign bool
}

// Entered returns the call by which the error came from another package; nil if
// it was made in the analysed one.
func (s *Source) Entered() *ssa.Call { return s.entered }

// OfRPC reports whether the error is what gRPC returned for a call or a
// stream, and so has a code (or is io.EOF).
func (s *Source) OfRPC() bool { return s.Kind >= RPC && s.Kind <= ServerSend }

// An Origin is the set of the sources of a value. One without sources is
// nil, always.
type Origin struct{ Sources []Source }

// OfRPC reports whether the value is what gRPC returned, and nothing else.
func (o *Origin) OfRPC() bool {
	return len(o.Sources) > 0 && !slices.ContainsFunc(o.Sources, func(s Source) bool { return !s.OfRPC() })
}

// Unsure reports whether the value may come from somewhere that could not be
// followed.
func (o *Origin) Unsure() bool {
	return slices.ContainsFunc(o.Sources, func(s Source) bool { return s.Kind == Unknown || s.Kind == Param })
}

func (o *Origin) add(sources ...Source) {
	for _, s := range sources {
		if len(o.Sources) >= maxSources {
			break
		}
		if !slices.Contains(o.Sources, s) {
			o.Sources = append(o.Sources, s)
		}
	}
	if len(o.Sources) == maxSources {
		o.Sources[maxSources-1] = Source{Code: NoCode, Name: "too many"}
	}
}

// maxSources bounds what is kept of one value.
const maxSources = 40

// A Flow answers for one package. Everything is unknown where the package
// has nothing to do with status codes.
type Flow struct {
	// Program is nil if there is nothing to follow.
	Program *program.Program

	// MapsErrors: a server interceptor that the package or its imports
	// install converts the errors of handlers, or may.
	MapsErrors bool
	// RebuildsErrors: a client interceptor does that to the errors of
	// RPCs, or may.
	RebuildsErrors bool

	pass    *analysis.Pass
	stubs   *stub.Index
	imports fact.Index[told]

	tracer    *flow.Tracer[*Origin]
	coder     *flow.Tracer[codes]
	outcomes  *flow.Tracer[flow.Part[outcomes]]
	questions map[*ssa.Function]*Question // that were asked for; nil for none
	generated map[*token.File]bool
	wrapped   map[*types.TypeName]bool // client interfaces that hand-written types implement

	incomplete bool // an import has not told what it does
}

func run(pass *analysis.Pass) (any, error) {
	stubs := pass.ResultOf[stub.Analyzer].(*stub.Index)
	f := &Flow{
		pass: pass, stubs: stubs, imports: fact.Known[told](pass, stubs.Looked()...),
		questions: make(map[*ssa.Function]*Question), generated: make(map[*token.File]bool), wrapped: make(map[*types.TypeName]bool),
	}
	if pass.Pkg.Path() == stub.GRPCPath || !f.concerned() {
		return f, nil
	}
	handWritten := false
	for _, file := range pass.Files {
		if ast.IsGenerated(file) {
			f.generated[pass.Fset.File(file.FileStart)] = true
		} else {
			handWritten = true
		}
	}
	own := new(told)
	for _, imported := range pass.Pkg.Imports() {
		if known := f.imports[imported.Path()]; known != nil {
			own.MapsErrors = own.MapsErrors || known.MapsErrors
			own.RebuildsErrors = own.RebuildsErrors || known.RebuildsErrors
			own.Defines |= known.Defines
			own.Wrapped = append(own.Wrapped, known.Wrapped...)
		}
	}
	if !stub.Complete(pass.Pkg, f.imports.Has) {
		// An import that does not tell may well convert errors.
		own.MapsErrors, own.RebuildsErrors = true, true
		f.incomplete = true
	}
	if handWritten {
		f.Program = pass.ResultOf[program.Analyzer].(*program.Package).Build()
		f.tracer, f.coder, f.outcomes = f.newTracer(), f.newCodeTracer(), f.newOutcomeTracer()
		f.noteWrapped(own)
		f.interceptors(own)
		f.summaries(own)
		own.Predicates = f.predicates()
	}
	if f.incomplete {
		own.MapsErrors, own.RebuildsErrors = true, true
	}
	own.Wrapped = sorted(own.Wrapped)
	f.MapsErrors, f.RebuildsErrors = own.MapsErrors, own.RebuildsErrors
	// A telemetry exporter, say, dials for itself.
	own.RebuildsErrors = own.RebuildsErrors && (f.incomplete || f.stubs.HandsOutConns())
	// Of what does not reach grpc-go, nobody else tells that it was looked at.
	if f := (&Fact{fact.New(own)}); f.Tells() || !stubs.Reaches {
		pass.ExportPackageFact(f)
	}
	return f, nil
}

// concerned: the package reaches grpc-go, or imports its status codes.
func (f *Flow) concerned() bool {
	return f.stubs.Reaches || slices.ContainsFunc(f.pass.Pkg.Imports(), func(p *types.Package) bool {
		return p.Path() == StatusPath || p.Path() == CodesPath || f.imports.Has(p.Path())
	})
}

// IsGenerated reports whether pos is in a generated file.
func (f *Flow) IsGenerated(pos token.Pos) bool {
	return pos.IsValid() && f.generated[f.pass.Fset.File(pos)]
}
