package format

import (
	"encoding/xml"
	"fmt"
	"io"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

// writeXML writes a document with its declaration and a final newline.
func writeXML(w io.Writer, document any) error {
	text, err := xml.MarshalIndent(document, "", "  ")
	if err != nil {
		return err
	}
	_, err = fmt.Fprintf(w, "%s%s\n", xml.Header, text)
	return err
}

// byFile groups a report by file, in the report's order.
func byFile[T any](items []T, fileOf func(*T) string) (files []string, groups map[string][]*T) {
	groups = make(map[string][]*T)
	for i := range items {
		file := fileOf(&items[i])
		if groups[file] == nil {
			files = append(files, file)
		}
		groups[file] = append(groups[file], &items[i])
	}
	return files, groups
}

func fileOfFinding(f *lint.Finding) string { return f.File }

type (
	checkstyleDocument struct {
		XMLName xml.Name         `xml:"checkstyle"`
		Version string           `xml:"version,attr"`
		Files   []checkstyleFile `xml:"file"`
	}
	checkstyleFile struct {
		Name   string            `xml:"name,attr"`
		Errors []checkstyleError `xml:"error"`
	}
	checkstyleError struct {
		Line     int    `xml:"line,attr"`
		Column   int    `xml:"column,attr"`
		Severity string `xml:"severity,attr"`
		Message  string `xml:"message,attr"`
		Source   string `xml:"source,attr"`
	}
)

// Checkstyle writes the findings as Checkstyle does, which many tools read.
// https://checkstyle.org
func Checkstyle(w io.Writer, report *lint.Report) error {
	document := checkstyleDocument{Version: "4.3"}
	files, groups := byFile(report.Findings, fileOfFinding)
	for _, name := range files {
		file := checkstyleFile{Name: name}
		for _, f := range groups[name] {
			file.Errors = append(file.Errors, checkstyleError{f.Line, f.Column, f.Severity.String(), f.Message, "grpclint." + f.Rule.ID})
		}
		document.Files = append(document.Files, file)
	}
	return writeXML(w, document)
}

type (
	junitDocument struct {
		XMLName  xml.Name     `xml:"testsuites"`
		Name     string       `xml:"name,attr"`
		Tests    int          `xml:"tests,attr"`
		Failures int          `xml:"failures,attr"`
		Errors   int          `xml:"errors,attr"`
		Suites   []junitSuite `xml:"testsuite"`
	}
	junitSuite struct {
		Name     string      `xml:"name,attr"`
		Tests    int         `xml:"tests,attr"`
		Failures int         `xml:"failures,attr"`
		Errors   int         `xml:"errors,attr"`
		Cases    []junitCase `xml:"testcase"`
	}
	junitCase struct {
		Name    string        `xml:"name,attr"`
		Class   string        `xml:"classname,attr"`
		File    string        `xml:"file,attr,omitempty"`
		Line    int           `xml:"line,attr,omitempty"`
		Failure *junitProblem `xml:"failure"`
		Error   *junitProblem `xml:"error"`
	}
	junitProblem struct {
		Message string `xml:"message,attr"`
		Type    string `xml:"type,attr"`
		Text    string `xml:",chardata"`
	}
)

// JUnit writes the report as test results: a file is a suite, a finding a
// failed test. A run without findings is one test that passed, because many
// readers take no test for a mistake.
func JUnit(w io.Writer, report *lint.Report) error {
	document := junitDocument{Name: "grpclint", Failures: len(report.Findings), Errors: len(report.Errors)}
	files, groups := byFile(report.Findings, fileOfFinding)
	for _, name := range files {
		suite := junitSuite{Name: name, Tests: len(groups[name]), Failures: len(groups[name])}
		for _, f := range groups[name] {
			suite.Cases = append(suite.Cases, junitCase{
				Name: fmt.Sprintf("%s:%d:%d", f.Rule.ID, f.Line, f.Column), Class: f.File, File: f.File, Line: f.Line,
				Failure: &junitProblem{Message: f.Message, Type: f.Severity.String(), Text: junitText(f)},
			})
		}
		document.Suites = append(document.Suites, suite)
	}
	if len(report.Errors) > 0 {
		suite := junitSuite{Name: "not checked", Tests: len(report.Errors), Errors: len(report.Errors)}
		for _, e := range report.Errors {
			suite.Cases = append(suite.Cases, junitCase{
				Name: visible.Text(e.File + e.Package + e.Pattern), Class: "grpclint", File: e.File, Line: e.Line,
				Error: &junitProblem{Message: e.Message, Type: rule.Error.String()},
			})
		}
		document.Suites = append(document.Suites, suite)
	}
	if len(document.Suites) == 0 {
		document.Suites = []junitSuite{{Name: "grpclint", Tests: 1, Cases: []junitCase{{Name: "no findings", Class: "grpclint"}}}}
	}
	for _, suite := range document.Suites {
		document.Tests += suite.Tests
	}
	return writeXML(w, document)
}

func junitText(f *lint.Finding) string {
	text := fmt.Sprintf("%s:%d:%d: %s", f.File, f.Line, f.Column, f.Message)
	for _, r := range f.Related {
		text += fmt.Sprintf("\n%s:%d:%d: %s", r.File, r.Line, r.Column, r.Message)
	}
	return text + "\n" + f.Rule.URL()
}
