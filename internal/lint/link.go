package lint

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"sync"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/directive"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/internal/link"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/wholefile"
)

// A linker judges packages again, with what other packages have put behind
// their interfaces.
//
//	service   s.repo.Find(id)        what it returns is not known
//	main      service.New(pg.New())  Service.repo is a *pg.Store
//	pg        (*Store).Find          returns a plain error
//	service   s.repo.Find(id)        returns a plain error
//
// Facts are what joins them: they tell of (*Store).Find all that the rules want
// to know, so a package is analysed again as if it called that. Where several
// types may stand behind an interface, each counts in a world of its own: what
// is wrong with one of them, is wrong. What a package tells may change by
// that, so those that call it are judged again, too, until nothing changes.
type linker struct {
	run   func(*analysis.Analyzer, *analysis.Pass) (any, error)
	list  []*analysis.Analyzer // in the order in which they require each other
	calls *link.Calls

	mu    sync.Mutex
	roots []*packages.Package // those that tell before those that hear
	facts facts
	// first are the results of families, and the directives, which remember
	// whether they have silenced something.
	first  map[*types.Package]map[*analysis.Analyzer]any
	keep   map[*types.Package]bool // whose syntax is needed again
	byPath map[string]*packages.Package
	used   map[*packages.Package]map[string]map[string]bool
	judged int // packages, each as often as it was

	sizes map[*types.Package]int // of the source that is not generated, in bytes
	left  int                    // bytes that may be judged again
	over  int                    // packages that are left as they are
}

// facts are what packages tell, by their types.
type facts map[*types.Package]map[reflect.Type]analysis.Fact

// Bounds of what the link may cost.
const (
	maxWorlds = 2 // functions behind one call
	maxRounds = 2 // how often a package is judged again in each of them
	// share is the part of the source of all packages that may be judged
	// again, which takes less than a tenth of the time of the whole run.
	share = 8
)

func newLinker(program *load.Program, list []*analysis.Analyzer, programOf func(pkgPath string) string) *linker {
	l := &linker{
		calls: &link.Calls{Of: make(map[*packages.Package][]link.Call)}, facts: make(facts), keep: make(map[*types.Package]bool),
		byPath: make(map[string]*packages.Package), list: inOrder(list),
		used: make(map[*packages.Package]map[string]map[string]bool), first: make(map[*types.Package]map[*analysis.Analyzer]any),
		sizes: make(map[*types.Package]int),
	}
	for _, roots := range apart(program.Roots, programOf) {
		calls := link.Find(roots)
		maps.Copy(l.calls.Of, calls.Of)
		l.calls.Open += calls.Open
	}
	packages.Visit(program.Roots, nil, func(p *packages.Package) { l.byPath[p.PkgPath] = p })
	for _, root := range program.Roots {
		l.byPath[root.PkgPath] = root
	}
	for _, p := range l.byPath {
		for _, file := range p.Syntax {
			size := int(file.FileEnd - file.FileStart)
			l.left += size
			if !ast.IsGenerated(file) {
				l.sizes[p.Types] += size
			}
		}
	}
	l.left /= share
	l.sort(program.Roots)
	for _, p := range l.roots {
		keeps := false
		for _, c := range l.calls.Of[p] {
			keeps = keeps || slices.ContainsFunc(c.Targets, func(t link.Target) bool { return l.byPath[pathOf(t.Func)] != nil })
		}
		for _, imported := range p.Imports {
			root := l.byPath[imported.PkgPath]
			keeps = keeps || root != nil && l.keep[root.Types]
		}
		l.keep[p.Types] = keeps
	}
	return l
}

// sort puts packages in an order in which those that tell something come before
// those that want to know it, as far as there is one.
func (l *linker) sort(roots []*packages.Package) {
	seen := make(map[*packages.Package]bool)
	var add func(p *packages.Package)
	add = func(p *packages.Package) {
		if p == nil || seen[p] {
			return
		}
		seen[p] = true
		for _, path := range slices.Sorted(maps.Keys(p.Imports)) {
			add(l.byPath[path])
		}
		for _, c := range l.calls.Of[p] {
			for _, target := range c.Targets {
				add(l.byPath[pathOf(target.Func)])
			}
		}
		if slices.Contains(roots, p) {
			l.roots = append(l.roots, p)
		}
	}
	for _, p := range roots {
		add(l.byPath[p.PkgPath])
		add(p)
	}
}

func pathOf(fn *types.Func) string {
	if fn.Pkg() == nil {
		return ""
	}
	return fn.Pkg().Path()
}

// inOrder returns the analyzers and those that they require, these first.
func inOrder(list []*analysis.Analyzer) []*analysis.Analyzer {
	var ordered []*analysis.Analyzer
	var add func(a *analysis.Analyzer)
	add = func(a *analysis.Analyzer) {
		if slices.Contains(ordered, a) {
			return
		}
		for _, required := range a.Requires {
			add(required)
		}
		ordered = append(ordered, a)
	}
	for _, a := range list {
		add(a)
	}
	return ordered
}

// listen has facts noted while an analyzer runs.
func (l *linker) listen(run func(*analysis.Analyzer, *analysis.Pass) (any, error)) func(*analysis.Analyzer, *analysis.Pass) (any, error) {
	return func(a *analysis.Analyzer, pass *analysis.Pass) (any, error) {
		export := pass.ExportPackageFact // of the same pass that run gets
		pass.ExportPackageFact = func(fact analysis.Fact) {
			l.mu.Lock()
			defer l.mu.Unlock()
			l.facts.note(pass.Pkg, fact)
			export(fact)
		}
		result, err := run(a, pass)
		if isFamily(a) || isDirectives(a) {
			l.mu.Lock()
			defer l.mu.Unlock()
			if l.first[pass.Pkg] == nil {
				l.first[pass.Pkg] = make(map[*analysis.Analyzer]any)
			}
			l.first[pass.Pkg][a] = result
		}
		return result, err
	}
}

func (f facts) note(pkg *types.Package, fact analysis.Fact) {
	if f[pkg] == nil {
		f[pkg] = make(map[reflect.Type]analysis.Fact)
	}
	f[pkg][reflect.TypeOf(fact)] = fact
}

// A world is one choice of what stands behind each call.
type world struct {
	*linker
	choice  int
	several bool // there is another choice somewhere
	told    facts
	kinds   map[*packages.Package]map[reflect.Type]bool // of the facts that are new to them
	chosen  map[*ast.CallExpr]link.Target
	wired   map[string][]link.Target // by the functions that lead there
	links   map[*packages.Package]map[*ast.CallExpr]link.Target
	results map[*packages.Package][]*analyzers.Result
}

// link judges again what has to be, and puts that into the outcome. It returns
// how many findings go by that.
func (l *linker) link(out *outcome) (retracted int) {
	again := make(map[*packages.Package][]*world)
	l.afford()
	var first *world
	for choice := range maxWorlds {
		w := l.world(choice, first)
		w.settle()
		for p := range w.results {
			again[p] = append(again[p], w)
		}
		if !w.several {
			break
		}
		if first == nil {
			first = w
		}
	}
	for _, p := range l.roots {
		if len(again[p]) > 0 {
			retracted += out.replace(p, again[p])
		}
	}
	return retracted
}

// afford leaves packages as they are, the largest first, if all that are linked
// would take too long.
func (l *linker) afford() {
	w := l.world(0, nil)
	var linked []*packages.Package
	for _, p := range l.roots {
		if l.keep[p.Types] && len(w.linksOf(p)) > 0 {
			linked = append(linked, p)
		}
	}
	slices.SortStableFunc(linked, func(a, b *packages.Package) int { return cmp.Compare(l.sizes[a.Types], l.sizes[b.Types]) })
	sum := 0
	for _, p := range linked {
		if sum += l.sizes[p.Types]; sum > l.left {
			l.keep[p.Types] = false
			l.over++
		}
	}
}

// world makes one. It begins as another one ended, and differs from that where
// there is a choice.
func (l *linker) world(choice int, like *world) *world {
	w := &world{
		linker: l, choice: choice, told: make(facts), chosen: make(map[*ast.CallExpr]link.Target),
		wired: make(map[string][]link.Target),
		kinds: make(map[*packages.Package]map[reflect.Type]bool),
		links: make(map[*packages.Package]map[*ast.CallExpr]link.Target), results: make(map[*packages.Package][]*analyzers.Result),
	}
	if like != nil {
		w.told, w.links, w.wired = maps.Clone(like.told), maps.Clone(like.links), maps.Clone(like.wired)
	}
	return w
}

// detail says what was linked, and what that took.
func (l *linker) detail(find, judge time.Duration) string {
	known := 0
	for _, calls := range l.calls.Of {
		known += len(calls)
	}
	return fmt.Sprintf("linked: %s through interfaces and function values, found in %s; %d stay open; %s judged again in %s, %d not for lack of time",
		say.Count(known, "call"), find, l.calls.Open, say.Count(l.judged, "package"), judge, l.over)
}

// settle judges packages until what they tell does not change any more.
func (w *world) settle() {
	dirty := make(map[*packages.Package]bool)
	for range maxRounds {
		settled := true
		for _, p := range w.roots {
			links := w.linksOf(p)
			if !w.keep[p.Types] || !dirty[p] && maps.Equal(links, w.links[p]) {
				continue
			}
			settled, dirty[p] = false, false
			w.links[p] = links
			if w.sizes[p.Types] > w.left {
				continue
			}
			w.left -= w.sizes[p.Types]
			news := w.judge(p)
			for _, other := range w.roots {
				if len(news.kinds) > 0 && w.hears(other, p, news) {
					dirty[other] = true
					w.concern(other, news.kinds)
				}
			}
		}
		if settled {
			return
		}
	}
}

// news are how what a package tells has changed.
type news struct {
	keys   map[string]bool // of functions, types and variables
	others bool
	kinds  map[reflect.Type]bool // of facts
}

// newsOf compares what two analyses of a package tell.
func newsOf(before, now map[reflect.Type]analysis.Fact) *news {
	n := &news{keys: make(map[string]bool), kinds: make(map[reflect.Type]bool)}
	compare := func(t reflect.Type, a, b analysis.Fact) {
		if b == nil {
			b = reflect.New(t.Elem()).Interface().(analysis.Fact) // which tells nothing
		}
		if a, ok := a.(analyzers.Fact); ok {
			keys, others := a.Differences(b)
			n.others = n.others || others
			for _, key := range keys {
				n.keys[key] = true
			}
			if others || len(keys) > 0 {
				n.kinds[t] = true
			}
		}
	}
	for t, fact := range before {
		compare(t, fact, now[t])
	}
	for t, fact := range now {
		if before[t] == nil {
			compare(t, fact, nil)
		}
	}
	return n
}

// hears reports whether news of another package are some for a package.
func (w *world) hears(p, other *packages.Package, news *news) bool {
	if p == other {
		return false
	}
	if news.others && p.Imports[other.PkgPath] != nil {
		return true
	}
	for _, target := range w.links[p] {
		if pathOf(target.Func) == other.PkgPath && (news.others || news.keys[analyzers.Key(target.Func)]) {
			return true
		}
	}
	for key := range w.uses(p)[other.PkgPath] {
		if news.keys[key] {
			return true
		}
	}
	return false
}

// uses are the keys of what a package names of others, by their paths.
func (l *linker) uses(p *packages.Package) map[string]map[string]bool {
	if known, ok := l.used[p]; ok || !l.keep[p.Types] {
		return known
	}
	used := make(map[string]map[string]bool)
	for _, obj := range p.TypesInfo.Uses {
		if obj.Pkg() == nil || obj.Pkg() == p.Types {
			continue
		}
		path := obj.Pkg().Path()
		if used[path] == nil {
			used[path] = make(map[string]bool)
		}
		used[path][analyzers.Key(obj)] = true
	}
	l.used[p] = used
	return used
}

// linksOf chooses what the calls of a package run, of what there is something
// to tell.
func (w *world) linksOf(p *packages.Package) map[*ast.CallExpr]link.Target {
	links := make(map[*ast.CallExpr]link.Target)
	for _, c := range w.calls.Of[p] {
		var telling []link.Target
		for _, target := range c.Targets {
			if kinds := w.mentions(target.Func); len(kinds) > 0 {
				w.concern(p, kinds)
				telling = append(telling, target)
			}
		}
		switch {
		case len(telling) == 0 || len(telling) > maxWorlds:
			continue
		case len(telling) > 1:
			w.several = true
		}
		target, chosen := w.chosen[c.Expr]
		if !chosen {
			target = telling[w.choice%len(telling)]
			w.chosen[c.Expr] = target
		}
		links[c.Expr] = target
	}
	return links
}

// mentions returns the kinds of facts that tell something of a function.
func (w *world) mentions(fn *types.Func) map[reflect.Type]bool {
	p := w.byPath[pathOf(fn)]
	if p == nil {
		return nil
	}
	kinds := make(map[reflect.Type]bool)
	for t, fact := range w.of(p.Types) {
		if told, ok := fact.(analyzers.Fact); ok && told.Mentions(analyzers.Key(fn)) {
			kinds[t] = true
		}
	}
	return kinds
}

// concern notes of which kinds the facts are that are new to a package.
func (w *world) concern(p *packages.Package, kinds map[reflect.Type]bool) {
	if w.kinds[p] == nil {
		w.kinds[p] = make(map[reflect.Type]bool)
	}
	maps.Copy(w.kinds[p], kinds)
}

// of returns what a package tells in this world.
func (w *world) of(p *types.Package) map[reflect.Type]analysis.Fact {
	if told := w.told[p]; told != nil {
		return told
	}
	return w.facts[p]
}

// judge analyses a package with its links, and returns what it tells else by
// that. Only what has to do with the facts that are new to it is done again.
func (w *world) judge(p *packages.Package) *news {
	w.judged++
	heard, info, needed := w.heard(p), w.named(p), w.needed(p)
	told := maps.Clone(w.of(p.Types))
	if told == nil {
		told = make(map[reflect.Type]analysis.Fact)
	}
	resultOf := make(map[*analysis.Analyzer]any)
	for a, result := range w.first[p.Types] {
		resultOf[a] = result
	}
	for _, a := range w.list {
		if !needed[a] || isDirectives(a) {
			continue
		}
		if a == analyzers.Wiring() {
			runs := make(map[token.Pos]*types.Func)
			for call, target := range w.links[p] {
				runs[call.Lparen] = target.Func
			}
			resultOf[a] = &analyzers.Links{Runs: runs}
			continue
		}
		for _, fact := range a.FactTypes {
			delete(told, reflect.TypeOf(fact))
		}
		pass := w.pass(a, p, info, heard)
		pass.ExportPackageFact = func(fact analysis.Fact) { told[reflect.TypeOf(fact)] = fact }
		for _, required := range a.Requires {
			pass.ResultOf[required] = resultOf[required]
		}
		resultOf[a], _ = w.run(a, pass) // which never fails
	}
	w.wire(p)
	news := newsOf(w.of(p.Types), told)
	w.told[p.Types], w.results[p] = told, nil
	for _, a := range w.list {
		if result, ok := resultOf[a].(*analyzers.Result); ok && result != nil {
			w.results[p] = append(w.results[p], result)
		}
	}
	return news
}

// needed are the analyzers whose results may change by the facts that are new
// to a package, and what they require. Of other families the results stay.
func (w *world) needed(p *packages.Package) map[*analysis.Analyzer]bool {
	concerned := make(map[*analysis.Analyzer]bool)
	needed := make(map[*analysis.Analyzer]bool)
	var require func(a *analysis.Analyzer)
	require = func(a *analysis.Analyzer) {
		if needed[a] {
			return
		}
		needed[a] = true
		for _, required := range a.Requires {
			if !isFamily(required) {
				require(required)
			}
		}
	}
	for _, a := range w.list { // those that others require come first
		for _, fact := range a.FactTypes {
			concerned[a] = concerned[a] || w.kinds[p][reflect.TypeOf(fact)]
		}
		for _, required := range a.Requires {
			concerned[a] = concerned[a] || concerned[required]
		}
		if concerned[a] {
			require(a)
		}
	}
	return needed
}

// isDirectives: the analyzer collects the directives of a package.
func isDirectives(a *analysis.Analyzer) bool {
	return a.ResultType == reflect.TypeFor[*directive.Set]()
}

func isFamily(a *analysis.Analyzer) bool { return a.ResultType == reflect.TypeFor[*analyzers.Result]() }

// named is what the type checker knows of a package, with what the methods of
// interfaces that it names stand for.
func (w *world) named(p *packages.Package) *types.Info {
	info := *p.TypesInfo
	info.Uses = maps.Clone(info.Uses)
	for call, target := range w.links[p] {
		if fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			if _, ok := info.Uses[fun.Sel].(*types.Func); ok {
				info.Uses[fun.Sel] = target.Func
			}
		}
	}
	return &info
}

// heard are the facts that a package knows, by the packages that tell them:
// what it imports, directly or not, and what it is linked to.
func (w *world) heard(p *packages.Package) []analysis.PackageFact {
	tellers := map[string]*packages.Package{}
	add := func(p *packages.Package) {
		packages.Visit([]*packages.Package{p}, nil, func(p *packages.Package) { tellers[p.PkgPath] = p })
	}
	for _, target := range w.links[p] {
		if q := w.byPath[pathOf(target.Func)]; q != nil {
			add(q)
		}
	}
	add(p)
	delete(tellers, p.PkgPath)
	var list []analysis.PackageFact
	for _, path := range slices.Sorted(maps.Keys(tellers)) {
		q := tellers[path]
		if root := w.byPath[path]; root != nil && w.told[root.Types] != nil {
			q = root // judged again
		}
		for _, fact := range w.of(q.Types) {
			list = append(list, analysis.PackageFact{Package: q.Types, Fact: fact})
		}
	}
	return list
}

// pass makes one of an analyzer for a package.
func (w *world) pass(a *analysis.Analyzer, p *packages.Package, info *types.Info, heard []analysis.PackageFact) *analysis.Pass {
	kinds := make(map[reflect.Type]bool)
	for _, fact := range a.FactTypes {
		kinds[reflect.TypeOf(fact)] = true
	}
	pass := &analysis.Pass{
		Analyzer: a, Fset: p.Fset, Files: p.Syntax, OtherFiles: p.OtherFiles, IgnoredFiles: p.IgnoredFiles,
		Pkg: p.Types, TypesInfo: info, TypesSizes: p.TypesSizes, ResultOf: make(map[*analysis.Analyzer]any),
		Report: func(analysis.Diagnostic) {}, ReadFile: func(name string) ([]byte, error) { return wholefile.Read(name, wholefile.Text) },
		ImportObjectFact: func(types.Object, analysis.Fact) bool { return false },
		ExportObjectFact: func(types.Object, analysis.Fact) {},
		AllObjectFacts:   func() []analysis.ObjectFact { return nil },
		ImportPackageFact: func(pkg *types.Package, into analysis.Fact) bool {
			for _, f := range heard {
				if f.Package.Path() == pkg.Path() && reflect.TypeOf(f.Fact) == reflect.TypeOf(into) {
					reflect.ValueOf(into).Elem().Set(reflect.ValueOf(f.Fact).Elem())
					return true
				}
			}
			return false
		},
		AllPackageFacts: func() []analysis.PackageFact {
			return slices.DeleteFunc(slices.Clone(heard), func(f analysis.PackageFact) bool { return !kinds[reflect.TypeOf(f.Fact)] })
		},
	}
	if m := p.Module; m != nil {
		pass.Module = &analysis.Module{Path: m.Path, Version: m.Version, GoVersion: m.GoVersion}
	}
	return pass
}

// A mark tells findings of one package apart.
type mark struct {
	rule string
	pos  token.Pos
}

func markOf(f *finding.Finding) mark { return mark{f.Rule.ID, f.Pos} }

// replace puts what is found of a package in some worlds in the place of what
// was found before. What was found before stays as it was, if it is found
// again.
func (out *outcome) replace(p *packages.Package, worlds []*world) (retracted int) {
	again := make(map[mark]*finding.Finding)
	var order []mark
	for i, w := range worlds {
		for _, result := range w.results[p] {
			for j := range result.Findings {
				f := &result.Findings[j]
				if f.Rule.Family() == "suppress" && i < len(worlds)-1 {
					continue // a directive may be of use in another world
				}
				if m := markOf(f); again[m] == nil {
					again[m] = f
					order = append(order, m)
					w.explain(p, f)
				}
			}
		}
	}
	before := make(map[mark]bool)
	out.findings = slices.DeleteFunc(out.findings, func(o *origin) bool {
		if o.pkg != p {
			return false
		}
		m := markOf(&o.Finding)
		before[m] = true
		if again[m] == nil {
			retracted++
		}
		return again[m] == nil
	})
	for _, m := range order {
		if !before[m] {
			f := *again[m]
			f.Linked = true
			out.findings = append(out.findings, &origin{f, p})
		}
	}
	out.results[p] = worlds[0].results[p]
	return retracted
}

// explain names how what a finding is about was wired.
func (w *world) explain(p *packages.Package, f *finding.Finding) {
	places := []token.Pos{f.Pos}
	involved := make(map[string]bool) // packages, by path
	for _, r := range f.Related {
		if r.Remote == nil {
			places = append(places, r.Pos)
		} else {
			involved[r.Remote.Package] = true
		}
	}
	named := make(map[*types.Func]bool)
	for _, pos := range places {
		decl := declAround(p, pos)
		if decl == nil {
			continue
		}
		targets := w.wiringOf(p, decl, pos)
		if len(targets) == 0 {
			continue
		}
		target := targets[len(targets)-1]
		if i := slices.IndexFunc(targets, func(t link.Target) bool { return involved[pathOf(t.Func)] }); i >= 0 {
			target = targets[i]
		}
		if named[target.Func] {
			continue
		}
		named[target.Func] = true
		f.Related = append(f.Related, finding.Related{
			Message: "here it is decided that " + nameOf(target.Func) + " is called", Pos: target.Wired, End: target.Wired,
		})
	}
}

// maxWirings bounds what is told of how a function is wired.
const maxWirings = 8

// wiringOf returns what the calls in a declaration run that are linked, or
// lead to others which are: those up to a place, or else those behind it.
func (w *world) wiringOf(p *packages.Package, decl ast.Decl, until token.Pos) []link.Target {
	var before, behind []link.Target
	note := func(at token.Pos, targets ...link.Target) {
		list := &before
		if at > until {
			list = &behind
		}
		for _, t := range targets {
			if len(*list) < maxWirings && !slices.Contains(*list, t) {
				*list = append(*list, t)
			}
		}
	}
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if target, ok := w.links[p][n]; ok {
				note(n.Pos(), target)
			}
		case *ast.Ident:
			if fn, ok := p.TypesInfo.Uses[n].(*types.Func); ok {
				note(n.Pos(), w.wired[keyOf(fn)]...)
			}
		}
		return true
	})
	if len(before) == 0 {
		return behind
	}
	return before
}

// wire notes which functions of a package lead to calls that are linked.
func (w *world) wire(p *packages.Package) {
	for again := true; again; {
		again = false
		for _, file := range p.Syntax {
			for _, decl := range file.Decls {
				decl, ok := decl.(*ast.FuncDecl)
				if !ok {
					continue
				}
				fn, _ := p.TypesInfo.Defs[decl.Name].(*types.Func)
				key, targets := keyOf(fn), w.wiringOf(p, decl, decl.End())
				if len(targets) > len(w.wired[key]) {
					w.wired[key], again = targets, true
				}
			}
		}
	}
}

// keyOf names a function in the variants of its package alike.
func keyOf(fn *types.Func) string {
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	return fn.Pkg().Path() + "." + analyzers.Key(fn.Origin())
}

// declAround returns the declaration around a place of a package, or nil.
func declAround(p *packages.Package, pos token.Pos) ast.Decl {
	for _, file := range p.Syntax {
		if pos < file.FileStart || pos > file.FileEnd {
			continue
		}
		for _, decl := range file.Decls {
			if decl.Pos() <= pos && pos < decl.End() {
				return decl
			}
		}
	}
	return nil
}

// nameOf names a function or a method as people write it: pg.New,
// (*pg.Store).Find.
func nameOf(fn *types.Func) string {
	recv := fn.Signature().Recv()
	short := func(p *types.Package) string { return p.Name() }
	if recv == nil {
		return short(fn.Pkg()) + "." + fn.Name()
	}
	t := types.TypeString(recv.Type(), short)
	if _, ok := recv.Type().(*types.Pointer); ok {
		t = "(" + t + ")"
	}
	return t + "." + fn.Name()
}
