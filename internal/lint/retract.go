package lint

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// retract takes back and lowers findings in the roots of a program that one
// package and the facts of its imports could not but make, and that the
// program as a whole refutes. It returns how many it changed.
func retract(roots []*packages.Package, out *outcome, files func() []timeouts) int {
	above := programsAbove(roots, out)
	pings := allowedPings(roots, out)
	tests := onlyForTests(roots, out)
	files = sync.OnceValue(files) // most runs have nothing to ask them
	changed := 0
	out.findings = slices.DeleteFunc(out.findings, func(o *origin) bool {
		if !slices.Contains(roots, o.pkg) {
			return false
		}
		if o.Premise.Pings != (finding.Pings{}) && slices.ContainsFunc(pings, func(p finding.Pings) bool { return p.Allows(o.Premise.Pings) }) {
			changed++
			return true
		}
		around := above[o.pkg.PkgPath]
		if o.Cause != nil && len(o.Premise.Services) > 0 {
			// Those of its RPCs that have a deadline are no part of it.
			before := len(o.Cause.Parts)
			if !o.Without(func(method string) bool {
				return around != nil && around.bounds(serviceOf(method)) ||
					slices.ContainsFunc(files(), func(t timeouts) bool { return t.of(o.pkg) && t.set(method) })
			}) {
				changed++
				return true
			}
			if len(o.Cause.Parts) < before {
				changed++
			}
		}
		if tests[o.pkg.PkgPath] && o.Rule.InTests != 0 {
			changed++
			if !o.InTests() {
				return true
			}
		}
		if around == nil {
			return false // no package that was analysed imports this one
		}
		if o.Premise.Served != "" && !slices.Contains(around.serves, o.Premise.Served) {
			changed++
			return true
		}
		if o.Premise.PlainErrors && around.mapsErrors {
			changed++
			return true
		}
		if o.Premise.RPCErrors && around.rebuildsErrors {
			changed++
			return true
		}
		if o.Premise.Panics && around.recovers && o.EffectiveSeverity() > rule.Warning {
			o.Severity = rule.Warning
			changed++
		}
		if m := o.Premise.UnreadToken; m != "" && (slices.Contains(around.tokens, m) || slices.Contains(around.tokens, "*")) {
			changed++
			return true
		}
		if o.Premise.NoOutgoing && around.bridges {
			changed++
			return true
		}
		if o.Premise.LongLived && around.endByThemselves() && o.EffectiveSeverity() > rule.Info {
			o.Severity = rule.Info
			changed++
		}
		return false
	})
	return changed
}

// serviceOf returns the service of "/package.Service/Method".
func serviceOf(method string) string {
	service, _, _ := strings.Cut(strings.TrimPrefix(method, "/"), "/")
	return service
}

// apart splits roots into programs, which of names. Without it there is one.
func apart(roots []*packages.Package, of func(pkgPath string) string) [][]*packages.Package {
	if of == nil {
		return [][]*packages.Package{roots}
	}
	index := make(map[string]int)
	var programs [][]*packages.Package
	for _, root := range roots {
		name := of(root.PkgPath)
		i, ok := index[name]
		if !ok {
			i = len(programs)
			index[name] = i
			programs = append(programs, nil)
		}
		programs[i] = append(programs[i], root)
	}
	return programs
}

// allowedPings returns the keepalive pings that servers in what is checked
// allow. The server of a client is in another program, hence not only those
// above count.
func allowedPings(roots []*packages.Package, out *outcome) []finding.Pings {
	var pings []finding.Pings
	for _, root := range roots {
		for _, result := range out.results[root] {
			pings = append(pings, result.Program.Pings...)
		}
	}
	return pings
}

// surroundings are the packages that use a package.
type surroundings struct {
	mains, oneShots int
	connDeadline    []string // as in report.Program, of all of them
	serves          []string // as in report.Program, of all of them
	mapsErrors      bool     // one of them does
	rebuildsErrors  bool     // one of them does
	recovers        bool     // one of them does
	tokens          []string // that are read, as in report.Program, of all of them
	bridges         bool     // one of them does
}

// anyService stands, among services, for those that are not known.
const anyService = "*"

// bounds reports whether the dials in the surroundings give the RPCs of a
// service a deadline, or may.
func (s *surroundings) bounds(service string) bool {
	return slices.Contains(s.connDeadline, anyService) || slices.Contains(s.connDeadline, service)
}

// endByThemselves reports whether there are programs around, all of which
// are known to end by themselves.
func (s *surroundings) endByThemselves() bool { return s.mains > 0 && s.oneShots == s.mains }

// programsAbove returns the surroundings of each package path. A package is
// part of its own surroundings; packages of tests are of nobody's, because
// what a test sets up says nothing about the program.
func programsAbove(roots []*packages.Package, out *outcome) map[string]*surroundings {
	above := make(map[string]*surroundings)
	for _, root := range roots {
		if root.ForTest != "" && root.PkgPath != root.ForTest || strings.HasSuffix(root.Name, "_test") {
			continue
		}
		var told analyzers.Program
		for _, result := range out.results[root] {
			told.OneShot = told.OneShot || result.Program.OneShot
			told.Serves = append(told.Serves, result.Program.Serves...)
			told.ReadTokens = append(told.ReadTokens, result.Program.ReadTokens...)
			told.MapsErrors = told.MapsErrors || result.Program.MapsErrors
			told.RebuildsErrors = told.RebuildsErrors || result.Program.RebuildsErrors
			told.Recovers = told.Recovers || result.Program.Recovers
			told.Bridges = told.Bridges || result.Program.Bridges
			told.ConnDeadline = append(told.ConnDeadline, result.Program.ConnDeadline...)
		}
		packages.Visit([]*packages.Package{root}, func(p *packages.Package) bool {
			s := above[p.PkgPath]
			if s == nil {
				s = new(surroundings)
				above[p.PkgPath] = s
			}
			if root.Name == "main" {
				s.mains++
				if told.OneShot {
					s.oneShots++
				}
			}
			s.serves = append(s.serves, told.Serves...)
			s.tokens = append(s.tokens, told.ReadTokens...)
			s.mapsErrors = s.mapsErrors || told.MapsErrors
			s.rebuildsErrors = s.rebuildsErrors || told.RebuildsErrors
			s.recovers = s.recovers || told.Recovers
			s.bridges = s.bridges || told.Bridges
			s.connDeadline = append(s.connDeadline, told.ConnDeadline...)
			return true
		}, nil)
	}
	return above
}
