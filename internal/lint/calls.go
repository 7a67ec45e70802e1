package lint

import (
	"cmp"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/load"
)

// An RPCCall is one RPC that is made on behalf of somebody.
type RPCCall struct {
	// Caller is the method ("package.Service/Method") whose handler the call is
	// made for, the import path of the main package that makes it, or, if
	// nobody is seen to run the code, that of the package in which it is.
	Caller string
	By     CallerKind
	// Through names the functions between, outermost first, and last the one
	// that makes the call.
	Through []string
	Method  string // "package.Service/Method"
	At      Range

	Deadline Deadline
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
}

// maxStates bounds how many ways are gone from one caller.
const maxStates = 20_000

// A callGraph holds the calls of all packages by the functions that make them.
type callGraph struct {
	calls map[string][]edge
	roots map[string]*packages.Package // by path
}

type edge struct {
	analyzers.Call
	root    *packages.Package
	targets []string // functions that are called
}

// noteCalls adds to the report who calls which RPCs.
func (r *run) noteCalls(program *load.Program, out *outcome, locate *locator) {
	g := callGraphOf(program, out)
	worlds := worldsOf(program.Roots, out)
	reached := make(map[string]bool)
	note := func(caller string, by CallerKind, w *way) {
		r.report.Calls = append(r.report.Calls, RPCCall{
			Caller: caller, By: by, Through: w.through(), Method: strings.TrimPrefix(w.edge.FullMethod, "/"),
			At: locate.span(w.edge.root, w.edge.Pos, w.edge.Pos), Deadline: w.deadline(locate),
		})
	}
	for _, root := range program.Roots {
		world := worlds.of(root)
		for _, result := range out.results[root] {
			if result.Program.Codes == nil {
				continue
			}
			for _, h := range result.Program.Codes.Handlers {
				if isServed(&h, &world) {
					g.walk([]string{root.PkgPath + "." + h.Name}, reached, func(w *way) { note(strings.TrimPrefix(h.FullMethod, "/"), ByHandler, w) })
				}
			}
		}
		if root.Name == "main" {
			starts := []string{root.PkgPath + ".main"}
			packages.Visit([]*packages.Package{root}, nil, func(p *packages.Package) { starts = append(starts, p.PkgPath+".init") })
			g.walk(starts, reached, func(w *way) { note(root.PkgPath, ByProgram, w) })
		}
	}
	for from, edges := range g.calls {
		for i := range edges {
			if e := &edges[i]; e.FullMethod != "" && !reached[from] {
				note(e.root.PkgPath, ByPackage, (&way{function: from, context: analyzers.Context{Caller: true}}).along(e))
			}
		}
	}
	slices.SortStableFunc(r.report.Calls, func(a, b RPCCall) int {
		return cmp.Or(compareCalls(a, b), b.Deadline.compare(a.Deadline), len(a.Through)-len(b.Through))
	})
	r.report.Calls = slices.CompactFunc(r.report.Calls, func(a, b RPCCall) bool { return compareCalls(a, b) == 0 })
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

func callGraphOf(program *load.Program, out *outcome) *callGraph {
	g := &callGraph{calls: make(map[string][]edge)}
	for _, root := range program.Roots {
		for _, result := range out.results[root] {
			for _, c := range result.Program.Calls {
				e := edge{Call: c, root: root}
				if c.Func != "" {
					e.targets = append(e.targets, c.Package+"."+c.Func)
				}
				for _, target := range out.linked[c.Lparen] {
					e.targets = append(e.targets, pathOf(target.Func)+"."+analyzers.Key(target.Func))
				}
				if c.FullMethod != "" || len(e.targets) > 0 {
					from := root.PkgPath + "." + c.From
					g.calls[from] = append(g.calls[from], e)
				}
			}
		}
	}
	return g
}

// A way leads from a caller to a function, or by its last edge to an RPC.
type way struct {
	function string
	name     string // of the function, for people
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
		s.context.At = finding.Remote{}
		if !seen[s] && len(seen) < maxStates {
			seen[s], reached[w.function] = true, true
			queue = append(queue, w)
		}
	}
	for _, start := range starts {
		add(&way{function: start, name: start[strings.LastIndexByte(start, '/')+1:], context: analyzers.Context{Caller: true}})
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
				to.function, to.name = target, target[strings.LastIndexByte(target, '/')+1:]
				add(&to)
			}
		}
	}
}

// along is the way on, with what becomes of the context.
func (w *way) along(e *edge) *way {
	next := &way{function: w.function, name: w.name, before: w, edge: e, context: e.Context}
	own, around := &next.context, w.context
	switch {
	case *own == (analyzers.Context{}):
		own.Unknown = true // it may get one otherwise
	case own.Caller:
		own.Caller, own.Root, own.Unknown = around.Caller, own.Root || around.Root, own.Unknown || around.Unknown
		if around.Bounded && (!own.Bounded || own.Timeout == 0 || around.Timeout != 0 && around.Timeout < own.Timeout) {
			own.Bounded, own.Timeout, own.At = true, around.Timeout, around.At
		}
	}
	return next
}

// through names the functions on a way.
func (w *way) through() []string {
	var names []string
	for ; w.before != nil; w = w.before {
		if name := w.before.name; name != "" {
			names = append(names, name)
		}
	}
	slices.Reverse(names)
	return names
}

func (w *way) deadline(locate *locator) Deadline {
	c := &w.context
	d := Deadline{Caller: c.Caller && !c.Root, Unknown: c.Unknown || c.Caller && c.Root, Set: c.Bounded, Timeout: c.Timeout}
	if c.At != (finding.Remote{}) {
		d.At = locate.remote(&c.At)
	}
	return d
}
