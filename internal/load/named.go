package load

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// readNamed reads packages that do not use gRPC, and that somebody named one by
// one, for what is wrong with them: whoever names a package is told if nothing
// can be said of it.
func (c *checker) readNamed(cfg Config, matched []*packages.Package) {
	if slices.ContainsFunc(cfg.Patterns, func(pattern string) bool { return strings.Contains(pattern, "...") }) {
		return
	}
	for _, p := range matched {
		if c.nodes[p] != nil || isTestMain(p) || len(p.CompiledGoFiles) == 0 {
			continue
		}
		named := apart(p)
		c.declare(named.Imports)
		c.parse(named)
		if !slices.ContainsFunc(named.Syntax, usesCgo) { // what it makes of C is not known
			c.typecheck(named)
		}
		for _, e := range named.Errors {
			if !slices.Contains(p.Errors, e) {
				p.Errors = append(p.Errors, e)
			}
		}
	}
}

// apart returns a package to be read from source whose types nobody else sees:
// for its importers they stay those of its declarations.
func apart(p *packages.Package) *packages.Package {
	return &packages.Package{
		ID: p.ID, PkgPath: p.PkgPath, Name: p.Name, CompiledGoFiles: p.CompiledGoFiles,
		Imports: p.Imports, Module: p.Module, TypesSizes: p.TypesSizes,
	}
}
