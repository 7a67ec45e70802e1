package lint

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"runtime/debug"
	"slices"
	"sync"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/internal/link"
	"github.com/grpclint/grpclint/internal/load"
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
	list  []*analysis.Analyzer
	calls *link.Calls

	mu    sync.Mutex
	roots []*packages.Package // those that tell before those that hear
	facts facts
	// first are the results of families, and the directives, which remember
	// whether they have silenced something.
	first map[*types.Package]map[*analysis.Analyzer]any
	keep  map[*types.Package]bool // whose syntax is needed again
	// between are packages that do not reach gRPC by what they import. What
	// they tell to those that do is found out when they are judged like these.
	between map[*packages.Package]bool
	byPath  map[string]*packages.Package
	used    map[*packages.Package]map[string]map[string]bool
	judged  int // packages, each as often as it was

	sizes map[*types.Package]int // of the source that is not generated, in bytes
	left  int                    // bytes that may be judged again
	over  int                    // packages that are left as they are

	errors []Error
}

// Bounds of what the link may cost.
const (
	maxWorlds = 2 // functions behind one call
	maxRounds = 2 // how often a package is judged again in each of them
	// share is the part of the source of all packages that may be judged
	// again, which takes less than a tenth of the time of the whole run; of
	// small programs, some bytes more.
	share = 8
	some  = 64 << 10
)

func newLinker(program *load.Program, list []*analysis.Analyzer, programOf func(pkgPath string) string) *linker {
	l := &linker{
		calls: &link.Calls{Of: make(map[*packages.Package][]link.Call)}, facts: make(facts), keep: make(map[*types.Package]bool),
		byPath: make(map[string]*packages.Package), list: list,
		between: program.Between,
		used:    make(map[*packages.Package]map[string]map[string]bool), first: make(map[*types.Package]map[*analysis.Analyzer]any),
		sizes: make(map[*types.Package]int),
	}
	for _, roots := range apart(program.Roots, programOf) {
		calls, err := findCalls(roots)
		if err != nil {
			l.errors = append(l.errors, *err)
			continue
		}
		maps.Copy(l.calls.Of, calls.Of)
		l.calls.Open += calls.Open
	}
	packages.Visit(program.Roots, nil, func(p *packages.Package) { l.byPath[p.PkgPath] = p })
	for _, root := range program.Roots {
		l.byPath[root.PkgPath] = root
	}
	for _, p := range l.byPath {
		if len(p.Syntax) == 0 { // it is known what it tells, which must not matter here
			l.left += int(load.SourceSize(p))
		}
		for _, file := range p.Syntax {
			size := int(file.FileEnd - file.FileStart)
			l.left += size
			if !ast.IsGenerated(file) {
				l.sizes[p.Types] += size
			}
		}
	}
	l.left = max(l.left/share, some)
	l.sort(program.Roots)
	for _, p := range l.roots {
		keeps := false
		for _, c := range l.calls.Of[p] {
			keeps = keeps || slices.ContainsFunc(c.Targets, func(t link.Target) bool { return l.byPath[t.Package()] != nil })
		}
		for _, imported := range p.Imports {
			root := l.byPath[imported.PkgPath]
			keeps = keeps || root != nil && l.keep[root.Types]
		}
		l.keep[p.Types] = keeps || l.between[p]
	}
	return l
}

// findCalls makes an error of a panic, by which no package is linked.
func findCalls(roots []*packages.Package) (calls *link.Calls, err *Error) {
	defer func() {
		if r := recover(); r != nil {
			err = &Error{Message: fmt.Sprintf("internal error: the link: panic: %v", r), Detail: string(debug.Stack())}
		}
	}()
	return link.Find(roots), nil
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
				add(l.byPath[target.Package()])
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
		if l.keep[p.Types] && (l.between[p] || len(w.linksOf(p)) > 0) {
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

// targets are what calls run, by their opening parentheses.
func (l *linker) targets() map[token.Pos][]link.Target {
	all := make(map[token.Pos][]link.Target)
	for _, calls := range l.calls.Of {
		for _, c := range calls {
			all[c.Expr.Lparen] = c.Targets
		}
	}
	return all
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
