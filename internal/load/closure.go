package load

import (
	"bytes"
	"maps"
	"regexp"
	"slices"

	"golang.org/x/tools/go/packages"
)

// A closure holds the packages from which gRPC is reached through one
// import or more. Beside gRPC's root package some others count, because they
// are of use without it: metadata, the gzip compressor, which registers
// itself, and the status codes, of which helpers of many programs make their
// errors.
// What the root package itself is made of is not in the closure.
type closure map[*packages.Package]bool

// reached are the packages that have to be reached.
var reached = []string{GRPC, GRPC + "/metadata", GRPC + "/encoding/gzip", GRPC + "/status", GRPC + "/codes"}

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

// withHelpers adds packages of the modules at hand that are below the closure
// and try again what they are handed, or wait without the context that they
// get: what they do with an error decides whether an RPC is made twice, what
// they wait for how long a handler stays, and they need nothing of gRPC for
// that. Those in between are added, too, because types from source and types
// from export data must not meet.
func (c closure) withHelpers(pkgs []*packages.Package, read func(name string) ([]byte, error)) closure {
	below := make(map[*packages.Package]bool)
	packages.Visit(slices.Collect(maps.Keys(c)), func(p *packages.Package) bool {
		below[p] = true
		return true
	}, nil)
	wide := maps.Clone(c)
	packages.Visit(pkgs, nil, func(p *packages.Package) { // imports first
		if c[p] || !below[p] {
			return
		}
		for _, imported := range p.Imports {
			if wide[imported] {
				wide[p] = true
				return
			}
		}
		wide[p] = p.Module != nil && p.Module.Main && (triesAgain(p, read) || waits(p, read))
	})
	return wide
}

// handed is a function of which one parameter is a function that may fail.
var handed = regexp.MustCompile(`(?m)^func .*\bfunc\([^()]*\) (\([^()]*\berror\)|error\b).*\{`)

// triesAgain: a file of the package has such a function, and tells the time.
func triesAgain(p *packages.Package, read func(name string) ([]byte, error)) bool {
	return slices.ContainsFunc(p.CompiledGoFiles, func(name string) bool {
		src, err := read(name)
		return err == nil && (bytes.Contains(src, []byte("time.")) || bytes.Contains(src, []byte("backoff."))) && handed.Match(src)
	})
}

// takesContext is a function for others that gets a context, blind a call that
// waits without one.
var (
	takesContext = regexp.MustCompile(`(?m)^func (?:\([^()]*\) )?\p{Lu}\w*\([^()]*\bcontext\.Context\b`)
	blind        = regexp.MustCompile(`\.Sleep\(|\bexec\.Command\(|\bhttp\.(?:NewRequest|Get|Head|Post|PostForm)\(|\bnet\.Dial|\bsql\.(?:DB|Tx|Stmt)\b`)
)

// waits: a file of the package has both.
func waits(p *packages.Package, read func(name string) ([]byte, error)) bool {
	return slices.ContainsFunc(p.CompiledGoFiles, func(name string) bool {
		src, err := read(name)
		return err == nil && blind.Match(src) && takesContext.Match(src)
	})
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
