package load

import (
	"cmp"
	"maps"
	"os"
	"slices"

	"golang.org/x/tools/go/packages"
)

// How much of the source outside the closure is read beside it: as many bytes as
// an eighth of that of the closure, and of small programs some more.
const (
	share = 8
	some  = 64 << 10
)

// widen has packages of the modules at hand read from source that do not reach
// gRPC and lie below such that do, and returns those that match the patterns:
//
//	handler ──▶ usecase ──▶ (interface) ◀── store ──▶ gRPC
//	   main ──▶ all three
//
// What a use case makes of its store's errors, and what context it hands on, is
// to be seen by whoever knows which store it gets. Those that do not import
// context are left out, and the largest, if all together would take too long.
// With a package goes what lies above it, which has to see the same types; so what
// lies below declarations of other modules stays as it is.
func (c *checker) widen(matched []*packages.Package) []*packages.Package {
	sizes := make(map[*packages.Package]int64)
	left := int64(0)
	var reaching []*packages.Package
	for p := range c.source {
		reaching = append(reaching, p)
		if isMain(p) {
			left += SourceSize(p)
		}
	}
	left = max(left/share, some)
	asked := make(map[*packages.Package]bool)
	for _, p := range matched {
		asked[p] = true
	}
	fixed := c.belowOthers(reaching)
	var below, candidates []*packages.Package // imports first
	packages.Visit(reaching, nil, func(p *packages.Package) {
		if !isMain(p) || c.source[p] || fixed[p] {
			return
		}
		below = append(below, p)
		sizes[p] = SourceSize(p)
		if asked[p] && !isRecut(p) && len(p.Errors) == 0 && p.Imports["context"] != nil {
			candidates = append(candidates, p)
		}
	})
	slices.SortFunc(candidates, func(a, b *packages.Package) int {
		return cmp.Or(cmp.Compare(sizes[a], sizes[b]), cmp.Compare(a.ID, b.ID))
	})
	chosen := make(closure)
	for _, candidate := range candidates {
		size := int64(0)
		more := above(candidate, below, chosen)
		for p := range more {
			size += sizes[p]
		}
		if size <= left {
			left -= size
			maps.Copy(chosen, more)
		}
	}
	maps.Copy(c.source, chosen)
	return slices.DeleteFunc(below, func(p *packages.Package) bool { return !chosen[p] || !asked[p] || isRecut(p) })
}

// belowOthers returns what packages of other modules import, however far away, of
// which only the declarations are read: modules may require each other.
func (c *checker) belowOthers(roots []*packages.Package) closure {
	var others []*packages.Package
	packages.Visit(roots, nil, func(p *packages.Package) {
		if !isMain(p) && !c.source[p] {
			others = append(others, p)
		}
	})
	below := make(closure)
	packages.Visit(others, nil, func(p *packages.Package) { below[p] = true })
	return below
}

// above returns a package and those of a list, which has imports first, that
// import it, but for those that are chosen already.
func above(p *packages.Package, list []*packages.Package, chosen closure) closure {
	more := make(closure)
	for _, q := range list {
		if !chosen[q] && (q == p || more.any(slices.Collect(maps.Values(q.Imports)))) {
			more[q] = true
		}
	}
	return more
}

// SourceSize is how many bytes of source a package has.
func SourceSize(p *packages.Package) int64 {
	size := int64(0)
	for _, name := range p.CompiledGoFiles {
		if info, err := os.Stat(name); err == nil {
			size += info.Size()
		}
	}
	return size
}
