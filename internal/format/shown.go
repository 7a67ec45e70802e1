package format

import (
	"slices"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
)

// shown returns the report with all that it says made visible, for formats
// that people read, or that may not hold every character. The tables of what
// is known of methods are not part of it.
func shown(report *lint.Report) *lint.Report {
	r := *report
	r.Project = visible.Text(r.Project)
	r.Findings = slices.Clone(r.Findings)
	for i := range r.Findings {
		f := &r.Findings[i]
		f.Message, f.File, f.Method = visible.Text(f.Message), visible.Text(f.File), visible.Text(f.Method)
		f.Builds = texts(f.Builds)
		f.Related = slices.Clone(f.Related)
		for i := range f.Related {
			r := &f.Related[i]
			r.Message, r.File = visible.Text(r.Message), visible.Text(r.File)
		}
		f.Fixes = slices.Clone(f.Fixes)
		for i := range f.Fixes {
			f.Fixes[i].Message = visible.Text(f.Fixes[i].Message)
		}
	}
	r.Errors = slices.Clone(r.Errors)
	for i := range r.Errors {
		e := &r.Errors[i]
		for _, text := range []*string{&e.File, &e.Package, &e.Pattern, &e.Message, &e.Partly} {
			*text = visible.Text(*text)
		}
	}
	return &r
}

func texts(list []string) []string {
	list = slices.Clone(list)
	for i := range list {
		list[i] = visible.Text(list[i])
	}
	return list
}
