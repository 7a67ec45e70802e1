package link

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

func isTest(file string) bool { return strings.HasSuffix(file, "_test.go") }

// A graph is what goes where in a program.
type graph struct {
	places  map[place]*node
	sources map[sourceKey]*source
	bodies  map[token.Pos]bool // functions that are declared here, by the positions of their names
	calls   []*call
	work    []arrival

	analysed  map[string]bool // packages, by path
	generated map[string]bool // files
}

// A place is an object of the program, by where it is declared: the variants of
// a package, which have different objects, have their files in common.
type place struct {
	at     token.Pos
	kind   placeKind
	result int
	name   string // of a type that is provided
}

type placeKind uint8

const (
	variable placeKind = iota // of any kind, fields and parameters among them
	result                    // of a function that is declared, or is a literal
	returned                  // by a call
	provided                  // to a container of dependencies
)

// A node holds what may be at a place.
type node struct {
	holds map[*source]bool
	// unknown: it may hold something else, too.
	unknown bool
	to      map[*node]bool
	calls   []*call // of what it holds
	// escapes: what it holds is called from where nothing is seen.
	escapes bool
}

// A source is a type of which there are values, a function or a function literal.
type source struct {
	t   types.Type
	fn  *types.Func
	lit *ast.FuncLit
	sig *types.Signature // of fn and lit
	// wired is the first place, in the order in which packages are read, at
	// which it becomes something more general.
	wired token.Pos
	order int // in which it was found, which does not depend on chance
}

type sourceKey struct {
	at      token.Pos
	pointer bool
	args    string // of an instance
}

// A call is one of a method of an interface or of a function value.
type call struct {
	pkg    *packages.Package
	expr   *ast.CallExpr // nil for one of which nobody asks what it runs
	method *types.Func
	on     *node
	args   []*node // nil where nothing of interest is passed
	gets   []*node // results
	// registers: nothing of what is there is called, it is registered.
	registers bool
	bound     map[*source]bool
}

// An arrival is something new at a place.
type arrival struct {
	at     *node
	source *source // nil: something unknown
}

func newGraph() *graph {
	return &graph{
		places: make(map[place]*node), sources: make(map[sourceKey]*source), bodies: make(map[token.Pos]bool),
		analysed: make(map[string]bool), generated: make(map[string]bool),
	}
}

// declare notes the functions of a file.
func (g *graph) declare(p *packages.Package, file *ast.File) {
	g.analysed[p.PkgPath] = true
	if ast.IsGenerated(file) {
		g.generated[p.Fset.File(file.FileStart).Name()] = true
	}
	for _, decl := range file.Decls {
		if decl, ok := decl.(*ast.FuncDecl); ok && decl.Body != nil {
			if fn := p.TypesInfo.Defs[decl.Name]; fn != nil {
				g.bodies[fn.Pos()] = true
			}
		}
	}
}

func (g *graph) node(p place) *node {
	n := g.places[p]
	if n == nil {
		n = newNode()
		g.places[p] = n
	}
	return n
}

func newNode() *node { return &node{holds: make(map[*source]bool), to: make(map[*node]bool)} }

// of returns the node of a variable, a field, a parameter.
func (g *graph) of(v *types.Var) *node { return g.node(place{at: v.Origin().Pos()}) }

// result returns the node of what a function or a literal returns.
func (g *graph) result(at token.Pos, i int) *node {
	return g.node(place{at: at, kind: result, result: i})
}

// edge has all that one place holds go to another.
func (g *graph) edge(from, to *node) {
	if from == nil || to == nil || from == to || from.to[to] {
		return
	}
	from.to[to] = true
	for s := range from.holds {
		g.put(to, s)
	}
	if from.unknown {
		g.put(to, nil)
	}
}

// put has a place hold something.
func (g *graph) put(at *node, s *source) {
	switch {
	case at == nil:
		return
	case s == nil && at.unknown, s != nil && at.holds[s]:
		return
	case s == nil:
		at.unknown = true
	default:
		at.holds[s] = true
	}
	g.work = append(g.work, arrival{at, s})
}

// typed returns the source of a type; nil if it is not known who declares its
// methods.
func (g *graph) typed(t types.Type, wired token.Pos) *source {
	named := namedOf(t)
	if named == nil {
		return nil
	}
	_, isPointer := types.Unalias(t).(*types.Pointer)
	key := sourceKey{at: named.Obj().Pos(), pointer: isPointer}
	for arg := range named.TypeArgs().Types() {
		key.args += arg.String() + ","
	}
	if !key.at.IsValid() {
		return nil
	}
	return g.source(key, &source{t: t}, wired)
}

// namedOf returns the named type that a type is or points to, or nil.
func namedOf(t types.Type) *types.Named {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	named, _ := t.(*types.Named)
	return named
}

func (g *graph) function(fn *types.Func, wired token.Pos) *source {
	fn = fn.Origin()
	return g.source(sourceKey{at: fn.Pos()}, &source{fn: fn, sig: fn.Signature()}, wired)
}

func (g *graph) literal(lit *ast.FuncLit, sig *types.Signature) *source {
	return g.source(sourceKey{at: lit.Pos()}, &source{lit: lit, sig: sig}, lit.Pos())
}

func (g *graph) source(key sourceKey, fresh *source, wired token.Pos) *source {
	s := g.sources[key]
	if s == nil {
		s = fresh
		s.wired, s.order = wired, len(g.sources)
		g.sources[key] = s
	}
	return s
}

// solve goes on until nothing new arrives anywhere.
func (g *graph) solve() {
	for len(g.work) > 0 {
		next := g.work[len(g.work)-1]
		g.work = g.work[:len(g.work)-1]
		for to := range next.at.to {
			g.put(to, next.source)
		}
		for _, c := range next.at.calls {
			g.bind(c, next.source)
		}
		if next.at.escapes {
			g.letOut(next.source)
		}
	}
}

// call adds one of what a place holds.
func (g *graph) call(c *call) {
	c.bound = make(map[*source]bool)
	if c.expr != nil {
		g.calls = append(g.calls, c)
	}
	g.attach(c, c.on)
}

func (g *graph) attach(c *call, on *node) {
	if slices.Contains(on.calls, c) {
		return
	}
	on.calls = append(on.calls, c)
	for s := range on.holds {
		g.bind(c, s)
	}
	if on.unknown {
		g.bind(c, nil)
	}
}

// bind has a call run what arrived where it looks.
func (g *graph) bind(c *call, s *source) {
	if s == nil {
		for _, got := range c.gets {
			g.put(got, nil)
		}
		return
	}
	if c.bound[s] {
		return
	}
	c.bound[s] = true
	if c.registers {
		return
	}
	if c.method == nil {
		g.run(c, s)
		return
	}
	fn, embedded := methodOf(s.t, c.method)
	switch {
	case embedded != nil: // a decorator that leaves this method as it is
		g.attach(c, g.of(embedded))
	case fn != nil:
		g.run(c, &source{fn: fn.Origin(), sig: fn.Origin().Signature()})
	}
}

// run hands the arguments of a call to a function, and its results back.
func (g *graph) run(c *call, s *source) {
	at := token.NoPos
	switch {
	case s.lit != nil:
		at = s.lit.Pos()
	case s.fn != nil && g.bodies[s.fn.Pos()]:
		at = s.fn.Pos()
	default:
		for _, got := range c.gets {
			g.put(got, nil)
		}
		return
	}
	g.pass(c.args, s.sig)
	for i, got := range c.gets {
		if got != nil {
			g.edge(g.result(at, i), got)
		}
	}
}

// pass hands arguments to the parameters of a function. A list and its elements
// are one place.
func (g *graph) pass(args []*node, sig *types.Signature) {
	params := sig.Params()
	for i, arg := range args {
		j := min(i, params.Len()-1)
		if arg == nil || j < 0 || i > j && !sig.Variadic() {
			continue
		}
		g.edge(arg, g.of(params.At(j)))
	}
}

// letOut has a function be called by nobody knows whom.
func (g *graph) letOut(s *source) {
	if s == nil || s.sig == nil {
		return
	}
	for param := range s.sig.Params().Variables() {
		if g.carries(param.Type()) {
			g.put(g.of(param), nil)
		}
	}
}

// escape has what a place holds be called from where nothing is seen.
func (g *graph) escape(n *node) {
	if n == nil || n.escapes {
		return
	}
	n.escapes = true
	for s := range n.holds {
		g.letOut(s)
	}
}

// methodOf returns the method of a type that a call of an interface's method
// runs, or the embedded field, of an interface's type, whose method it is.
func methodOf(t types.Type, method *types.Func) (fn *types.Func, embedded *types.Var) {
	if t == nil {
		return nil, nil
	}
	obj, index, _ := types.LookupFieldOrMethod(t, true, method.Pkg(), method.Name())
	fn, ok := obj.(*types.Func)
	if !ok {
		return nil, nil
	}
	if !types.IsInterface(fn.Signature().Recv().Type()) {
		return fn, nil
	}
	return nil, fieldAt(t, index[:len(index)-1])
}

// fieldAt returns the field to which a path of embedded fields leads.
func fieldAt(t types.Type, path []int) (field *types.Var) {
	for _, i := range path {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok {
			return nil
		}
		field = s.Field(i)
		t = field.Type()
	}
	return field
}

// targets returns what a call runs; nil if that is not known.
func (g *graph) targets(c *call) []Target {
	var targets []Target
	seen := make(map[*node]bool)
	var look func(n *node) bool
	look = func(n *node) bool {
		if seen[n] {
			return true
		}
		seen[n] = true
		if n.unknown {
			return false
		}
		for _, s := range slices.SortedFunc(maps.Keys(n.holds), func(a, b *source) int { return a.order - b.order }) {
			if c.registers {
				if s.t == nil {
					return false
				}
				targets = append(targets, Target{Type: s.t, Wired: s.wired})
				continue
			}
			fn := s.fn
			if c.method != nil {
				var embedded *types.Var
				if fn, embedded = methodOf(s.t, c.method); embedded != nil {
					if !look(g.of(embedded)) {
						return false
					}
					continue
				}
			}
			if fn == nil {
				return false // a literal
			}
			fn = fn.Origin()
			if !slices.ContainsFunc(targets, func(t Target) bool { return t.Func.Pos() == fn.Pos() }) {
				targets = append(targets, Target{Func: fn, Wired: s.wired})
			}
		}
		return true
	}
	if !look(c.on) {
		return nil
	}
	// By name: which package's positions come first depends on chance.
	slices.SortFunc(targets, func(a, b Target) int { return cmp.Compare(a.name(), b.name()) })
	return targets
}
