package main

import (
	"fmt"
	"io"
	"maps"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/reshape"
	"github.com/grpclint/grpclint/rule"
)

// A table has a row for each rule and a column for each shape.
type table struct {
	columns []*column
	lines   map[string]int // findings in functions of the test data, by rule
}

// A column is that of a shape.
type column struct {
	shape       reshape.Shape
	cells       map[string]*cell // by rule
	total       cell             // of all rules
	good, wrong int
}

// A cell counts findings of a rule in a shape.
type cell struct {
	found, of int
	reasons   []string // for which findings are left out
}

func newTable(s *suite) *table {
	t := &table{lines: make(map[string]int)}
	for _, c := range s.cases {
		for p, n := range c.before {
			t.lines[p.rule] += n.findings
		}
	}
	return t
}

// add adds the column of a shape.
func (t *table) add(s *suite, shape reshape.Shape, verdicts []*verdict) *column {
	c := &column{shape: shape, cells: make(map[string]*cell)}
	t.columns = append(t.columns, c)
	for _, v := range verdicts {
		if v.rule == nil {
			c.good++
			if len(v.wrong) > 0 {
				c.wrong++
			}
			continue
		}
		for _, x := range []*cell{c.cell(v.rule), &c.total} {
			x.of++
			if !v.lost {
				x.found++
			}
		}
	}
	for _, tc := range s.cases {
		for _, x := range tc.sites {
			if reason := tc.leftOut(x, shape); reason != "" && x.rule != nil {
				at := c.cell(x.rule)
				at.reasons = append(at.reasons, reason)
			}
		}
	}
	return c
}

func (c *column) cell(r *rule.Rule) *cell {
	if c.cells[r.ID] == nil {
		c.cells[r.ID] = new(cell)
	}
	return c.cells[r.ID]
}

const introduction = `# Reach

Whether a mistake is found must not depend on how it is written. ` + "`go run ./bench/reach`" + ` writes the test data of every rule in other shapes (` + "`internal/reshape`" + ` says which): what a finding points at is moved into a function, a method, a closure, a field and so on. A finding may then be at its old place, where that was moved to, or at a caller.

A cell says how many findings of a rule could be written in a shape; in bold, how many of them are found, if not all are. An empty one has none: what the findings point at does not fit the shape. What is left out by name, because the rewriting changes what the code does, is listed at the end, marked with *.

`

// write prints the table in Markdown.
func (t *table) write(w io.Writer) {
	io.WriteString(w, introduction)
	all, ofDefault := t.sum(func(*rule.Rule) bool { return true }), t.sum(func(r *rule.Rule) bool { return r.On })
	good, wrong := 0, 0
	for _, c := range t.columns {
		good, wrong = good+c.good, wrong+c.wrong
	}
	fmt.Fprintf(w, "Of the default rules, %s; of all rules, %s. Good code: %d of %d pieces are reported.\n", ofDefault, all, wrong, good)
	for _, on := range []bool{true, false} {
		for _, group := range t.groups() {
			fmt.Fprintf(w, "\n## %s: %s\n\n| Rule |", map[bool]string{true: "On by default", false: "Off by default"}[on], groupTitles[group[0].shape.Group])
			for _, c := range group {
				fmt.Fprintf(w, " %s |", c.shape.Name)
			}
			fmt.Fprint(w, "\n|---|"+strings.Repeat("---|", len(group))+"\n")
			for _, r := range rule.All() {
				if r.On == on && t.lines[r.ID] > 0 {
					row(w, r, group)
				}
			}
		}
	}
	t.writeLeft(w)
	fmt.Fprint(w, "\n## Rules without a row\n\n")
	for _, r := range rule.All() {
		if t.lines[r.ID] == 0 {
			fmt.Fprintf(w, "- %s: %s\n", r.ID, whyNoRow(r))
		}
	}
}

var groupTitles = map[string]string{
	"helper":  "the expression in a helper",
	"place":   "the value in another place",
	"control": "another flow of control",
}

// groups are the columns of the shapes that belong together.
func (t *table) groups() [][]*column {
	var groups [][]*column
	for _, c := range t.columns {
		if n := len(groups); n > 0 && groups[n-1][0].shape.Group == c.shape.Group {
			groups[n-1] = append(groups[n-1], c)
		} else {
			groups = append(groups, []*column{c})
		}
	}
	return groups
}

// A sum counts cells and findings.
type sum struct{ whole, cells, found, findings int }

func (s sum) String() string {
	return fmt.Sprintf("%d of %d cells are whole and %d of %d findings found", s.whole, s.cells, s.found, s.findings)
}

func (t *table) sum(of func(*rule.Rule) bool) sum {
	var s sum
	for _, column := range t.columns {
		for id, c := range column.cells {
			r, ok := rule.Lookup(id)
			if !ok || !of(r) || c.of == 0 {
				continue
			}
			s.cells++
			if c.found == c.of {
				s.whole++
			}
			s.found, s.findings = s.found+c.found, s.findings+c.of
		}
	}
	return s
}

func row(w io.Writer, r *rule.Rule, columns []*column) {
	fmt.Fprintf(w, "| %s |", r.ID)
	for _, column := range columns {
		text := ""
		if c := column.cells[r.ID]; c != nil {
			text = c.String()
		}
		fmt.Fprintf(w, " %s |", text)
	}
	fmt.Fprintln(w)
}

func (c *cell) String() string {
	text := ""
	switch {
	case c.of > 0 && c.found == c.of:
		text = fmt.Sprint(c.of)
	case c.of > 0:
		text = fmt.Sprintf("**%d of %d**", c.found, c.of)
	}
	if len(c.reasons) > 0 {
		text += "\\*"
	}
	return text
}

// writeLeft lists what is left out, by reason.
func (t *table) writeLeft(w io.Writer) {
	type entry struct{ rule, reason string }
	shapes := make(map[entry][]string)
	for _, column := range t.columns {
		for id, c := range column.cells {
			for _, reason := range slices.Compact(slices.Sorted(slices.Values(c.reasons))) {
				shapes[entry{id, reason}] = append(shapes[entry{id, reason}], column.shape.Name)
			}
		}
	}
	fmt.Fprint(w, "\n## Left out\n\n")
	for _, e := range slices.SortedFunc(maps.Keys(shapes), func(a, b entry) int { return strings.Compare(a.rule+" "+a.reason, b.rule+" "+b.reason) }) {
		names := strings.Join(shapes[e], ", ")
		if len(shapes[e]) == len(t.columns) {
			names = "every shape"
		}
		fmt.Fprintf(w, "- %s (%s): %s\n", e.rule, names, e.reason)
	}
}

// whyNoRow says why nothing of a rule can be rewritten.
func whyNoRow(r *rule.Rule) string {
	for _, a := range analyzers.All() {
		if a.Name == r.Family() {
			return "its findings are not in functions of the test data"
		}
	}
	return "it is about files that are not Go"
}
