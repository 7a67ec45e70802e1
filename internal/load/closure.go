package load

import (
	"slices"

	"golang.org/x/tools/go/packages"
)

// A closure holds the packages from which gRPC is reached through one
// import or more. Beside gRPC's root package some others count, because they
// are of use without it: metadata, the gzip compressor, which registers
// itself, the status codes, of which helpers of many programs make their
// errors, resolvers, one of which may be the default, and the parameters of
// keepalive.
// What the root package itself is made of is not in the closure.
type closure map[*packages.Package]bool

// reached are the packages that have to be reached.
var reached = []string{GRPC, GRPC + "/metadata", GRPC + "/encoding/gzip", GRPC + "/status", GRPC + "/codes", GRPC + "/resolver", GRPC + "/keepalive"}

func closureOf(pkgs []*packages.Package) closure {
	below := belowGRPC(pkgs)
	c := make(closure)
	packages.Visit(pkgs, nil, func(p *packages.Package) { // imports first
		if below[p] {
			return
		}
		for _, imported := range p.Imports {
			if slices.Contains(reached, imported.PkgPath) || c[imported] {
				c[p] = true
				return
			}
		}
	})
	return c
}

// belowGRPC returns gRPC's root package, which is taken from export data,
// and all that it imports.
func belowGRPC(pkgs []*packages.Package) map[*packages.Package]bool {
	var roots []*packages.Package
	packages.Visit(pkgs, func(p *packages.Package) bool {
		if p.PkgPath == GRPC {
			roots = append(roots, p)
		}
		return p.PkgPath != GRPC
	}, nil)
	below := make(map[*packages.Package]bool)
	packages.Visit(roots, func(p *packages.Package) bool {
		below[p] = true
		return true
	}, nil)
	return below
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
