// Package format writes a report in the formats that people and programs
// read.
package format

import (
	"io"

	"github.com/grpclint/grpclint/internal/lint"
)

// A Format is a way to write a report.
type Format struct {
	Name  string
	Write func(w io.Writer, report *lint.Report, options Options) error

	// Repository says that readers look for files from the repository's
	// root.
	Repository bool

	// Know says that the report is to tell of all methods.
	Know bool
}

// Options change how a report looks, in formats for people.
type Options struct {
	Color bool
	Brief bool // findings only
}

// All returns the formats by their names, the default first.
func All() []Format {
	type write = func(io.Writer, *lint.Report) error
	exact := func(write write) func(io.Writer, *lint.Report, Options) error {
		return func(w io.Writer, report *lint.Report, _ Options) error { return write(w, report) }
	}
	plain := func(write write) func(io.Writer, *lint.Report, Options) error {
		return func(w io.Writer, report *lint.Report, _ Options) error { return write(w, shown(report)) }
	}
	text := func(w io.Writer, report *lint.Report, options Options) error { return Text(w, shown(report), options) }
	return []Format{
		{Name: "text", Write: text},
		{Name: "json", Write: exact(JSON)},
		{Name: "sarif", Write: exact(SARIF), Repository: true},
		{Name: "github", Write: plain(GitHub), Repository: true},
		{Name: "gitlab", Write: exact(GitLab), Repository: true},
		{Name: "checkstyle", Write: plain(Checkstyle), Repository: true},
		{Name: "junit", Write: plain(JUnit), Repository: true},
		{Name: "html", Write: plain(HTML), Know: true},
	}
}
