package load

import "golang.org/x/tools/go/packages"

// A closure holds the packages from which gRPC is reached through one
// import or more; gRPC's own root package is not in it. So are those that
// reach package metadata or the gzip compressor, which do without the root.
type closure map[*packages.Package]bool

func closureOf(pkgs []*packages.Package) closure {
	c := make(closure)
	packages.Visit(pkgs, nil, func(p *packages.Package) { // imports first
		if p.PkgPath == GRPC {
			return
		}
		for _, imported := range p.Imports {
			switch {
			case imported.PkgPath == GRPC, imported.PkgPath == GRPC+"/metadata", imported.PkgPath == GRPC+"/encoding/gzip", c[imported]:
				c[p] = true
				return
			}
		}
	})
	return c
}

// any reports whether one of pkgs is in the closure.
func (c closure) any(pkgs []*packages.Package) bool {
	for _, p := range pkgs {
		if c[p] {
			return true
		}
	}
	return false
}
