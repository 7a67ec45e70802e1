package wanttest

import (
	"errors"
	"fmt"
	"go/parser"
	"go/token"
	"io/fs"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/rule"
)

// A want asks for something at a line of a file.
type want struct {
	file    string // as in findings
	line    int    // that it speaks of
	related bool
	pattern *regexp.Regexp
	met     bool
}

// CheckWants compares the findings with the comments in the files. What is
// found in files that are not Go has tests of its own.
func (s *Suite) CheckWants(t *testing.T, report *lint.Report) {
	t.Helper()
	wants := s.wants(t)
	if len(wants) == 0 {
		t.Error("no file asks for a finding")
	}
	for _, f := range report.Findings {
		if !strings.HasSuffix(f.File, ".go") || isExempt(f.File) || strings.HasPrefix(f.File, pageFolder) {
			continue
		}
		if !meet(wants, f.Range, false, f.Message+" ["+f.Rule.ID+"]") && !isElsewhere(f.Rule, f.File) {
			t.Errorf("%s:%d:%d: unexpected: %s [%s]", f.File, f.Line, f.Column, f.Message, f.Rule.ID)
		}
		for _, r := range f.Related {
			meet(wants, r.Range, true, r.Message)
		}
	}
	for _, w := range wants {
		if !w.met {
			what := "finding"
			if w.related {
				what = "related place"
			}
			t.Errorf("%s:%d: no %s that matches %q", w.file, w.line, what, w.pattern)
		}
	}
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

// meet finds a want for something found. A related place may be named by
// several findings.
func meet(wants []*want, at lint.Range, related bool, text string) bool {
	i := slices.IndexFunc(wants, func(w *want) bool {
		return w.file == at.File && w.line == at.Line && w.related == related && (related || !w.met) && w.pattern.MatchString(text)
	})
	if i < 0 {
		return false
	}
	wants[i].met = true
	return true
}

// wants reads the comments of all Go files of the module.
func (s *Suite) wants(t *testing.T) []*want {
	t.Helper()
	var wants []*want
	err := filepath.WalkDir(s.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		rel, err := filepath.Rel(s.Dir, path)
		if err != nil {
			return err
		}
		rel = filepath.ToSlash(rel)
		if entry.IsDir() || filepath.Ext(path) != ".go" || isExempt(rel) {
			return nil
		}
		text, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		inFile, err := parseWants(rel, text)
		if err != nil {
			t.Errorf("%s: %v", rel, err)
		}
		wants = append(wants, inFile...)
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
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
var head = regexp.MustCompile("^(?:/[/*]|.*//) ?(want|related)([+-][0-9]+)? +([\"`].*)$")

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
	for rest != "" {
		if word, after, ok := strings.Cut(rest, " "); ok && (word == "want" || word == "related") {
			related, rest = word == "related", strings.TrimSpace(after)
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
		pattern, err := regexp.Compile(expr)
		if err != nil {
			return wants, err
		}
		w := &want{related: related, pattern: pattern}
		if offset != "" {
			if w.line, err = strconv.Atoi(offset); err != nil {
				return wants, err
			}
		}
		wants = append(wants, w)
	}
	return wants, nil
}
