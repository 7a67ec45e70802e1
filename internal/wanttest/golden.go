package wanttest

import (
	"bytes"
	"flag"
	"io/fs"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/fix"
	"github.com/grpclint/grpclint/internal/lint"
)

// update makes the tests write golden files instead of comparing with them.
var update = flag.Bool("wanttest.update", false, "write golden files")

// Suffixes of golden files.
const (
	safeSuffix  = ".golden"           // all safe fixes applied
	firstSuffix = ".suggested.golden" // every finding's first fix applied
)

// CheckFixes applies the fixes and compares the files with x.go.golden (safe
// fixes) and x.go.suggested.golden (the first fix of each finding, where that
// makes a difference). Fixed files have to type-check, and what was fixed
// must not be found again.
func (s *Suite) CheckFixes(t *testing.T, report *lint.Report) {
	t.Helper()
	safe := s.plan(t, report, fix.Safe)
	first := s.plan(t, report, fix.First)
	expected := make(map[string][]byte) // golden files by path
	for path, text := range safe {
		expected[path+safeSuffix] = text
	}
	for path, text := range first {
		if !bytes.Equal(text, safe[path]) {
			expected[path+firstSuffix] = text
		}
	}
	s.compareGolden(t, expected)
	s.checkFixed(t, report, safe, fix.Safe)
	s.checkFixed(t, report, first, fix.First)
}

// plan returns the fixed files of the module.
func (s *Suite) plan(t *testing.T, report *lint.Report, choose fix.Choice) map[string][]byte {
	t.Helper()
	plan := fix.Make(report.Findings, s.inModule(choose), s.readFile)
	for _, problem := range plan.Problems {
		// A test file asks for fixes that go together.
		t.Errorf("fixes: %s", problem)
	}
	files := make(map[string][]byte)
	for _, f := range plan.Files {
		files[f.Path] = f.After
	}
	return files
}

// inModule leaves the exempt folders and the pages alone.
func (s *Suite) inModule(choose fix.Choice) fix.Choice {
	return func(f *lint.Finding) (lint.Fix, bool) {
		if isExempt(f.File) || strings.HasPrefix(f.File, pageFolder) {
			return lint.Fix{}, false
		}
		return choose(f)
	}
}

func (s *Suite) readFile(path string) ([]byte, error) {
	if text, ok := s.overlay[path]; ok {
		return text, nil
	}
	return os.ReadFile(path)
}

func (s *Suite) compareGolden(t *testing.T, expected map[string][]byte) {
	t.Helper()
	err := filepath.WalkDir(s.Dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil || entry.IsDir() || filepath.Ext(path) != safeSuffix || expected[path] != nil {
			return err
		}
		if *update {
			return os.Remove(path)
		}
		t.Errorf("%s: no fix gives this file any more", s.relative(path))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	for path, text := range expected {
		if *update {
			if err := os.WriteFile(path, text, 0o666); err != nil {
				t.Fatal(err)
			}
			continue
		}
		golden, err := os.ReadFile(path)
		if err != nil {
			t.Errorf("%s is missing; go test -wanttest.update writes it. It would be\n%s", s.relative(path), text)
			continue
		}
		if !bytes.Equal(golden, text) {
			t.Errorf("%s: the fixes give\n%s", s.relative(path), text)
		}
	}
}

func (s *Suite) relative(path string) string {
	rel, err := filepath.Rel(s.Dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}

// checkFixed analyses the fixed files.
func (s *Suite) checkFixed(t *testing.T, before *lint.Report, files map[string][]byte, choose fix.Choice) {
	t.Helper()
	if len(files) == 0 {
		return
	}
	program := s.load(s.withOverlay(files))
	for _, e := range program.Errors {
		t.Errorf("%s:%d: after the fixes: %s", s.relative(e.File), e.Line, e.Message)
	}
	after := s.analyze(t, program, analyzers.All())
	type kind struct{ file, rule string }
	left := make(map[kind]int)
	choose = s.inModule(choose)
	for i := range before.Findings {
		f := &before.Findings[i]
		if files[f.Path] == nil {
			continue
		}
		left[kind{f.File, f.Rule.ID}]++
		if _, fixed := choose(f); fixed {
			left[kind{f.File, f.Rule.ID}]--
		}
	}
	for _, f := range after.Findings {
		if files[f.Path] == nil || isElsewhere(f.Rule, f.File) {
			continue
		}
		k := kind{f.File, f.Rule.ID}
		if left[k]--; left[k] < 0 {
			t.Errorf("%s:%d: after the fixes there is still, or newly: %s [%s]", f.File, f.Line, f.Message, f.Rule.ID)
		}
	}
}
