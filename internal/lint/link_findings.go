package lint

import (
	"go/token"
	"maps"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/finding"
)

// A mark tells findings of one package apart.
type mark struct {
	rule string
	pos  token.Pos
}

func markOf(f *finding.Finding) mark { return mark{f.Rule.ID, f.Pos} }

// marksIn are those of the findings of a package.
func marksIn(list []*origin, p *packages.Package) map[mark]bool {
	marks := make(map[mark]bool)
	for _, o := range list {
		if o.pkg == p {
			marks[markOf(&o.Finding)] = true
		}
	}
	return marks
}

// replace puts what is found of a package in some worlds in the place of what
// was found before, and returns how many findings are gone. What was found
// before stays as it was, if it is found again.
func (out *outcome) replace(p *packages.Package, worlds []*world) (retracted int) {
	var findings, suppressed []*origin
	known, found := marksIn(out.findings, p), make(map[mark]bool)
	// What is wrong with a place in one world may be so in another way in the
	// next, of which nobody wants to hear: places by families.
	said := make(map[mark]bool)
	for i, w := range worlds {
		last := i == len(worlds)-1
		saying := make(map[mark]bool)
		for _, result := range w.results[p] {
			for _, f := range result.Findings {
				if !last && f.Rule.Family() == "suppress" {
					continue // a directive may be of use in another world
				}
				if !known[markOf(&f)] {
					family := mark{f.Rule.Family(), f.Pos}
					if said[family] && !found[markOf(&f)] {
						continue
					}
					saying[family], found[markOf(&f)] = true, true
					f.Linked = true
					w.explain(p, &f)
				}
				findings = append(findings, &origin{f, p})
			}
			for _, f := range result.Suppressed {
				suppressed = append(suppressed, &origin{f, p})
			}
		}
		maps.Copy(said, saying)
	}
	out.findings, retracted = merged(out.findings, findings, p)
	out.suppressed, _ = merged(out.suppressed, suppressed, p)
	out.results[p] = worlds[0].results[p]
	return retracted
}

// merged returns what was found before, without what of a package is not found
// again, of which it tells the number, and with what is new, each once.
func merged(before, now []*origin, p *packages.Package) (all []*origin, gone int) {
	known, again := marksIn(before, p), marksIn(now, p)
	for _, o := range before {
		if o.pkg == p && !again[markOf(&o.Finding)] {
			gone++
			continue
		}
		all = append(all, o)
	}
	for _, o := range now {
		if m := markOf(&o.Finding); !known[m] {
			known[m] = true
			all = append(all, o)
		}
	}
	return all, gone
}
