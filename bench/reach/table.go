package main

import (
	"fmt"
	"io"
	"strings"

	"github.com/grpclint/grpclint/internal/reshape"
	"github.com/grpclint/grpclint/rule"
)

// A table has a row for each rule and a column for each shape.
type table struct {
	shapes   []reshape.Shape
	outcomes []*outcome
}

func newTable() *table { return new(table) }

func (t *table) add(shape reshape.Shape, o *outcome) {
	t.shapes = append(t.shapes, shape)
	t.outcomes = append(t.outcomes, o)
}

// write prints the table in Markdown: first the rules that are on by default.
func (t *table) write(w io.Writer) {
	cells, full := 0, 0
	for _, o := range t.outcomes {
		for id, c := range o.cells {
			if r, ok := rule.Lookup(id); ok && r.On && c.of > 0 {
				cells++
				if c.found == c.of {
					full++
				}
			}
		}
	}
	found, bad, wrong, good := 0, 0, 0, 0
	for _, o := range t.outcomes {
		found, bad, wrong, good = found+o.found, bad+o.bad, wrong+len(o.wrong), good+o.good
	}
	fmt.Fprintf(w, "%d of %d rewritten findings are found; of the default rules' %d cells %d are whole. %d findings in %d rewritten pieces of good code.\n",
		found, bad, cells, full, wrong, good)
	for _, on := range []bool{true, false} {
		title := "On by default"
		if !on {
			title = "Off by default"
		}
		fmt.Fprintf(w, "\n## %s\n\n| Rule |", title)
		for _, s := range t.shapes {
			fmt.Fprintf(w, " %s |", s.Name)
		}
		fmt.Fprint(w, "\n|---|"+strings.Repeat("---|", len(t.shapes))+"\n")
		for _, r := range rule.All() {
			if r.On == on {
				t.row(w, r)
			}
		}
	}
}

func (t *table) row(w io.Writer, r *rule.Rule) {
	var b strings.Builder
	any := false
	for _, o := range t.outcomes {
		c := o.cells[r.ID]
		if c == nil || c.of == 0 {
			b.WriteString(" |")
			continue
		}
		any = true
		if c.found == c.of {
			fmt.Fprintf(&b, " %d |", c.of)
		} else {
			fmt.Fprintf(&b, " **%d of %d** |", c.found, c.of)
		}
	}
	if any {
		fmt.Fprintf(w, "| %s |%s\n", r.ID, b.String())
	}
}
