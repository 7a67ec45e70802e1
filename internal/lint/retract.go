package lint

import (
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/finding/claim"
)

// retract takes back and lowers findings in the roots of a program that one
// package and the facts of its imports could not but make, and that the
// program as a whole refutes. It returns how many it changed.
func retract(roots []*packages.Package, out *outcome, files func() []timeouts) int {
	worlds := worldsOf(roots, out)
	tests := onlyForTests(roots, out)
	files = sync.OnceValue(files) // most runs have nothing to ask them
	changed := 0
	out.findings = slices.DeleteFunc(out.findings, func(o *origin) bool {
		if !slices.Contains(roots, o.pkg) {
			return false
		}
		severity := o.EffectiveSeverity()
		if tests[o.pkg.PkgPath] && !o.InTests() {
			changed++
			return true
		}
		world := worlds.of(o.pkg)
		world.Files = func(kind claim.Kind, key string) bool {
			method, ok := strings.CutPrefix(key, "/")
			return ok && kind == claim.Deadline && slices.ContainsFunc(files(), func(t timeouts) bool { return t.of(o.pkg) && t.set(method) })
		}
		left, settled := o.Settle(world.Refutes)
		if !left || settled || o.EffectiveSeverity() < severity {
			changed++
		}
		return !left
	})
	return changed
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

// worlds are what the packages of a program know of those that use them.
type worlds struct {
	around   map[string]claim.Set // by package path
	programs map[string]claim.Set
	anyone   claim.Set
}

func (w *worlds) of(p *packages.Package) claim.World {
	return claim.World{Around: w.around[p.PkgPath], Programs: w.programs[p.PkgPath], Anyone: w.anyone}
}

// worldsOf collects what the roots claim. A package is part of its own
// surroundings; packages of tests are of nobody's, because what a test sets up
// says nothing about the program.
func worldsOf(roots []*packages.Package, out *outcome) *worlds {
	w := &worlds{around: make(map[string]claim.Set), programs: make(map[string]claim.Set), anyone: claim.NewSet()}
	for _, root := range roots {
		told := claim.NewSet()
		for _, result := range out.results[root] {
			told.Join(claim.NewSet(result.Program.Claims...))
		}
		w.anyone.Join(told)
		if root.ForTest != "" && root.PkgPath != root.ForTest || strings.HasSuffix(root.Name, "_test") {
			continue
		}
		packages.Visit([]*packages.Package{root}, func(p *packages.Package) bool {
			if w.around[p.PkgPath] == nil {
				w.around[p.PkgPath] = claim.NewSet()
			}
			w.around[p.PkgPath].Join(told)
			if root.Name != "main" {
				return true
			}
			if others, ok := w.programs[p.PkgPath]; ok {
				w.programs[p.PkgPath] = others.Meet(told)
			} else {
				w.programs[p.PkgPath] = told
			}
			return true
		}, nil)
	}
	return w
}
