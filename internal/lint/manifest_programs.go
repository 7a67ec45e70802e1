package lint

import (
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/deploycheck"
)

// programsOf joins what packages tell of how they are run: a program is its
// main package with all that it imports.
func programsOf(roots []*packages.Package, outcome *outcome) []deploycheck.Program {
	told := make(map[string]*analyzers.DeployedPackage)
	for _, root := range roots {
		for _, result := range outcome.results[root] {
			// A package may be looked at in its variant for tests alone.
			if d := result.Program.Deployed; d != nil && (told[root.PkgPath] == nil || root.ID == root.PkgPath) {
				told[root.PkgPath] = d
			}
		}
	}
	var programs []deploycheck.Program
	seen := make(map[string]bool)
	for _, root := range roots {
		main := told[root.PkgPath]
		if main == nil || !main.Main || seen[root.PkgPath] || len(root.GoFiles) == 0 {
			continue
		}
		seen[root.PkgPath] = true
		p := deploycheck.Program{Package: root.PkgPath, Dir: filepath.Dir(root.GoFiles[0])}
		if root.Module != nil {
			p.Module = root.Module.Dir
		}
		plain, runs := false, false
		packages.Visit([]*packages.Package{root}, nil, func(imported *packages.Package) {
			if d := told[imported.PkgPath]; d != nil {
				join(&p, d)
				plain, runs = plain || d.Plain, runs || d.Runs
			}
		})
		p.TLS = p.TLS && !plain
		p.Serves = slices.DeleteFunc(p.Serves, isStandard)
		p.Open = runs && len(p.Serves) == 0
		if p.Open || len(p.Serves) > 0 || len(p.Balances) > 0 || p.Graceful || len(p.Env) > 0 {
			programs = append(programs, p)
		}
	}
	return programs
}

// isStandard: health and reflection are beside what a server is for.
func isStandard(service string) bool { return strings.HasPrefix(service, "grpc.") }

// join adds what a package of a program tells.
func join(p *deploycheck.Program, d *analyzers.DeployedPackage) {
	p.Env = union(p.Env, d.Env)
	p.Serves = union(p.Serves, d.Serves)
	p.Ports = union(p.Ports, d.Ports)
	p.HealthNames = union(p.HealthNames, d.HealthNames)
	p.Mixed = p.Mixed || d.Mixed
	p.Health = p.Health || d.Health
	p.HealthOpen = p.HealthOpen || d.HealthOpen
	p.Graceful = p.Graceful || d.Graceful
	p.Drain = max(p.Drain, d.Drain)
	p.TLS = p.TLS || d.TLS
	p.MaxReceive = max(p.MaxReceive, d.MaxReceive)
	for _, t := range d.Balances {
		p.Balances = append(p.Balances, deploycheck.Target{Address: t.Address, Env: t.Env})
	}
	p.Metrics.Prometheus = p.Metrics.Prometheus || d.Prometheus
	p.Metrics.Histogram = p.Metrics.Histogram || d.Histogram
	p.Metrics.Telemetry = p.Metrics.Telemetry || d.Telemetry
}

// union returns what either list has, once each, sorted.
func union[T int | string](a, b []T) []T {
	list := slices.Concat(a, b)
	slices.Sort(list)
	return slices.Compact(list)
}
