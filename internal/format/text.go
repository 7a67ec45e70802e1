package format

import (
	"bufio"
	"fmt"
	"io"
	"strings"
	"unicode"

	"golang.org/x/text/width"

	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/sourcetext"
	"github.com/grpclint/grpclint/rule"
)

// Text writes the report for people: each finding with its source line, and
// counts at the end.
func Text(w io.Writer, report *lint.Report, options Options) error {
	out := bufio.NewWriter(w)
	t := &text{Writer: out, Options: options, sources: make(sourcetext.Files)}
	for i := range report.Findings {
		t.finding(&report.Findings[i])
	}
	if !options.Brief {
		fmt.Fprintln(out, Summary(report))
	}
	return out.Flush()
}

// Summary counts, in one line.
func Summary(report *lint.Report) string {
	counts := make(map[rule.Severity]int)
	for i := range report.Findings {
		counts[report.Findings[i].Severity]++
	}
	var b strings.Builder
	b.WriteString(say.Count(len(report.Findings), "finding"))
	if len(report.Findings) > 0 {
		var parts []string
		for _, s := range []rule.Severity{rule.Error, rule.Warning} {
			if n := counts[s]; n > 0 {
				parts = append(parts, say.Count(n, s.String()))
			}
		}
		if n := counts[rule.Info]; n > 0 {
			parts = append(parts, fmt.Sprint(n, " info"))
		}
		fmt.Fprintf(&b, " (%s)", strings.Join(parts, ", "))
	}
	if n := report.Stats.Suppressed; n > 0 {
		fmt.Fprintf(&b, ", %d suppressed", n)
	}
	if n := report.Stats.Baselined; n > 0 {
		fmt.Fprintf(&b, ", %d in the baseline", n)
	}
	if report.Stats.Packages > 0 || report.Stats.ServiceConfigs+report.Stats.ProtoFiles+report.Stats.Manifests == 0 {
		fmt.Fprintf(&b, "; %s", Usage(report.Stats))
	}
	if n := report.Stats.ProtoFiles; n > 0 {
		fmt.Fprintf(&b, "; %s", say.Count(n, "proto file"))
		if part := partly(report); part > 0 {
			fmt.Fprintf(&b, " (%d in part)", part)
		}
	}
	if n := report.Stats.ServiceConfigs; n > 0 {
		fmt.Fprintf(&b, "; %s", say.Count(n, "service config"))
	}
	if n := report.Stats.Manifests; n > 0 {
		fmt.Fprintf(&b, "; %s", say.Count(n, "manifest"))
	}
	if n := len(report.Errors) - partly(report); n > 0 {
		fmt.Fprintf(&b, "; %s", say.Count(n, "error"))
		b.WriteString(" in what was to be checked")
	}
	return b.String()
}

// partly counts the files that were checked without all that they need, and
// that is no news for who does not ask.
func partly(report *lint.Report) int {
	n := 0
	for _, e := range report.Errors {
		if e.Partly != "" && e.Found {
			n++
		}
	}
	return n
}

// Usage says how many of the packages were worth analysing. Scripts look
// for its words, so it does not decline them.
func Usage(stats lint.Stats) string {
	return fmt.Sprintf("%d of %d packages use gRPC", stats.GRPCPackages, stats.Packages)
}

// text writes findings beside their source.
type text struct {
	*bufio.Writer
	Options
	sources sourcetext.Files
}

func (t *text) finding(f *lint.Finding) {
	only := ""
	if len(f.Builds) > 0 {
		only = " (only " + strings.Join(f.Builds, ", ") + ")"
	}
	fmt.Fprintf(t, "%s %s %s %s\n",
		t.style(bold, fmt.Sprintf("%s:%d:%d:", f.File, f.Line, f.Column)),
		t.style(severityStyle(f.Severity), f.Severity.String()+":"),
		f.Message,
		t.style(dim, "["+f.Rule.ID+"]"+only))
	t.source(f)
	const enough = 6
	for i, r := range f.Related {
		if i == enough && len(f.Related) > enough+1 {
			fmt.Fprintf(t, "    and %d more places (-format=json has all)\n", len(f.Related)-enough)
			break
		}
		fmt.Fprintf(t, "    %s:%d:%d: %s\n", r.File, r.Line, r.Column, r.Message)
	}
}

// source shows the finding's first line with the range marked below.
func (t *text) source(f *lint.Finding) {
	before, marked, after, ok := excerpt(t.sources, f)
	if !ok {
		return
	}
	fmt.Fprintf(t, "    %s%s%s\n", before, marked, after)
	fmt.Fprintf(t, "    %s%s\n", blank(before), t.style(green, "^"+strings.Repeat("~", max(columns(marked)-1, 0))))
}

// excerpt returns a finding's first line with its range, made visible. A file
// that cannot be read, or was changed meanwhile, is no reason to fail.
func excerpt(sources sourcetext.Files, f *lint.Finding) (before, marked, after string, ok bool) {
	line, ok := sources.Line(f.Path, f.Line)
	if !ok || f.Column < 1 || f.Column-1 > len(line) {
		return "", "", "", false
	}
	end := len(line)
	if f.EndLine == f.Line {
		end = min(end, max(f.EndColumn-1, f.Column))
	}
	before, marked, after = clip(line[:f.Column-1], line[f.Column-1:max(end, f.Column-1)], line[max(end, f.Column-1):])
	before, marked, after = visible.Split(before+marked+after, len(before), len(before)+len(marked))
	return before, marked, after, strings.TrimSpace(before+marked+after) != ""
}

// clip shortens a line that nobody wrote by hand to what is near the range.
func clip(before, marked, after string) (string, string, string) {
	const most = 120
	if len(before) > most {
		before = "..." + strings.ToValidUTF8(before[len(before)-most:], "")
	}
	if len(marked) > most {
		return before, strings.ToValidUTF8(marked[:most], ""), "..."
	}
	if len(after) > most {
		after = strings.ToValidUTF8(after[:most], "") + "..."
	}
	return before, marked, after
}

// blank returns what moves the cursor as far as text does.
func blank(text string) string {
	var b strings.Builder
	for _, r := range text {
		if r == '\t' {
			b.WriteRune(r)
		} else {
			b.WriteString(strings.Repeat(" ", columns(string(r))))
		}
	}
	return b.String()
}

// columns is the width of a text in a terminal, where ideographs and emojis
// have two columns, accents and joiners none.
func columns(text string) int {
	n := 0
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf):
			continue
		case isWide(r):
			n++
		}
		n++
	}
	return n
}

func isWide(r rune) bool {
	kind := width.LookupRune(r).Kind()
	return kind == width.EastAsianWide || kind == width.EastAsianFullwidth
}

// Styles are SGR parameters of ECMA-48 terminals.
const (
	bold   = "1"
	dim    = "2"
	green  = "32"
	red    = "1;31"
	yellow = "1;33"
	cyan   = "1;36"
)

func severityStyle(s rule.Severity) string {
	switch s {
	case rule.Error:
		return red
	case rule.Warning:
		return yellow
	}
	return cyan
}

func (t *text) style(sgr, s string) string {
	if !t.Color {
		return s
	}
	return "\x1b[" + sgr + "m" + s + "\x1b[0m"
}
