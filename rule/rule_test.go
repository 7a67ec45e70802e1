package rule

import (
	"go/format"
	"regexp"
	"slices"
	"strings"
	"testing"
)

var (
	idForm    = regexp.MustCompile(`^[a-z]+/[a-z]+(-[a-z0-9]+)*$`)
	sinceForm = regexp.MustCompile(`^\d+\.\d+\.\d+$`)
)

// sections are the headings of every page, in this order.
var sections = []string{
	"What it reports", "Why it matters", "Incorrect", "Correct", "When it stays silent", "Sources",
}

func TestPages(t *testing.T) {
	all := All()
	if len(all) == 0 {
		t.Fatal("no rules")
	}
	for _, r := range all {
		t.Run(r.ID, func(t *testing.T) {
			if !idForm.MatchString(r.ID) {
				t.Errorf("id is not of the form family/name, words joined by -")
			}
			if strings.HasSuffix(r.Summary, ".") || len(r.Summary) > 100 {
				t.Errorf("summary %q ends with a full stop or is longer than 100 characters", r.Summary)
			}
			if r.Severity < Info {
				t.Errorf("severity %v", r.Severity)
			}
			if !sinceForm.MatchString(r.Since) {
				t.Errorf("since %q is no version", r.Since)
			}
			if len(r.Tags) == 0 {
				t.Errorf("no tags")
			}
			for _, tag := range r.Tags {
				if !slices.Contains(Tags(), tag) {
					t.Errorf("there is no tag %q; these are: %s", tag, strings.Join(Tags(), ", "))
				}
			}
			checkSections(t, r.Page())
		})
	}
}

func TestTags(t *testing.T) {
	if !slices.IsSorted(Tags()) {
		t.Error("the tags are not sorted")
	}
	for _, tag := range Tags() {
		if !slices.ContainsFunc(All(), func(r *Rule) bool { return slices.Contains(r.Tags, tag) }) {
			t.Errorf("no rule has the tag %q", tag)
		}
	}
}

func checkSections(t *testing.T, page string) {
	t.Helper()
	var headings []string
	text := make(map[string]string)
	fenced := false
	for line := range strings.Lines(page) {
		if strings.HasPrefix(line, "```") {
			fenced = !fenced
		}
		if heading, ok := strings.CutPrefix(line, "## "); ok && !fenced {
			headings = append(headings, strings.TrimSpace(heading))
			continue
		}
		if len(headings) == 0 {
			t.Errorf("text above the first heading: %s", line)
			continue
		}
		text[headings[len(headings)-1]] += line
	}
	if fenced {
		t.Errorf("a code block does not end")
	}
	if !slices.Equal(headings, sections) {
		t.Errorf("headings %q, want %q", headings, sections)
	}
	for _, heading := range headings {
		if strings.TrimSpace(text[heading]) == "" {
			t.Errorf("nothing below %q", heading)
		}
	}
	for _, heading := range []string{"Incorrect", "Correct"} {
		if !codeBlock.MatchString(text[heading]) {
			t.Errorf("no code below %q", heading)
		}
	}
}

var codeBlock = regexp.MustCompile("(?m)^```(go|proto|json|yaml|nginx|dockerfile)$")

var goBlock = regexp.MustCompile("(?s)```go\\n(.*?)```")

// What the code does is tested where it can be compiled; here, that it looks
// as Go code does.
func TestPagesAreFormatted(t *testing.T) {
	for _, r := range All() {
		for _, block := range goBlock.FindAllStringSubmatch(r.Page(), -1) {
			formatted, err := format.Source([]byte(block[1]))
			if err != nil {
				t.Errorf("%s: %v in\n%s", r.ID, err, block[1])
			} else if string(formatted) != block[1] {
				t.Errorf("%s: gofmt would write\n%s", r.ID, formatted)
			}
		}
	}
}

// A name, once given, belongs to one rule for ever.
func TestNamesAreUnique(t *testing.T) {
	owner := make(map[string]string)
	for _, r := range All() {
		for _, name := range append([]string{r.ID}, r.Aliases...) {
			if other, taken := owner[name]; taken {
				t.Errorf("%s is a name of %s and of %s", name, other, r.ID)
			}
			owner[name] = r.ID
			if name == r.Family() {
				t.Errorf("%s is a family", name)
			}
		}
	}
}

func TestAllIsSorted(t *testing.T) {
	if !slices.IsSortedFunc(All(), func(a, b *Rule) int { return strings.Compare(a.ID, b.ID) }) {
		t.Error("not sorted")
	}
	All()[0] = nil
	if All()[0] == nil {
		t.Error("a caller can change the catalogue")
	}
}

func TestLookup(t *testing.T) {
	for _, r := range All() {
		if got, ok := Lookup(r.ID); !ok || got != r {
			t.Errorf("%s is not found", r.ID)
		}
		for _, alias := range r.Aliases {
			if got, ok := Lookup(alias); !ok || got != r {
				t.Errorf("%s is not found as %s", r.ID, alias)
			}
		}
	}
	for _, id := range []string{"", "deadline", "deadline/", "deadline/none"} {
		if r, ok := Lookup(id); ok {
			t.Errorf("%q finds %s", id, r.ID)
		}
	}
	defer func() {
		if recover() == nil {
			t.Error("MustLookup accepts what does not exist")
		}
	}()
	MustLookup("deadline/none")
}

func TestSelect(t *testing.T) {
	rules, err := Select("suppress/unused")
	if err != nil || len(rules) != 1 || rules[0].ID != "suppress/unused" {
		t.Errorf("by id: %v, %v", rules, err)
	}
	rules, err = Select("suppress")
	if err != nil || !slices.Equal(rules, Family("suppress")) || len(rules) < 3 {
		t.Errorf("by family: %v, %v", rules, err)
	}
	for selector, want := range map[string]string{
		"supress":         `unknown rule "supress" (nearest: suppress)`,
		"suppress/usused": `unknown rule "suppress/usused" (nearest: suppress/unused)`,
		"":                `unknown rule ""`,
	} {
		if _, err := Select(selector); err == nil || err.Error() != want {
			t.Errorf("%q: error %v, want %s", selector, err, want)
		}
	}
}

func TestNearestOf(t *testing.T) {
	tests := []struct {
		text       string
		candidates []string
		want       string
	}{
		{"rule", []string{"rules", "exclude"}, "rules"},
		{"rules", []string{"exclude"}, ""},
		{"ab", []string{"abc", "abcd"}, "abc"},
		{"bounded_by", []string{"bounded-by"}, "bounded-by"},
		{"deadline", []string{"deadline/missing"}, ""},
		{"x", nil, ""},
	}
	for _, test := range tests {
		if got := NearestOf(test.text, test.candidates); got != test.want {
			t.Errorf("%q of %q: %q, want %q", test.text, test.candidates, got, test.want)
		}
	}
}

func TestEditDistance(t *testing.T) {
	tests := []struct {
		a, b string
		want int
	}{
		{"", "", 0}, {"", "abc", 3}, {"abc", "", 3}, {"abc", "abc", 0}, {"abc", "abd", 1}, {"abc", "bc", 1}, {"kitten", "sitting", 3},
	}
	for _, test := range tests {
		if got := EditDistance(test.a, test.b, 100); got != test.want {
			t.Errorf("%q to %q: %d, want %d", test.a, test.b, got, test.want)
		}
	}
}

func TestSeverity(t *testing.T) {
	for _, name := range []string{"off", "info", "warning", "error"} {
		s, err := ParseSeverity(name)
		if err != nil || s.String() != name {
			t.Errorf("%s: %v, %v", name, s, err)
		}
	}
	if !(Off < Info && Info < Warning && Warning < Error) {
		t.Error("severities do not rise")
	}
	for _, name := range []string{"", "warn", "Error"} {
		if s, err := ParseSeverity(name); err == nil {
			t.Errorf("%q is accepted as %v", name, s)
		}
	}
	if got := Severity(0).String(); got != "Severity(0)" {
		t.Errorf("the zero value is written as %q", got)
	}
}

func TestParsePage(t *testing.T) {
	const good = "---\nsummary: s\nseverity: error\ndefault: off\ntags: a, b\nsince: 0.1.0\nfix: safe\naliases: f/old, f/older\n---\n\n## What it reports\n"
	r, err := parsePage("f/n", good)
	if err != nil {
		t.Fatal(err)
	}
	if r.Family() != "f" || r.Name() != "n" || r.Summary != "s" || r.Severity != Error || r.On || r.Fix != SafeFix ||
		!slices.Equal(r.Tags, []string{"a", "b"}) || !slices.Equal(r.Aliases, []string{"f/old", "f/older"}) || r.Page() != "## What it reports\n" {
		t.Errorf("parsed as %+v", r)
	}
	for name, page := range map[string]string{
		"no front matter":      "## What it reports\n",
		"front matter open":    "---\nsummary: s\n",
		"unknown key":          strings.Replace(good, "tags:", "tag:", 1),
		"unknown severity":     strings.Replace(good, "error", "fatal", 1),
		"unknown default":      strings.Replace(good, "default: off", "default: no", 1),
		"unknown fix":          strings.Replace(good, "safe", "maybe", 1),
		"tags not sorted":      strings.Replace(good, "a, b", "b, a", 1),
		"no summary":           strings.Replace(good, "summary: s\n", "", 1),
		"no severity":          strings.Replace(good, "severity: error\n", "", 1),
		"no since":             strings.Replace(good, "since: 0.1.0\n", "", 1),
		"line without a colon": strings.Replace(good, "since: ", "since ", 1),
	} {
		if _, err := parsePage("f/n", page); err == nil {
			t.Errorf("%s: no error", name)
		}
	}
}
