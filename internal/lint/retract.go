package lint

import (
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/rule"
)

// retract lowers and takes back findings that one package and the facts of
// its imports could not but make, and that the whole program refutes. It
// returns those that it changed; what it takes back it also removes from the
// outcome.
func retract(program *load.Program, out *outcome) []*origin {
	var changed []*origin
	once := onceOnly(program, out)
	for _, o := range out.findings {
		if o.Premise.LongLived && once[o.pkg.PkgPath] && o.EffectiveSeverity() > rule.Info {
			o.Severity = rule.Info
			changed = append(changed, o)
		}
	}
	return changed
}

// onceOnly returns the paths of packages that only programs use which run
// once and end: there are main packages that reach them, and none of these
// serves.
func onceOnly(program *load.Program, out *outcome) map[string]bool {
	reached := make(map[string]bool) // by a main package
	serving := make(map[string]bool) // by one that serves
	for _, root := range program.Roots {
		if root.Name != "main" || root.ForTest != "" && root.PkgPath != root.ForTest {
			continue
		}
		serves := servesForEver(root, out)
		packages.Visit([]*packages.Package{root}, func(p *packages.Package) bool {
			reached[p.PkgPath] = true
			serving[p.PkgPath] = serving[p.PkgPath] || serves
			return true
		}, nil)
	}
	once := make(map[string]bool)
	for path := range reached {
		once[path] = !serving[path]
	}
	return once
}

// servesForEver reports whether a main package may run for ever. That is
// the answer where nobody knows, because it leaves findings as they are.
func servesForEver(root *packages.Package, out *outcome) bool {
	for _, result := range out.results[root] {
		if result.Program.OneShot {
			return false
		}
	}
	return true
}
