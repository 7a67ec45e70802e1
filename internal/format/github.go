package format

import (
	"bufio"
	"fmt"
	"io"
	"strings"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

// GitHub writes the report as workflow commands, which GitHub Actions shows
// as annotations beside the lines.
// https://docs.github.com/actions/reference/workflow-commands-for-github-actions
func GitHub(w io.Writer, report *lint.Report) error {
	out := bufio.NewWriter(w)
	for i := range report.Findings {
		f := &report.Findings[i]
		command := "notice"
		switch f.Severity {
		case rule.Error:
			command = "error"
		case rule.Warning:
			command = "warning"
		}
		message := f.Message
		for _, r := range f.Related {
			message += fmt.Sprintf("\n%s:%d: %s", r.File, r.Line, r.Message)
		}
		message += "\n" + f.Rule.URL()
		// An annotation over several lines has no columns.
		columns := ""
		if f.Line == f.EndLine {
			columns = fmt.Sprintf(",col=%d,endColumn=%d", f.Column, max(f.EndColumn, f.Column))
		}
		fmt.Fprintf(out, "::%s file=%s,line=%d,endLine=%d%s,title=%s::%s\n",
			command, commandProperty(f.File), f.Line, f.EndLine, columns, commandProperty("grpclint "+f.Rule.ID), commandData(message))
	}
	for _, e := range report.Errors {
		place := ""
		if e.File != "" {
			place = " file=" + commandProperty(e.File)
			if e.Line > 0 {
				place += fmt.Sprintf(",line=%d", e.Line)
			}
			place += ",title=" + commandProperty("grpclint")
		} else {
			place = " title=" + commandProperty("grpclint")
		}
		command := "error"
		if e.Found {
			command = "warning"
		}
		message := e.Message
		if about := e.Package + e.Pattern; about != "" {
			message = about + ": " + message
		}
		fmt.Fprintf(out, "::%s%s::%s\n", command, place, commandData(message))
	}
	return out.Flush()
}

// commandData escapes the message of a workflow command.
func commandData(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A").Replace(text)
}

// commandProperty escapes the value of a property of a workflow command.
func commandProperty(text string) string {
	return strings.NewReplacer("%", "%25", "\r", "%0D", "\n", "%0A", ":", "%3A", ",", "%2C").Replace(text)
}
