package lint

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// onlyForTests returns the paths of packages that are there for the tests of
// others: only these import them, and nobody outside of the module can. That
// a package's own tests do says nothing.
func onlyForTests(roots []*packages.Package, out *outcome) map[string]bool {
	production := make(map[*packages.Package][]string) // what each imports when it runs in production
	for _, root := range roots {
		for _, result := range out.results[root] {
			production[root] = result.Program.Imports
			break // each family tells the same
		}
	}
	tests := make(map[string]bool)
	for grown := true; grown; {
		grown = false
		for _, p := range roots {
			if p.Name == "main" || tests[p.PkgPath] || !isInternal(p.PkgPath) {
				continue
			}
			tested, needed := false, false
			for _, root := range roots {
				if _, imports := root.Imports[p.PkgPath]; !imports || strings.TrimSuffix(root.PkgPath, "_test") == p.PkgPath {
					continue
				}
				imports, known := production[root]
				if tests[root.PkgPath] || known && !slices.Contains(imports, p.PkgPath) {
					tested = true
				} else {
					needed = true
				}
			}
			if tested && !needed {
				tests[p.PkgPath], grown = true, true
			}
		}
	}
	return tests
}

// isInternal: what is above the folder may import it, and nobody else.
func isInternal(path string) bool {
	return slices.Contains(strings.Split(path, "/"), "internal")
}
