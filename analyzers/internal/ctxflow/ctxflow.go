// Package ctxflow follows contexts from where they are made to the RPCs that
// they reach.
//
// It works backwards: from each RPC to what its context is derived from, and
// when that is a parameter, on to the arguments of the calls of that
// function. A path ends at a root (context.Background() and its like), where
// a finding belongs, or at a parameter, about which importers are told by a
// fact. Whatever cannot be followed ends the path in silence.
//
// Facts go up, from a callee to its callers in other packages, and down,
// from a package that calls an interface method with an unbounded context to
// those that implement it. A missing fact only ever ends a path.
package ctxflow

import (
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/lifetime"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/analyzers/internal/text"
	"github.com/grpclint/grpclint/finding"
)

// Analyzer's result is a *Flow.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintcontexts",
	Doc:        "follow contexts to RPCs\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{directive.Analyzer, stub.Analyzer, lifetime.Analyzer, program.Analyzer, testcode.Analyzer},
	ResultType: reflect.TypeFor[*Flow](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

func init() {
	Analyzer.Flags.Var(new(NameList), "bounded-by", "comma-separated functions or interceptors known to set a deadline, as import/path.Func or import/path.Type.Method")
}

// A NameList is a flag.Value: fully qualified names.
type NameList []string

func (l *NameList) String() string { return strings.Join(*l, ",") }

// Set splits a comma-separated list.
func (l *NameList) Set(text string) error {
	*l = nil
	for item := range strings.SplitSeq(text, ",") {
		if item = strings.TrimSpace(item); item != "" {
			*l = append(*l, item)
		}
	}
	return nil
}

// A Flow is what is known of a package's contexts.
type Flow struct {
	// Paths lead from a root to an RPC; at least one end is in the
	// analysed package.
	Paths []Path
	// ConnDeadline names the services that a dial in this package or its
	// imports gives a deadline, or may; see Fact.
	ConnDeadline []string
	// Dials is the same, or nothing if an import has not told what it
	// does: what may be is no knowledge about the packages below.
	Dials []string
	// ReconcilesInTime: the package may give reconciliations a deadline.
	ReconcilesInTime bool
}

// SetByConnection reports whether a connection that this package can see
// may give the RPC a deadline.
func (f *Flow) SetByConnection(rpc *RPC) bool { return covers(f.ConnDeadline, rpc) }

func covers(services []string, rpc *RPC) bool {
	return slices.Contains(services, AnyService) || slices.Contains(services, rpc.Service())
}

// A Path is one way of a context from its root to an RPC.
type Path struct {
	Root Root
	RPC  RPC
	// Call is the call of the analysed package that brings the context
	// on its way: the RPC, the call of an imported function that makes
	// it or, if Kept, the one that takes it from a field or a package
	// variable. Arg is the context there.
	Call ssa.CallInstruction
	Arg  ssa.Value
	Kept bool
	// From is the first call on the way to which the root's context is
	// passed in the analysed package; nil if it is made and passed in
	// another one.
	From ssa.CallInstruction
	// FromArg is the context there; nil for that of a callback.
	FromArg ssa.Value
	// As is the interface through which the root's package calls into the
	// analysed one, and Converted where the type that has the method becomes
	// it; nil for others.
	As        *types.TypeName
	Converted token.Pos
	// Command: the root is made, or comes in, where a command of a
	// command line is carried out.
	Command bool
	// Chain names the functions between root and RPC, outermost first.
	Chain   []string
	Bounded bool
	Ignored RuleSet
	// Links are the calls of the analysed package on the way, at which a
	// directive may have silenced a rule.
	Links []token.Pos
	// Direct: every link is an ordinary call; no go or defer statement,
	// no field and no captured variable is between root and RPC, so that
	// the RPC runs while the function of the root does.
	Direct bool
}

// A Root is where a context without a deadline is made.
type Root struct {
	// Call makes the root in the analysed package; else nil.
	Call ssa.CallInstruction
	// Remote is its place if it lies in another package.
	Remote finding.Remote
	Is     string // as the code says it: "context.Background()"
	In     string // the function that holds a remote root
	// Command is Path.Command of a remote root.
	Command bool
	// Stored: the function that returns a remote root has kept it somewhere.
	Stored bool
	// Given says by which framework, to a function of the analysed package.
	Given Framework
}

// A follower follows the contexts of one package.
type follower struct {
	*program.Program

	pass       *analysis.Pass
	stubs      *stub.Index
	directives *directive.Set
	life       *lifetime.Info
	boundedBy  NameList
	known      fact.Index[told]

	contexts     *flow.Tracer[*origin]
	interceptors *flow.Tracer[InterceptorKind]
	texts        *text.Evaluator // nil until it is needed
	roots        map[ssa.CallInstruction]*Root
	remote       map[Result]*Root
	supplies     map[source][]supply
	given        map[ssa.Value]*Root
	handed       *handover // nil until it is needed
	// reconcilesInTime: see Flow.
	reconcilesInTime bool
	entries          map[entry][]ssa.Value // nil until they are needed
	connDeadline     []string              // what deadlineServices and the imports say
}

func run(pass *analysis.Pass) (any, error) {
	stubs := pass.ResultOf[stub.Analyzer].(*stub.Index)
	result := &Flow{ReconcilesInTime: reconcilesInTime(pass)}
	if !stubs.Reaches && !makes(pass) {
		return result, nil
	}
	f := &follower{
		pass:       pass,
		stubs:      stubs,
		directives: pass.ResultOf[directive.Analyzer].(*directive.Set),
		life:       pass.ResultOf[lifetime.Analyzer].(*lifetime.Info),
		boundedBy:  *pass.Analyzer.Flags.Lookup("bounded-by").Value.(*NameList),
		known:      fact.Known[told](pass, stubs.Looked()...),
		roots:      make(map[ssa.CallInstruction]*Root),
		remote:     make(map[Result]*Root),
		supplies:   make(map[source][]supply),

		reconcilesInTime: result.ReconcilesInTime,
		given:            make(map[ssa.Value]*Root),
	}
	own := new(told)
	if !stubs.Reaches {
		f.Program = pass.ResultOf[program.Analyzer].(*program.Package).Build()
		f.contexts = f.newTracer()
		if own.Funcs, own.Apart = f.made(), true; len(own.Funcs.Rows) > 0 {
			pass.ExportPackageFact(&Fact{fact.New(own)})
		}
		return result, nil
	}
	incomplete := false
	for _, imported := range pass.Pkg.Imports() {
		if known := f.known[imported.Path()]; known != nil {
			own.ConnDeadline = append(own.ConnDeadline, known.ConnDeadline...)
		}
	}
	if !stub.Complete(pass.Pkg, f.known.Has) {
		incomplete = true
		own.ConnDeadline = append(own.ConnDeadline, AnyService) // an import that does not tell may well set one
	}
	if f.relevant() {
		f.Program = pass.ResultOf[program.Analyzer].(*program.Package).Build()
		f.contexts, f.interceptors = f.newTracer(), f.newInterceptors()
		own.ConnDeadline = append(own.ConnDeadline, f.deadlineServices()...)
		f.connDeadline = own.ConnDeadline
		search := f.search()
		result.Paths = search.paths
		own.Calls = search.sortedCalls()
		own.Funcs = f.summaries(search)
	}
	slices.Sort(own.ConnDeadline)
	own.ConnDeadline = slices.Compact(own.ConnDeadline)
	result.ConnDeadline = own.ConnDeadline
	if !incomplete {
		result.Dials = own.ConnDeadline
	}
	if !f.stubs.HandsOutConns() {
		// A telemetry exporter, say, dials for itself: no importer's
		// RPC runs on its connection.
		own.ConnDeadline = nil
	}
	if f := (&Fact{fact.New(own)}); f.Tells() {
		pass.ExportPackageFact(f)
	}
	return result, nil
}

func (f *follower) inTest(pos token.Pos) bool { return testcode.Is(f.pass, pos) }

// relevant says whether there is anything to follow: a package that neither
// names the context package nor makes RPCs, nor calls what does, passes none.
func (f *follower) relevant() bool {
	for _, imported := range f.pass.Pkg.Imports() {
		switch imported.Path() {
		case "context", "golang.org/x/net/context", stub.GRPCPath:
			return true
		}
		if f.stubs.Generates(imported) {
			return true // cmd.Context(), say, needs no import
		}
		if known := f.known[imported.Path()]; known != nil && (len(known.Funcs.Rows) > 0 || len(known.Calls) > 0) {
			return true
		}
	}
	return false
}
