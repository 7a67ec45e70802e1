package lint

import (
	"cmp"
	"maps"
	"path"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
)

// An RPCCall is one RPC that is made on behalf of somebody.
type RPCCall struct {
	// Caller is the method ("package.Service/Method") whose handler the call is
	// made for, the import path of the main package that makes it, or, if
	// nobody is seen to run the code, that of the package whose function leads
	// to it.
	Caller string
	By     CallerKind
	// Through names the functions between, outermost first, and last the one
	// that makes the call.
	Through []string
	Method  string // "package.Service/Method"
	At      Range

	Deadline Deadline
	// Stream: one side sends a stream.
	Stream bool

	PkgPath string // of the call
}

// A CallerKind says what a caller is.
type CallerKind string

// Kinds of callers.
const (
	ByHandler CallerKind = "handler"
	ByProgram CallerKind = "program"
	ByPackage CallerKind = "package"
)

// A Deadline says how long the context of a call lets it take.
type Deadline struct {
	// Caller: it is the context of the handler's own caller, or a child of it.
	Caller bool
	// Unknown: where the context comes from could not be followed.
	Unknown bool
	// Set: the code adds a deadline on the way, at most Timeout away; 0 if that
	// is no constant.
	Set     bool
	Timeout time.Duration
	At      Range // of the timeout
	Ignored bool  // a directive there silences deadline/inverted

	PkgPath, In string // where that is
}

// maxStates bounds how many ways are gone from one caller.
const maxStates = 20_000

// A callGraph holds the calls of all packages by the functions that make them.
type callGraph struct {
	calls map[string][]edge
	roots map[string]*packages.Package // of the functions
}

type edge struct {
	analyzers.Call
	root    *packages.Package
	targets []string // functions that are called
}

// noteCalls adds to the report who calls which RPCs.
func (r *run) noteCalls(roots []*packages.Package, out *outcome, locate *locator) {
	g := callGraphOf(roots, out)
	worlds := worldsOf(roots, out)
	reached := make(map[string]bool)
	serving := make(map[string][]string) // methods for whose handlers a function runs
	note := func(caller string, by CallerKind, w *way) {
		r.report.Calls = append(r.report.Calls, RPCCall{
			PkgPath: w.edge.root.PkgPath,
			Caller:  caller, By: by, Through: w.through(), Method: strings.TrimPrefix(w.edge.FullMethod, "/"),
			At: locate.span(w.edge.root, w.edge.Pos, w.edge.Pos), Deadline: w.deadline(locate), Stream: w.edge.Stream,
		})
	}
	for _, root := range roots {
		world := worlds.of(root)
		for _, result := range out.results[root] {
			if result.Program.Codes == nil {
				continue
			}
			for _, h := range result.Program.Codes.Handlers {
				if !isServed(&h, &world) {
					continue
				}
				method, functions := strings.TrimPrefix(h.FullMethod, "/"), make(map[string]bool)
				g.walk([]string{root.PkgPath + "." + h.Name}, functions, func(w *way) { note(method, ByHandler, w) })
				maps.Copy(reached, functions)
				for function := range functions {
					serving[function] = append(serving[function], method)
				}
			}
		}
		if root.Name == "main" {
			starts := []string{root.PkgPath + ".main"}
			packages.Visit([]*packages.Package{root}, nil, func(p *packages.Package) { starts = append(starts, p.PkgPath+".init") })
			g.walk(starts, reached, func(w *way) { note(root.PkgPath, ByProgram, w) })
		}
	}
	for _, starts := range g.unused(reached) {
		starts = slices.DeleteFunc(starts, func(function string) bool { return reached[function] }) // in a circle that was gone through
		if len(starts) == 0 {
			continue
		}
		g.walk(starts, reached, func(w *way) { note(g.roots[starts[0]].PkgPath, ByPackage, w) })
	}
	for _, root := range roots {
		world := worlds.of(root)
		if world.Around.Has(claim.RebuildsErrors, "", 0) {
			continue // who knows what an interceptor makes of codes
		}
		for _, result := range out.results[root] {
			r.noteComparisons(result.Program.CallGraph, root, serving, locate)
		}
	}
}

// addCalls adds what is not there yet.
func (r *Report) addCalls(calls []RPCCall) {
	r.Calls = append(r.Calls, calls...)
	slices.SortStableFunc(r.Calls, func(a, b RPCCall) int {
		return cmp.Or(compareCalls(a, b), b.Deadline.compare(a.Deadline), len(a.Through)-len(b.Through))
	})
	r.Calls = slices.CompactFunc(r.Calls, func(a, b RPCCall) bool { return compareCalls(a, b) == 0 })
}

// noteComparisons leaves out those of a handler with what another server makes of
// the same method: that one is not to be seen.
func (r *run) noteComparisons(told *analyzers.CallGraph, root *packages.Package, serving map[string][]string, locate *locator) {
	if told == nil {
		return
	}
	for _, c := range told.Comparisons {
		known := comparison{Code: c.Code, Is: c.Is, At: locate.span(root, c.Pos, c.End), PkgPath: root.PkgPath, In: c.From}
		relayed := false
		for _, method := range c.Methods {
			method = strings.TrimPrefix(method, "/")
			known.Methods = append(known.Methods, method)
			relayed = relayed || slices.Contains(serving[root.PkgPath+"."+c.From], method)
		}
		if !relayed && !c.Ignored {
			r.comparisons = append(r.comparisons, known)
		}
	}
}

// compareCalls orders calls; those that are the same are made at one place for
// one caller.
func compareCalls(a, b RPCCall) int {
	return cmp.Or(strings.Compare(a.Caller, b.Caller), strings.Compare(a.Method, b.Method), compareRanges(a.At, b.At))
}

// compare orders deadlines by how long calls may take.
func (d Deadline) compare(other Deadline) int {
	rank := func(d Deadline) int {
		switch {
		case d.Set:
			return 0
		case d.Caller:
			return 1
		case d.Unknown:
			return 2
		}
		return 3
	}
	return cmp.Or(rank(d)-rank(other), cmp.Compare(d.Timeout, other.Timeout))
}

func callGraphOf(roots []*packages.Package, out *outcome) *callGraph {
	g := &callGraph{calls: make(map[string][]edge), roots: make(map[string]*packages.Package)}
	for _, root := range roots {
		for _, result := range out.results[root] {
			if result.Program.CallGraph == nil {
				continue
			}
			for _, c := range result.Program.CallGraph.Calls {
				e := edge{Call: c, root: root}
				if c.Func != "" {
					e.targets = append(e.targets, c.Package+"."+c.Func)
				}
				for _, target := range out.linked[c.Lparen] {
					if target.Func != nil {
						e.targets = append(e.targets, target.Package()+"."+analyzers.Key(target.Func))
					}
				}
				if c.FullMethod != "" || len(e.targets) > 0 {
					from := root.PkgPath + "." + c.From
					g.calls[from], g.roots[from] = append(g.calls[from], e), root
				}
			}
		}
	}
	return g
}

// unused are the functions, by their packages, that are not reached: first those
// that no other of them calls, then the others, which these call or which are
// in circles.
func (g *callGraph) unused(reached map[string]bool) [][]string {
	called := make(map[string]bool)
	for from, edges := range g.calls {
		for i := range edges {
			for _, target := range edges[i].targets {
				called[target] = called[target] || !reached[from] && target != from
			}
		}
	}
	starts, others := make(map[string][]string), make(map[string][]string)
	for _, function := range slices.Sorted(maps.Keys(g.calls)) {
		pkgPath := g.roots[function].PkgPath
		switch {
		case reached[function]:
		case called[function]:
			others[pkgPath] = append(others[pkgPath], function)
		default:
			starts[pkgPath] = append(starts[pkgPath], function)
		}
	}
	var all [][]string
	for _, byPath := range []map[string][]string{starts, others} {
		for _, pkgPath := range slices.Sorted(maps.Keys(byPath)) {
			all = append(all, byPath[pkgPath])
		}
	}
	return all
}

// A way leads from a caller to a function, or by its last edge to an RPC.
type way struct {
	function string
	before   *way
	edge     *edge
	context  analyzers.Context
}

// A state is what can differ on ways to one function.
type state struct {
	function string
	context  analyzers.Context
}

// walk follows calls from some functions, breadth first, and tells of each RPC
// on the way.
func (g *callGraph) walk(starts []string, reached map[string]bool, rpc func(*way)) {
	var queue []*way
	seen := make(map[state]bool)
	add := func(w *way) {
		s := state{w.function, w.context}
		s.context.At, s.context.In = finding.Remote{}, ""
		if !seen[s] && len(seen) < maxStates {
			seen[s], reached[w.function] = true, true
			queue = append(queue, w)
		}
	}
	for _, start := range starts {
		add(&way{function: start, context: analyzers.Context{Caller: true}})
	}
	for len(queue) > 0 {
		w := queue[0]
		queue = queue[1:]
		edges := g.calls[w.function]
		for i := range edges {
			next := w.along(&edges[i])
			if edges[i].FullMethod != "" {
				rpc(next)
			}
			for _, target := range edges[i].targets {
				to := *next
				to.function = target
				add(&to)
			}
		}
	}
}

// along is the way on, with what becomes of the context.
func (w *way) along(e *edge) *way {
	next := &way{function: w.function, before: w, edge: e, context: e.Context}
	own, around := &next.context, w.context
	switch {
	case *own == (analyzers.Context{}):
		own.Unknown = true // it may get one otherwise
	case own.Caller:
		own.Caller, own.Root, own.Unknown = around.Caller, own.Root || around.Root, own.Unknown || around.Unknown
		if around.Bounded && (!own.Bounded || own.Timeout == 0 || around.Timeout != 0 && around.Timeout < own.Timeout) {
			own.Bounded, own.Timeout, own.At, own.In, own.Ignored = true, around.Timeout, around.At, around.In, around.Ignored
		}
	}
	return next
}

// through names the functions on a way.
func (w *way) through() []string {
	var names []string
	for from := w.before; from != nil; from = from.before {
		names = append(names, path.Base(from.function))
	}
	slices.Reverse(names)
	return names
}

func (w *way) deadline(locate *locator) Deadline {
	c := &w.context
	d := Deadline{Caller: c.Caller && !c.Root, Unknown: c.Unknown || c.Caller && c.Root, Set: c.Bounded, Timeout: c.Timeout}
	if c.At != (finding.Remote{}) {
		d.At, d.Ignored, d.PkgPath, d.In = locate.remote(&c.At), c.Ignored, c.At.Package, c.In
	}
	return d
}
