package dial

import (
	"go/token"
	"go/types"
	"slices"
	"strings"
	"unicode"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
)

// A PerCall is a connection that is opened again and again.
type PerCall struct {
	Instr  ssa.CallInstruction // call in this package that opens it, or leads to it
	Func   *ssa.Function       // that the call is in
	Opener string              // what opens it: "grpc.NewClient"

	Entry *Entry    // called again and again from outside, or nil:
	Loop  token.Pos // the loop that does it

	// Chain names the functions from the entry, or from the one with the
	// loop, to the one that opens the connection.
	Chain []string

	// Remote is where another package opens it.
	Remote *finding.Remote

	// RequestTarget says that the target comes with the request, or is
	// looked up for it.
	RequestTarget bool

	// Sometimes says that not every call from the entry comes here: what
	// the request holds decides, or, if Optional, how the program is
	// configured.
	Sometimes, Optional bool

	// Acquisition is the call as an acquisition, nil if the connection is
	// opened and used up by another package.
	Acquisition *Acquisition
}

// An openPath is a Path with what is only known in this package.
type openPath struct {
	Path
	target   origin       // in terms of the parameters of the described function
	site     *Acquisition // nil if in another package
	deciding []ssa.Value  // if so, what is passed there that decides on the target
	call     ssa.CallInstruction
	fn       *ssa.Function // that call is in
	edges    []edge        // from the described function to fn
}

// maxChain limits the calls between an entry and a dial, maxPaths the
// connections that are told per function.
const (
	maxChain = 5
	maxPaths = 3
)

func (e *engine) pathsOf(fn *ssa.Function) []Path {
	var exported []Path
	for _, p := range e.localPaths(fn) {
		p.Targets = indexes(p.target, fn)
		exported = append(exported, p.Path)
	}
	return exported
}

// localPaths returns the connections that every call of fn opens and uses
// up.
func (e *engine) localPaths(fn *ssa.Function) []openPath {
	if known, ok := e.paths[fn]; ok {
		return known
	}
	e.paths[fn] = nil // recursion adds nothing
	if testcode.Is(e.pass, fn.Pos()) || isProbe(Name(fn)) {
		return nil
	}
	paths := append(e.consumedIn(fn), e.gatewaysIn(fn)...)
	long := e.mayWait(fn)
	for i := range paths {
		paths[i].Stream = paths[i].Stream || long
	}
	for _, edge := range e.edges(fn) {
		for _, p := range e.pathsThrough(fn, edge) {
			p.Stream = p.Stream || long || edge.async
			if len(paths) < maxPaths && len(p.Chain) < maxChain {
				paths = append(paths, p)
			}
		}
	}
	e.paths[fn] = paths
	return paths
}

// mayWait reports whether a call of fn may well last as long as the process:
// it starts goroutines, waits for a channel, or goes round in circles.
func (e *engine) mayWait(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Go:
				return true
			case *ssa.Select:
				if instr.Blocking {
					return true
				}
			case *ssa.UnOp:
				if instr.Op == token.ARROW {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(e.index.Loops(fn), (*loops.Loop).Endless)
}

// consumedIn returns the connections that fn itself gets and uses up. That of a
// gateway is its caller's.
func (e *engine) consumedIn(fn *ssa.Function) []openPath {
	if obj, ok := fn.Object().(*types.Func); ok && registersGateway(obj) {
		return nil
	}
	var paths []openPath
	for _, a := range e.acquisitions(fn) {
		if !a.Fate.Consumed() || !a.used() || e.guarded(a.Instr, nil) {
			continue
		}
		if _, obj := e.callee(&a.Instr.Call); DialsBroker(obj) {
			continue
		}
		paths = append(paths, openPath{
			Path: Path{
				Dial:   e.remote(a.Instr.Pos(), a.Instr.Pos()),
				Opener: a.Opener,
				Chain:  []string{Name(fn)},
				Stream: a.longLived(),
			},
			target: e.targetOf(a), site: a, call: a.Instr, fn: fn,
		})
	}
	return paths
}

// used reports whether the connection serves anything but a check whether
// the server is there.
func (a *Acquisition) used() bool {
	if a.flow.has(unary) || a.flow.has(streamed) {
		return true
	}
	// What an unknown function does with it may be a check, unless all that
	// could be known is known.
	return a.flow.has(escaped) && a.flow.engine.complete
}

// longLived reports whether the connection may well live long: it has a
// stream, RPCs in a loop of its own, or a use that is not known.
func (a *Acquisition) longLived() bool {
	if a.flow.has(streamed) || a.flow.has(unclear) || a.flow.has(escaped) {
		return true
	}
	e := a.flow.engine
	return slices.ContainsFunc(a.flow.events, func(ev event) bool {
		return ev.kind == unary && e.index.Innermost(ev.instr.Block()) != e.index.Innermost(a.Instr.Block())
	})
}

// An edge is a call, go or defer that leads to a function of this package
// or to one that another package told about.
type edge struct {
	instr ssa.CallInstruction
	fn    *ssa.Function // nil if in another package
	fact  *FuncFact
	pkg   *types.Package // of fact
	async bool
}

// edges returns the calls of fn that lead to a connection opened and used
// up each time, but for those that run only until something is set.
func (e *engine) edges(fn *ssa.Function) []edge {
	var edges []edge
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			callee, obj := e.callee(call.Common())
			_, async := call.(*ssa.Go)
			for _, runs := range append(e.handed(call), edge{instr: call, fn: callee, async: async}) {
				if runs.fn != nil && runs.fn != fn && len(e.localPaths(runs.fn)) > 0 && !e.guarded(call, runs.fn) {
					edges = append(edges, runs)
				}
			}
			if fact := e.fact(obj); callee == nil && fact != nil && len(fact.Paths) > 0 && !e.guarded(call, nil) {
				edges = append(edges, edge{instr: call, fact: fact, pkg: obj.Pkg(), async: async})
			}
		}
	}
	return edges
}

// handed returns the functions that a call surely has run: by a helper of this
// package, or in a goroutine, as errgroup's Go does. Of others it is not known
// whether they do so each time; a sync.Once does not.
func (e *engine) handed(call ssa.CallInstruction) []edge {
	var edges []edge
	for _, fn := range e.index.Handings(call) {
		for _, handing := range e.index.Handed(fn) {
			async := handing.Param.Async()
			if handing.Call == call && (async || e.index.SurelyRuns(call, handing.Param.Index) != nil) {
				edges = append(edges, edge{instr: call, fn: fn, async: async})
			}
		}
	}
	return edges
}

// pathsThrough returns the paths of what an edge leads to, seen from fn.
func (e *engine) pathsThrough(fn *ssa.Function, to edge) []openPath {
	var paths []openPath
	if to.fact != nil {
		for _, p := range to.fact.Paths {
			p.Chain = qualified(to.pkg, p.Chain)
			deciding := picked(to.instr, p.Targets)
			paths = append(paths, openPath{Path: p, target: e.ofArgs(deciding), deciding: deciding, call: to.instr, fn: fn})
		}
	} else {
		paths = slices.Clone(e.localPaths(to.fn))
	}
	for i := range paths {
		p := &paths[i]
		if name := Name(fn); name != p.Chain[0] {
			p.Chain = append([]string{name}, p.Chain...)
		}
		if to.fn != nil {
			p.target = e.lifted(p.target, to.fn, to.instr)
			p.edges = append([]edge{to}, p.edges...)
		}
	}
	return paths
}

// qualified puts the package's name before the functions of another package;
// those of further packages have theirs already.
func qualified(pkg *types.Package, names []string) []string {
	list := make([]string, len(names))
	for i, name := range names {
		if !strings.Contains(name, ".") {
			name = pkg.Name() + "." + name
		}
		list[i] = name
	}
	return list
}

// guarded reports whether a call runs only while something is unset that
// the same function, or the called one, then sets: a value made once and
// kept, whatever the connection behind it. It also is if a flag that the
// function is given decides: what most callers give is not known here.
func (e *engine) guarded(call ssa.Instruction, callee *ssa.Function) bool {
	for block := call.Block(); ; {
		dominator := block.Idom()
		if dominator == nil {
			return false
		}
		if cond, ok := control.Last(dominator).(*ssa.If); ok {
			if isFlag(cond.Cond) && decides(dominator, call.Block()) {
				return true
			}
			for _, place := range places(cond.Cond, 6) {
				if writes(call.Parent(), place) || callee != nil && writes(callee, place) {
					return true
				}
			}
		}
		block = dominator
	}
}

// isFlag: a condition is a boolean parameter, or its opposite.
func isFlag(cond ssa.Value) bool {
	if not, ok := cond.(*ssa.UnOp); ok && not.Op == token.NOT {
		cond = not.X
	}
	_, ok := cond.(*ssa.Parameter)
	return ok
}

// decides reports whether only one of the ways out of a block leads to
// another.
func decides(branch, block *ssa.BasicBlock) bool {
	return slices.ContainsFunc(branch.Succs, func(s *ssa.BasicBlock) bool {
		return len(s.Preds) == 1 && s.Dominates(block)
	})
}

// places returns the fields and package variables that a condition looks
// at: *types.Var for fields, *ssa.Global for variables.
func places(v ssa.Value, depth int) []any {
	if depth == 0 {
		return nil
	}
	switch v := v.(type) {
	case *ssa.FieldAddr:
		return []any{program.FieldOf(v.X.Type(), v.Field)}
	case *ssa.Global:
		return []any{v}
	case *ssa.Call:
		if !isAccessor(calledName(&v.Call)) {
			return nil // what it does, and not what it looks at, decides
		}
	}
	switch v := v.(type) {
	case *ssa.Phi, *ssa.BinOp, *ssa.UnOp, *ssa.Extract, *ssa.Lookup, *ssa.TypeAssert, *ssa.Call, *ssa.Field:
		var all []any
		var operands [8]*ssa.Value
		for _, operand := range v.(ssa.Instruction).Operands(operands[:0]) {
			if *operand != nil {
				all = append(all, places(*operand, depth-1)...)
			}
		}
		return all
	}
	return nil
}

// writes reports whether fn stores to a place: by assignment, into the map
// that it holds, or through a method of it that sets something.
func writes(fn *ssa.Function, place any) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if slices.Contains(places(instr.Addr, 1), place) {
					return true
				}
			case *ssa.MapUpdate:
				if slices.Contains(places(instr.Map, 3), place) {
					return true
				}
			case ssa.CallInstruction:
				common := instr.Common()
				if !isMutator(calledName(common)) {
					continue
				}
				receiver := common.Value
				if !common.IsInvoke() && len(common.Args) > 0 {
					receiver = common.Args[0]
				}
				if slices.Contains(places(receiver, 3), place) {
					return true
				}
			}
		}
	}
	return false
}

// calledName returns the name of the function or method that is called, ""
// if it is not known.
func calledName(call *ssa.CallCommon) string {
	if call.IsInvoke() {
		return call.Method.Name()
	}
	if callee := call.StaticCallee(); callee != nil {
		return callee.Name()
	}
	return ""
}

// isAccessor and isMutator tell, by their names, methods that look something
// up in a cache, an atomic or a sync.Map from those that put it there.
func isAccessor(name string) bool {
	return startsWithWord(name, "load", "get", "has", "is", "contains", "lookup", "exists", "peek", "find")
}

func isMutator(name string) bool {
	return startsWithWord(name, "store", "set", "add", "put", "swap", "load", "compare", "save", "insert")
}

func startsWithWord(name string, first ...string) bool {
	list := words(name)
	return len(list) > 0 && slices.Contains(first, list[0])
}

// isProbe reports whether a function's name says that it only looks whether
// the other side is there.
func isProbe(name string) bool {
	for _, word := range words(name) {
		switch word {
		case "health", "healthy", "healthz", "healthcheck", "ready", "readyz", "readiness", "live", "livez",
			"liveness", "alive", "probe", "ping":
			return true
		}
	}
	return false
}

// words splits a name at underscores, points and capital letters.
func words(name string) []string {
	var list []string
	var word strings.Builder
	flush := func() {
		if word.Len() > 0 {
			list = append(list, strings.ToLower(word.String()))
			word.Reset()
		}
	}
	previousLower := false
	for _, r := range name {
		switch {
		case !unicode.IsLetter(r):
			flush()
		case unicode.IsUpper(r) && previousLower:
			flush()
			word.WriteRune(r)
		default:
			word.WriteRune(r)
		}
		previousLower = unicode.IsLower(r)
	}
	flush()
	return list
}

// perCall finds the connections of the package that are opened again and
// again: for every call from outside, or in every turn of a loop.
func (e *engine) perCall() []*PerCall {
	var found []*PerCall
	reported := make(map[ssa.Instruction]bool)
	add := func(p *PerCall) {
		if !reported[p.Instr] {
			reported[p.Instr] = true
			found = append(found, p)
		}
	}
	e.fromEntries(add)
	for _, fn := range e.index.Funcs {
		if !testcode.Is(e.pass, fn.Pos()) {
			e.inLoops(fn, add)
		}
	}
	slices.SortStableFunc(found, func(a, b *PerCall) int { return int(a.Instr.Pos() - b.Instr.Pos()) })
	return found
}

// visit is a function reached from an entry.
type visit struct {
	fn     *ssa.Function
	entry  *Entry
	caller *visit
	edge   edge // from the caller
	depth  int
}

func (v *visit) chain() []string {
	var names []string
	for ; v != nil; v = v.caller {
		if name := Name(v.fn); len(names) == 0 || names[len(names)-1] != name {
			names = append(names, name)
		}
	}
	slices.Reverse(names)
	return names
}

// fromEntries walks the calls from every entry, nearest functions first.
func (e *engine) fromEntries(add func(*PerCall)) {
	seen := make(map[*ssa.Function]bool)
	var queue []*visit
	for _, fn := range e.index.Funcs {
		if entry := e.entry(fn); entry != nil && !testcode.Is(e.pass, fn.Pos()) && !isProbe(Name(fn)) {
			seen[fn] = true
			queue = append(queue, &visit{fn: fn, entry: entry})
		}
	}
	for len(queue) > 0 {
		v := queue[0]
		queue = queue[1:]
		for _, p := range append(e.consumedIn(v.fn), e.gatewaysIn(v.fn)...) {
			found := &PerCall{
				Instr: p.call, Func: v.fn, Opener: p.Opener, Entry: v.entry, Chain: v.chain(),
				RequestTarget: e.requestTarget(v, p.target),
				Acquisition:   p.site,
			}
			found.Sometimes, found.Optional = v.condition(p.call)
			add(found)
		}
		for _, edge := range e.edges(v.fn) {
			if edge.fact != nil {
				p := edge.fact.Paths[0]
				remote := p.Dial
				found := &PerCall{
					Instr: edge.instr, Func: v.fn, Opener: p.Opener, Entry: v.entry,
					Chain: append(v.chain(), qualified(edge.pkg, p.Chain)...), Remote: &remote,
					RequestTarget: e.requestTarget(v, e.ofArgs(picked(edge.instr, p.Targets))),
				}
				found.Sometimes, found.Optional = v.condition(edge.instr)
				add(found)
				continue
			}
			if !seen[edge.fn] && v.depth < maxChain && !testcode.Is(e.pass, edge.fn.Pos()) && !isProbe(Name(edge.fn)) {
				seen[edge.fn] = true
				queue = append(queue, &visit{fn: edge.fn, entry: v.entry, caller: v, edge: edge, depth: v.depth + 1})
			}
		}
	}
}

// requestTarget reports whether a target, given by its origin in the
// visited function, comes with the entry's request.
func (e *engine) requestTarget(v *visit, o origin) bool {
	for ; v.caller != nil; v = v.caller {
		o = e.lifted(o, v.fn, v.edge.instr)
	}
	return o.Own != 0 || slices.ContainsFunc(o.Params, func(p *ssa.Parameter) bool {
		// The receiver is the same for all requests, and so is what the
		// function is given that makes a handler.
		return p.Parent() == v.fn && (v.fn.Signature.Recv() == nil || p != v.fn.Params[0])
	})
}

// inLoops finds what fn opens in every turn of a loop.
func (e *engine) inLoops(fn *ssa.Function, add func(*PerCall)) {
	if len(e.index.Loops(fn)) == 0 {
		return
	}
	short := e.runsOnce(fn) || e.life.RunsOnce(fn.Pos())
	for _, p := range e.consumedIn(fn) {
		l := e.index.Innermost(p.call.Block())
		if l == nil || short && !l.Endless() || p.Stream {
			continue
		}
		if !e.consumedInLoop(p.site, l) || e.targetVaries(l, p.site) {
			continue
		}
		add(&PerCall{
			Instr: p.call, Func: fn, Opener: p.Opener, Loop: loopPos(l), Chain: []string{Name(fn)}, Acquisition: p.site,
		})
	}
	for _, edge := range e.edges(fn) {
		call, ok := edge.instr.(*ssa.Call)
		l := e.index.Innermost(edge.instr.Block())
		if !ok || edge.async || l == nil || short && !l.Endless() || !e.repeats(l, call) {
			continue
		}
		for _, p := range e.pathsThrough(fn, edge) {
			if p.Stream || isProbe(p.Chain[len(p.Chain)-1]) || e.pathVaries(l, &p) {
				continue
			}
			found := &PerCall{Instr: p.call, Func: p.fn, Opener: p.Opener, Loop: loopPos(l), Chain: p.Chain, Acquisition: p.site}
			if p.site == nil {
				remote := p.Dial
				found.Remote = &remote
			}
			add(found)
		}
	}
}

// consumedInLoop reports whether the connection is used for unary RPCs
// within one turn, and the loop goes on when they succeed.
func (e *engine) consumedInLoop(a *Acquisition, l *loops.Loop) bool {
	again := false
	for _, ev := range a.flow.events {
		switch ev.kind {
		case unary:
			if !l.Blocks[ev.instr.Block()] {
				return false // opened in the loop, used behind it
			}
			again = again || e.repeats(l, ev.instr)
		case streamed, unclear, escaped, returned:
			return false
		}
	}
	return again
}

func loopPos(l *loops.Loop) token.Pos {
	for _, instr := range l.Header.Instrs {
		if instr.Pos().IsValid() {
			return instr.Pos()
		}
	}
	for _, p := range l.Header.Preds {
		for i := len(p.Instrs) - 1; i >= 0; i-- {
			if p.Instrs[i].Pos().IsValid() {
				return p.Instrs[i].Pos()
			}
		}
	}
	return token.NoPos
}
