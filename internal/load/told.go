package load

import (
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/cache"
)

// leaveOut takes out of those that are read from source the packages of which it
// is known what they tell, and returns those of which that can be known: they use
// gRPC, are of no module at hand, and nobody changes them or what they import.
//
// With a package all that it imports is left out, or it is not: types from source
// and types from declarations would contradict each other.
func (c *checker) leaveOut(roots []*packages.Package, told func(*packages.Package, cache.Key) bool) map[*packages.Package]cache.Key {
	immutable := make(map[*packages.Package]cache.Key)
	c.told = make(closure)
	packages.Visit(roots, nil, func(p *packages.Package) { // imports first
		if !c.source[p] || isMain(p) || isRecut(p) || slices.Contains(roots, p) || len(p.Errors) > 0 || c.others.keys.immutable(p) == "" {
			return
		}
		known := told != nil
		for _, imported := range p.Imports {
			if _, ok := immutable[imported]; !ok && c.source[imported] {
				return
			}
			known = known && (c.told[imported] || !c.source[imported])
		}
		key, _ := c.others.keys.of(p)
		immutable[p] = key
		if known && told(p, key) {
			c.told[p] = true
		}
	})
	for p := range c.told {
		delete(c.source, p)
	}
	return immutable
}

// declareTold gives the packages that were left out their types, as far as
// somebody imports them.
func (c *checker) declareTold(roots []*packages.Package) {
	packages.Visit(roots, nil, func(p *packages.Package) { // imports first
		if !c.told[p] {
			return
		}
		<-c.others.prepare(p).done
		p.Fset = c.fset
		if p.Types, _ = c.others.importPackage(p); p.Types == nil {
			p.IllTyped = true
		}
	})
	// Who imports one without types does without it.
	packages.Visit(roots, func(p *packages.Package) bool {
		for path, imported := range p.Imports {
			if c.told[imported] && imported.IllTyped {
				delete(p.Imports, path)
			}
		}
		return true
	}, nil)
}
