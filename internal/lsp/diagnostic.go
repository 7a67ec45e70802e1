package lsp

import (
	"path/filepath"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/sourcetext"
	"github.com/grpclint/grpclint/rule"
)

const source = "grpclint"

// spanOf converts a range of a report.
func spanOf(text sourcetext.Files, r lint.Range) span {
	return span{
		position{r.Line - 1, text.Column(r.Path, r.Line, r.Column) - 1},
		position{r.EndLine - 1, text.Column(r.Path, r.EndLine, r.EndColumn) - 1},
	}
}

func diagnosticOf(text sourcetext.Files, f *lint.Finding) diagnostic {
	d := diagnostic{
		Range: spanOf(text, f.Range), Severity: severityInformation,
		Code: f.Rule.ID, CodeDescription: &codeDescription{f.Rule.URL()}, Source: source, Message: visible.Text(f.Message),
	}
	switch f.Severity {
	case rule.Error:
		d.Severity = severityError
	case rule.Warning:
		d.Severity = severityWarning
	}
	for _, r := range f.Related {
		if r.Path == "" {
			continue // in a package whose source is not here
		}
		d.Related = append(d.Related, relatedInformation{location{uriOf(r.Path), spanOf(text, r.Range)}, visible.Text(r.Message)})
	}
	return d
}

// errorDiagnostic shows what could not be checked, if that is in a file.
func errorDiagnostic(folder string, e lint.Error) (path string, d diagnostic, ok bool) {
	if e.File == "" || e.Line < 1 {
		return "", d, false
	}
	path = filepath.FromSlash(e.File)
	if !filepath.IsAbs(path) {
		path = filepath.Join(folder, path)
	}
	at := position{e.Line - 1, max(e.Column-1, 0)}
	return path, diagnostic{Range: span{at, at}, Severity: severityWarning, Source: source, Message: "not checked: " + visible.Text(e.Message)}, true
}

func errorText(e lint.Error) string {
	about := e.File
	if about == "" {
		about = e.Package + e.Pattern
	}
	if about == "" {
		return e.Message
	}
	return about + ": " + e.Message
}
