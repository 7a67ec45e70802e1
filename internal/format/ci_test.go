package format

import (
	"bytes"
	"encoding/json"
	"encoding/xml"
	"io"
	"os"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

func write(t *testing.T, report *lint.Report, format func(io.Writer, *lint.Report) error) string {
	t.Helper()
	var out bytes.Buffer
	if err := format(&out, report); err != nil {
		t.Fatal(err)
	}
	return out.String()
}

// The source of these tests has letters of one, two and four bytes before
// the finding, which are one, one and two UTF-16 code units.
const wide = "first\nxé😀 call()\r\nlast\n"

func wideSample(t *testing.T) *lint.Report {
	report := sample(t, wide)
	f := &report.Findings[0]
	f.Column, f.EndColumn = 9, 15
	f.Fixes[0].Edits = []lint.Edit{
		{File: f.File, Path: f.Path, Start: strings.Index(wide, "call"), End: strings.Index(wide, "()"), NewText: "fetch"},
		{File: f.File, Path: f.Path, Start: strings.Index(wide, "last"), End: len(wide)},
	}
	return report
}

func TestSARIF(t *testing.T) {
	report := wideSample(t)
	text := write(t, report, SARIF)
	var log sarifLog
	decoder := json.NewDecoder(strings.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&log); err != nil {
		t.Fatal(err)
	}
	run := log.Runs[0]
	if len(run.Tool.Driver.Rules) != 1 || len(run.Results) != 1 {
		t.Fatalf("%d rules, %d results", len(run.Tool.Driver.Rules), len(run.Results))
	}
	if run.Tool.Driver.Version == "" || semantic("v1.2.3-0.2026") != "1.2.3-0.2026" || semantic("(devel)") != "" {
		t.Errorf("versions: %+v", run.Tool.Driver)
	}
	r := rule.MustLookup("deadline/missing")
	if got := run.Tool.Driver.Rules[0]; got.ID != r.ID || got.Help.Markdown != r.Page() || got.Default != (sarifDefault{"warning", true}) {
		t.Errorf("rule: %+v", got)
	}
	result := run.Results[0]
	if result.Level != "warning" || result.RuleIndex != 0 || result.Fingerprints["grpclint/v1"] != "0" {
		t.Errorf("result: %+v", result)
	}
	if got, want := *result.Locations[0].Physical.Region, (sarifRegion{2, 6, 2, 12}); got != want {
		t.Errorf("region %v, want %v in UTF-16 code units", got, want)
	}
	if want := "can <hang>\nhere: [x@v1.0.0/b.go:7](1)"; result.Message.Text != want {
		t.Errorf("message %q, want %q", result.Message.Text, want)
	}
	if related := result.Related[0]; related.ID != 1 || related.Physical.Artifact.URI != "x@v1.0.0/b.go" || related.Message.Text != "here" {
		t.Errorf("related: %+v", related)
	}
	changes := result.Fixes[0].Changes
	if len(changes) != 1 || len(changes[0].Replacements) != 2 {
		t.Fatalf("changes: %+v", changes)
	}
	if got, want := changes[0].Replacements[0], (sarifRegion{2, 6, 2, 10}); got.Deleted != want || got.Inserted.Text != "fetch" {
		t.Errorf("first replacement: %+v, want %v", got, want)
	}
	if got, want := changes[0].Replacements[1], (sarifRegion{3, 1, 4, 1}); got.Deleted != want || got.Inserted != nil {
		t.Errorf("second replacement: %+v, want %v", got, want)
	}
	if invocation := run.Invocations[0]; invocation.Successful || len(invocation.Notifications) != 1 || invocation.Notifications[0].Locations[0].Physical.Region.StartLine != 1 {
		t.Errorf("invocation: %+v", invocation)
	}
}

// What was found only, and not asked for, leaves the run successful.
func TestSARIFFoundError(t *testing.T) {
	report := &lint.Report{Errors: []lint.Error{{File: "a b.proto", Message: "import is missing", Found: true}}}
	text := write(t, report, SARIF)
	for _, want := range []string{`"executionSuccessful": true`, `"uri": "a%20b.proto"`, `"results": []`, `"rules": []`} {
		if !strings.Contains(text, want) {
			t.Errorf("no %s in\n%s", want, text)
		}
	}
}

func TestSARIFUnreadable(t *testing.T) {
	report := wideSample(t)
	if err := os.Remove(report.Findings[0].Path); err != nil {
		t.Fatal(err)
	}
	text := write(t, report, SARIF)
	if strings.Contains(text, `"fixes"`) {
		t.Error("a fix whose places nobody knows")
	}
	if !strings.Contains(text, `"startColumn": 9`) {
		t.Error("the column in bytes is lost")
	}
}

func TestGitHub(t *testing.T) {
	report := sample(t, "")
	report.Findings[0].File = "dir,1/a:b.go"
	report.Findings[0].Message = "100 % wrong\nreally"
	report.Errors = append(report.Errors, lint.Error{Package: "example.com/p", Message: "does not type-check"})
	const want = "::warning file=dir%2C1/a%3Ab.go,line=2,endLine=2,col=2,endColumn=6,title=grpclint deadline/missing::" +
		"100 %25 wrong%0Areally%0Ax@v1.0.0/b.go:7: here%0Ahttps://github.com/grpclint/grpclint/blob/main/docs/rules/deadline/missing.md\n" +
		"::error file=dir/c.go,line=1,title=grpclint::broken\n" +
		"::error title=grpclint::example.com/p: does not type-check\n"
	if got := write(t, report, GitHub); got != want {
		t.Errorf("got\n%s\nwant\n%s", got, want)
	}
}

func TestGitLab(t *testing.T) {
	const want = `[{"description":"can <hang>","check_name":"deadline/missing","fingerprint":"0","severity":"minor",` +
		`"location":{"path":"dir/a.go","lines":{"begin":2,"end":2}}}]`
	var compact bytes.Buffer
	if err := json.Compact(&compact, []byte(write(t, sample(t, ""), GitLab))); err != nil {
		t.Fatal(err)
	}
	if compact.String() != want {
		t.Errorf("got\n%s\nwant\n%s", compact.String(), want)
	}
	if got := write(t, new(lint.Report), GitLab); got != "[]\n" {
		t.Errorf("without findings: %q", got)
	}
}

func TestCheckstyle(t *testing.T) {
	text := write(t, sample(t, ""), Checkstyle)
	const want = xml.Header + `<checkstyle version="4.3">
  <file name="dir/a.go">
    <error line="2" column="2" severity="warning" message="can &lt;hang&gt;" source="grpclint.deadline/missing"></error>
  </file>
</checkstyle>
`
	if text != want {
		t.Errorf("got\n%s\nwant\n%s", text, want)
	}
}

func TestJUnit(t *testing.T) {
	var got junitDocument
	if err := xml.Unmarshal([]byte(write(t, sample(t, ""), JUnit)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 2 || got.Failures != 1 || got.Errors != 1 || len(got.Suites) != 2 {
		t.Errorf("counts: %+v", got)
	}
	if failed := got.Suites[0].Cases[0]; failed.Failure == nil || failed.Failure.Message != "can <hang>" || !strings.Contains(failed.Failure.Text, "b.go:7:3: here") {
		t.Errorf("failure: %+v", failed)
	}
	if broken := got.Suites[1].Cases[0]; broken.Error == nil || broken.Error.Message != "broken" {
		t.Errorf("error: %+v", broken)
	}
	got = junitDocument{}
	if err := xml.Unmarshal([]byte(write(t, new(lint.Report), JUnit)), &got); err != nil {
		t.Fatal(err)
	}
	if got.Tests != 1 || got.Failures+got.Errors != 0 {
		t.Errorf("without findings: %+v", got)
	}
}
