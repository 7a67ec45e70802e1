package wanttest

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

// A want asks for something at a line of a file.
type want struct {
	file     string // as in findings
	line     int    // that it speaks of
	related  bool
	severity rule.Severity // 0 for that of the rule
	pattern  *regexp.Regexp
	source   string // of the range; empty for any
	met      bool
}

// compare compares the findings with what the files ask for. What is found in
// files that are not Go has tests of its own.
func (s *Suite) compare(wants []*want, report *lint.Report) {
	s.meetAll(wants, report)
	for _, w := range wants {
		if !w.met {
			s.problem(w.file, "%s", w)
		}
	}
}

// meetAll finds the wants that are met, and what nobody asks for.
func (s *Suite) meetAll(wants []*want, report *lint.Report) {
	for _, f := range report.Findings {
		if !strings.HasSuffix(f.File, ".go") || isExempt(f.File) || strings.HasPrefix(f.File, pageFolder) {
			continue
		}
		var lowered rule.Severity
		if f.Severity != f.Rule.Severity {
			lowered = f.Severity
		}
		source := func() string { return s.source(f.Range) }
		found := thing{f.Range, false, lowered, f.Message + " [" + f.Rule.ID + "]", source}
		if !meet(wants, found) && !isElsewhere(f.Rule, f.File) {
			s.problem(f.File, "%s:%d:%d: unexpected: %s [%s], as %s at %q", f.File, f.Line, f.Column, f.Message, f.Rule.ID, f.Severity, source())
		}
		for _, r := range f.Related {
			meet(wants, thing{r.Range, true, 0, r.Message, func() string { return s.source(r.Range) }})
		}
	}
}

// String says that what is asked for is not there.
func (w *want) String() string {
	what := "finding"
	switch {
	case w.related:
		what = "related place"
	case w.severity != 0:
		what = w.severity.String()
	}
	at := ""
	if w.source != "" {
		at = fmt.Sprintf(" at %q", w.source)
	}
	return fmt.Sprintf("%s:%d: no %s that matches %q%s", w.file, w.line, what, w.pattern, at)
}

// source returns the text of a range, of its first line if it has several.
func (s *Suite) source(r lint.Range) string {
	text, err := s.readFile(r.Path)
	lines := strings.Split(string(text), "\n")
	if err != nil || r.Line < 1 || r.Line > len(lines) {
		return ""
	}
	line := lines[r.Line-1]
	end := len(line)
	if r.EndLine == r.Line {
		end = min(end, r.EndColumn-1)
	}
	return line[min(r.Column-1, end):end]
}

// isElsewhere: a rule that only informs has something to say on the test
// packages of another family, and one that is off by default on those of
// another rule, which nobody asked it for.
func isElsewhere(r *rule.Rule, file string) bool {
	switch {
	case !r.On:
		return !strings.HasPrefix(file, strings.ReplaceAll(r.ID, "-", "")+"/")
	case r.Severity == rule.Info:
		return !strings.HasPrefix(file, r.Family()+"/")
	}
	return false
}

// A thing is what wants may ask for.
type thing struct {
	at       lint.Range
	related  bool
	severity rule.Severity // as in want
	text     string
	source   func() string
}

// meet finds a want for something found. A related place may be named by
// several findings.
func meet(wants []*want, found thing) bool {
	i := slices.IndexFunc(wants, func(w *want) bool {
		return w.file == found.at.File && w.line == found.at.Line && w.related == found.related && w.severity == found.severity &&
			(found.related || !w.met) && w.pattern.MatchString(found.text) && (w.source == "" || w.source == found.source())
	})
	if i < 0 {
		return false
	}
	wants[i].met = true
	return true
}

// wants reads the comments of all Go files of the suite.
func (s *Suite) wants() []*want {
	var wants []*want
	s.walk(func(path string) error {
		rel := s.relative(path)
		if filepath.Ext(path) != ".go" || isExempt(rel) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		inFile, err := parseWants(rel, text)
		if err != nil {
			s.problem(rel, "%s: %v", rel, err)
		}
		wants = append(wants, inFile...)
		return nil
	})
	return wants
}

func parseWants(name string, text []byte) ([]*want, error) {
	if !strings.Contains(string(text), "want") && !strings.Contains(string(text), "related") {
		return nil, nil
	}
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, name, text, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return nil, err
	}
	var wants []*want
	var errs []error
	for _, group := range file.Comments {
		for _, comment := range group.List {
			line := fset.PositionFor(comment.Pos(), false).Line
			parsed, err := parseComment(comment.Text)
			if err != nil {
				errs = append(errs, fmt.Errorf("line %d: %w", line, err))
			}
			for _, w := range parsed {
				w.file = name
				w.line += line
				wants = append(wants, w)
			}
		}
	}
	return wants, errors.Join(errs...)
}

// head begins a list of expectations in a comment. It may stand behind
// other text, such as a directive, if it has its own "//".
var head = regexp.MustCompile("^(?:/[/*]|.*//) ?(want|related)([+-][0-9]+)? +((?:(?:error|warning|info) +)?[\"`].*)$")

// parseComment returns the wants of a comment; their lines are relative to
// the comment's.
func parseComment(text string) ([]*want, error) {
	text = strings.TrimSuffix(strings.ReplaceAll(text, "\n", " "), "*/")
	match := head.FindStringSubmatch(text)
	if match == nil {
		return nil, nil
	}
	var wants []*want
	related, offset, rest := match[1] == "related", match[2], strings.TrimSpace(match[3])
	var severity rule.Severity
	var err error
	at := false
	for rest != "" {
		if word, after, ok := strings.Cut(rest, " "); ok && !strings.ContainsAny(word, "\"`") {
			rest = strings.TrimSpace(after)
			switch word {
			case "want", "related":
				related = word == "related"
			case "at":
				at = len(wants) > 0
			default:
				if severity, err = rule.ParseSeverity(word); err != nil {
					return wants, err
				}
			}
			continue
		}
		quoted, err := strconv.QuotedPrefix(rest)
		if err != nil {
			return wants, fmt.Errorf("%q is not a quoted string", rest)
		}
		rest = strings.TrimSpace(rest[len(quoted):])
		expr, err := strconv.Unquote(quoted)
		if err != nil {
			return wants, err
		}
		if at {
			wants[len(wants)-1].source, at = expr, false
			continue
		}
		pattern, err := regexp.Compile(expr)
		if err != nil {
			return wants, err
		}
		w := &want{related: related, severity: severity, pattern: pattern}
		severity = 0
		if offset != "" {
			if w.line, err = strconv.Atoi(offset); err != nil {
				return wants, err
			}
		}
		wants = append(wants, w)
	}
	return wants, nil
}
