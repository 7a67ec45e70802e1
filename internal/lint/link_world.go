package lint

import (
	"go/ast"
	"go/types"
	"maps"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/link"
)

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

// settle judges packages until what they tell does not change any more.
func (w *world) settle() {
	dirty := make(map[*packages.Package]bool)
	for p := range w.between {
		if dirty[p] = w.choice == 0; dirty[p] {
			w.concern(p, map[reflect.Type]bool{reaching: true})
		}
	}
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

// linksOf chooses what the calls of a package run, of what there is something
// to tell.
func (w *world) linksOf(p *packages.Package) map[*ast.CallExpr]link.Target {
	links := make(map[*ast.CallExpr]link.Target)
	for _, c := range w.calls.Of[p] {
		var telling []link.Target
		for _, target := range c.Targets {
			if kinds := w.mentions(target); len(kinds) > 0 {
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

// reaching is the type of the fact that packages tell which reach gRPC.
var reaching = reflect.TypeOf(analyzers.Reaching())

// mentions returns the kinds of facts that tell something of what is linked.
func (w *world) mentions(target link.Target) map[reflect.Type]bool {
	p := w.byPath[target.Package()]
	if p == nil {
		return nil
	}
	kinds := make(map[reflect.Type]bool)
	if target.Func == nil || target.Package() == analyzers.HealthPath {
		for _, fact := range analyzers.Registering() {
			kinds[reflect.TypeOf(fact)] = true
		}
		return kinds
	}
	for t, fact := range w.of(p.Types) {
		if told, ok := fact.(analyzers.Fact); ok && told.Mentions(analyzers.Key(target.Func)) {
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
