package load

import (
	"crypto/sha256"
	"fmt"
	"maps"
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/cache"
)

// leaveOut takes out of those that are read from source the packages of which it
// is known what they tell, and returns those of which that can be known, with the
// keys of that: they use gRPC, and, unless those at hand count, they are of other
// modules, and nobody changes them or what they import.
//
// With a package all that it imports is left out, or it is not: types from source
// and types from declarations would contradict each other.
func (c *checker) leaveOut(roots []*packages.Package, told func(*packages.Package, cache.Key) bool, own bool) map[*packages.Package]cache.Key {
	keys := make(map[*packages.Package]cache.Key)
	c.told = make(closure)
	packages.Visit(roots, nil, func(p *packages.Package) { // imports first
		asked := slices.Contains(roots, p)
		if !c.source[p] || isRecut(p) || len(p.Errors) > 0 || !own && (asked || isMain(p) || c.others.keys.immutable(p) == "") {
			return
		}
		known := told != nil && !asked
		for _, imported := range p.Imports {
			if _, ok := keys[imported]; !ok && c.source[imported] {
				return
			}
			known = known && (c.told[imported] || !c.source[imported])
		}
		keys[p] = c.keyOf(p, keys)
		if known && told(p, keys[p]) {
			c.told[p] = true
		}
	})
	for p := range c.told {
		delete(c.source, p)
	}
	return keys
}

// keyOf returns a key of all that what a package tells follows from: of its
// source and of what it embeds, and of the same of what it imports, of which the
// keys are known.
func (c *checker) keyOf(p *packages.Package, known map[*packages.Package]cache.Key) cache.Key {
	key, _ := c.others.keys.of(p)
	if c.others.keys.immutable(p) != "" {
		return key
	}
	hash := sha256.New()
	fmt.Fprintf(hash, "%x\n", key)
	for _, path := range slices.Sorted(maps.Keys(p.Imports)) {
		fmt.Fprintf(hash, "%q %x\n", path, known[p.Imports[path]])
	}
	for _, name := range p.EmbedFiles {
		text, err := c.read(name)
		fmt.Fprintf(hash, "%q %x %t\n", name, SumOf(text), err == nil)
	}
	return cache.Key(hash.Sum(nil))
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
