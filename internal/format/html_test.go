package format

import (
	"flag"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/rule"
)

// update makes the tests write golden files instead of comparing with them.
var update = flag.Bool("update", false, "write golden files")

// pageReport has something of everything, and text that means something
// else in HTML wherever there is text.
func pageReport(t *testing.T) *lint.Report {
	t.Helper()
	report := sample(t, "first\n\tcall(\"</code><script>é\")\n")
	first := &report.Findings[0]
	first.Method = "shop.v1.Orders/Get"
	first.EndColumn = 25
	first.Related[0].Message = "a < b && \"c\""
	second := *first
	second.Rule, second.Severity, second.Message = rule.MustLookup("conn/leak"), rule.Error, `leaks <script>alert("1")</script>`
	second.File, second.Path, second.Effect, second.Method, second.Related, second.Fixes = "dir/'b'&.go", "", "", "", nil, nil
	report.Findings = append(report.Findings, second)
	report.Errors = append(report.Errors, lint.Error{File: "x.proto", Message: "import is missing", Found: true, Partly: "without their imports"})

	report.Methods = new(serviceconfig.Methods)
	verdict := func(class method.Class) func() method.Verdict {
		return func() method.Verdict { return method.Verdict{Class: class, Doubt: class == method.Mutating} }
	}
	report.Methods.Add(serviceconfig.Service{Name: "shop.v1.Orders", Methods: []serviceconfig.Method{
		{Name: "Get", Verdict: verdict(method.Safe)},
		{Name: "Place", Verdict: verdict(method.Mutating)},
		{Name: "Watch", ServerStream: true, Verdict: verdict(method.Safe)},
	}})
	report.Project = "example.com/shop<1>"
	report.Dials = []string{"other.Service"}
	at := func(line int) lint.Range { return lint.Range{File: "server/<a>.go", Line: line} }
	report.Handlers = []lint.Handler{
		{Method: "shop.v1.Orders/Get", Name: "Server.Get", At: at(5), Mapped: true, Sources: []lint.CodeSource{
			{Code: 5, What: "status", At: at(6)}, {Code: 5, What: "status", At: at(9)}, {Code: -1, Of: "shop.v1.Payments/Charge", At: at(7)}, {Code: -1, At: at(8)},
		}},
		{Method: "shop.v1.Orders/Place", Name: "Server.Place", At: at(20)},
	}
	report.Retries = []lint.Retry{{Method: "shop.v1.Orders/Get", Codes: []int{14}, Attempts: 3, By: "loop", At: at(40)}}
	return report
}

func TestHTML(t *testing.T) {
	text := write(t, pageReport(t), HTML)
	golden := filepath.Join("testdata", "page.html")
	if *update {
		if err := os.WriteFile(golden, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if text != string(want) {
		t.Errorf("%s (-update writes it): got\n%s", golden, text)
	}
}

// The page loads nothing and runs nothing, its links lead somewhere, and
// what can be scrolled can be reached by keyboard.
func TestHTMLAlone(t *testing.T) {
	for name, report := range map[string]*lint.Report{"full": pageReport(t), "empty": {}} {
		text := write(t, report, HTML)
		if found := regexp.MustCompile(`(?i)<script|<link|<img|<iframe|\ssrc=|url\(|@import|\son\w+=`).FindString(text); found != "" {
			t.Errorf("%s: the page has %s", name, found)
		}
		ids := make(map[string]bool)
		for _, m := range regexp.MustCompile(`\sid="([^"]+)"`).FindAllStringSubmatch(text, -1) {
			if ids[m[1]] {
				t.Errorf("%s: two elements have the id %s", name, m[1])
			}
			ids[m[1]] = true
		}
		for _, m := range regexp.MustCompile(`(?:href="#|aria-labelledby=")([^"]+)"`).FindAllStringSubmatch(text, -1) {
			if !ids[m[1]] {
				t.Errorf("%s: no element has the id %s", name, m[1])
			}
		}
		if scroll, reachable := strings.Count(text, `class="scroll"`), strings.Count(text, `class="scroll" tabindex="0" role="group" aria-label="`); scroll != reachable {
			t.Errorf("%s: %d of %d that scroll can be reached", name, reachable, scroll)
		}
		for _, element := range []string{"details", "section", "table", "ul", "ol", "li", "p", "div", "span", "a"} {
			opened := len(regexp.MustCompile(`<`+element+`[ >]`).FindAllString(text, -1))
			if closed := strings.Count(text, "</"+element+">"); opened != closed {
				t.Errorf("%s: %d <%s> and %d </%s>", name, opened, element, closed, element)
			}
		}
	}
}

// A list of many findings is folded, all of them can be reached, and each
// goes with a box of the filter.
func TestHTMLMany(t *testing.T) {
	report := sample(t, "first\n\tcall()\n")
	first := report.Findings[0]
	report.Project, report.Findings = "example.com/shop", nil
	for _, kind := range []struct {
		rule     string
		severity rule.Severity
		count    int
	}{{"conn/leak", rule.Error, 70}, {"deadline/missing", rule.Warning, 130}, {"deadline/missing", rule.Info, 3}, {"retry/code", rule.Info, 2}} {
		for range kind.count {
			f := first
			f.Rule, f.Severity = rule.MustLookup(kind.rule), kind.severity
			report.Findings = append(report.Findings, f)
		}
	}
	text := write(t, report, HTML)
	for _, want := range []string{
		"<h1>205 findings in example.com/shop</h1>", "<title>205 findings in example.com/shop - grpclint</title>",
		`<details id="rule-0" class="of-rule-0 has-error" open>`, `<details id="rule-1" class="of-rule-1 has-warning-info">`, `<details id="rule-2" class="of-rule-2 has-info">`,
		"<summary>20 more of conn/leak</summary>", "<summary>83 more of deadline/missing</summary>",
		`id="show-error" checked> <span class="severity error">error</span> (70)`, `id="show-info" checked> <span class="severity info">info</span> (5)`,
		"body:has(#show-rule-2:not(:checked)) .of-rule-2",
	} {
		if !strings.Contains(text, want) {
			t.Errorf("the page has no %s", want)
		}
	}
	if n := len(regexp.MustCompile(`<li id="f\d+" class="is-`).FindAllString(text, -1)); n != len(report.Findings) {
		t.Errorf("%d findings are shown", n)
	}
	boxes := regexp.MustCompile(`id="(show-[^"]+)"`).FindAllStringSubmatch(text, -1)
	if len(boxes) != 3+3 {
		t.Errorf("boxes: %q", boxes)
	}
	for _, box := range boxes {
		if !strings.Contains(text, "body:has(#"+box[1]+":not(:checked)) .") {
			t.Errorf("the box %s does nothing", box[1])
		}
	}
	for _, class := range regexp.MustCompile(`class="[^"]*\b((?:has|is)-[a-z-]+)`).FindAllStringSubmatch(text, -1) {
		if !strings.Contains(text, " ."+class[1]+",") && !strings.Contains(text, " ."+class[1]+"\n") {
			t.Errorf("no rule of the filter is for %s", class[1])
		}
	}
}
