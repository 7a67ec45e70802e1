package main

import (
	"cmp"
	"fmt"
	"maps"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/rule"
)

// A verdict says what became of a site in a shape.
type verdict struct {
	*site
	in    *variant
	shape string

	lost  bool    // the finding is not there any more
	wrong []place // what is found in good code, or where something else was
}

// name is the same in every run: it names the site by its function.
func (v *verdict) name() string {
	name := v.in.folder + " " + v.function
	if v.ordinal > 0 {
		name += fmt.Sprintf("#%d", v.ordinal+1)
	}
	if v.rule != nil {
		return name + " " + v.rule.ID
	}
	return name + " good"
}

// complaints say what is not as it was, in one line each that is the same in
// every run.
func (v *verdict) complaints() []string {
	var list []string
	if v.lost {
		list = append(list, fmt.Sprintf("lost %s: %s", v.name(), v.shape))
	}
	what := "wrong"
	if v.rule != nil {
		what = "also" // the mistake may be found under another id
	}
	for _, p := range v.wrong {
		list = append(list, fmt.Sprintf("%s %s: %s: %s", what, v.name(), v.shape, p.rule))
	}
	return list
}

// judge compares what is found in a variant with what was found before. A
// finding may be at its place, where that was moved to, or in another function,
// such as a caller, but not in one that was good.
func (v *variant) judge(after counts) []*verdict {
	found, more := make(counts), make(map[place]int)
	for p, t := range after {
		found.note(place{v.owner(p.function), p.rule}, t)
	}
	for p, t := range found {
		if t.things > v.before[p].things {
			more[p] = t.things - v.before[p].things
		}
	}
	verdicts := make([]*verdict, len(v.moves))
	for i, m := range v.moves {
		at := place{m.function, ""}
		result := &verdict{site: m.site, in: v, shape: m.shape.Name}
		verdicts[i] = result
		if m.rule != nil {
			at.rule = m.rule.ID
			result.lost = found[at].things < v.before[at].things && !v.claim(more, at.rule)
		}
	}
	moved := v.moved(found, verdicts)
	for i, m := range v.moves {
		for _, p := range sorted(found) {
			_, isMore := more[p]
			_, before := v.before[p]
			if p.function != m.function || !isMore || before || !isShown(p.rule) {
				continue
			}
			if moved[p.rule] > 0 {
				moved[p.rule]--
			} else {
				verdicts[i].wrong = append(verdicts[i].wrong, p)
			}
		}
	}
	return verdicts
}

// moved counts, by rule, what is not found any more where nothing is lost: it
// is found in another function, such as the helper into which a caller's
// context now goes.
func (v *variant) moved(found counts, verdicts []*verdict) map[string]int {
	lost := make(map[place]bool)
	for _, x := range verdicts {
		if x.lost {
			lost[place{x.function, x.rule.ID}] = true
		}
	}
	moved := make(map[string]int)
	for p, t := range v.before {
		if less := t.things - found[p].things; less > 0 && !lost[p] {
			moved[p.rule] += less
		}
	}
	return moved
}

// owner is the function whose site a declaration was moved out of, or the
// declaration itself.
func (v *variant) owner(declaration string) string {
	for _, m := range v.moves {
		rest, ok := strings.CutPrefix(strings.ToLower(declaration), fmt.Sprintf("reshaped%d", m.Index()))
		if ok && (rest == "" || rest[0] < '0' || rest[0] > '9') {
			return m.function
		}
	}
	return declaration
}

// claim takes one of a rule's away, wherever it is but in good code.
func (v *variant) claim(more map[place]int, id string) bool {
	for _, p := range sorted(more) {
		if p.rule == id && !v.good(p.function) {
			if more[p]--; more[p] == 0 {
				delete(more, p)
			}
			return true
		}
	}
	return false
}

// good reports whether a function is a site of good code.
func (v *variant) good(function string) bool {
	return slices.ContainsFunc(v.sites, func(x *site) bool { return x.rule == nil && x.function == function })
}

func sorted[V any](places map[place]V) []place {
	return slices.SortedFunc(maps.Keys(places), func(a, b place) int {
		return cmp.Or(cmp.Compare(a.function, b.function), cmp.Compare(a.rule, b.rule))
	})
}

func isShown(id string) bool {
	r, ok := rule.Lookup(id)
	return ok && r.On && r.Family() != "suppress"
}
