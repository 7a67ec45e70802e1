package main

import (
	"slices"

	"github.com/grpclint/grpclint/internal/reshape"
)

// A plan says which sites of a case to write in which shapes, at most one in
// each function.
type plan struct {
	*testCase
	moves []move
}

// A move is a site in a shape.
type move struct {
	*site
	shape reshape.Shape
}

// plansFor spreads the sites of all cases over plans in which they have one
// shape. A function with many findings is as good as one with three.
func (s *suite) plansFor(shape reshape.Shape) []plan {
	const most = 3
	var plans []plan
	for _, c := range s.cases {
		for round := range most {
			p := plan{testCase: c}
			for _, x := range c.sites {
				if x.ordinal == round && c.leftOut(x, shape) == "" {
					p.moves = append(p.moves, move{x, shape})
				}
			}
			if len(p.moves) > 0 {
				plans = append(plans, p)
			}
		}
	}
	return plans
}

// mixedPlans writes the first site of each function in one shape, a different
// one for each and always the same.
func (s *suite) mixedPlans() []plan {
	var groups [][]reshape.Shape
	for _, shape := range reshape.Shapes() {
		last := len(groups) - 1
		if last < 0 || groups[last][0].Group != shape.Group {
			groups = append(groups, nil)
			last++
		}
		groups[last] = append(groups[last], shape)
	}
	var plans []plan
	for _, c := range s.cases {
		p := plan{testCase: c}
		for _, x := range c.sites {
			if x.ordinal > 0 {
				continue
			}
			// Few shapes of a group fit, hence groups come first. Functions
			// and methods, the last resort, nearly always fit.
			h := int(hash(c.folder + " " + x.function))
			var order []reshape.Shape
			for i := range groups {
				group := groups[(h+i)%len(groups)]
				for j := range group {
					order = append(order, group[(h/len(groups)+j)%len(group)])
				}
			}
			i := slices.IndexFunc(order, func(shape reshape.Shape) bool {
				return c.leftOut(x, shape) == "" && s.variant(plan{c, []move{{x, shape}}}, "mixed") != nil
			})
			if i >= 0 {
				p.moves = append(p.moves, move{x, order[i]})
			}
		}
		if len(p.moves) > 0 {
			plans = append(plans, p)
		}
	}
	return plans
}
