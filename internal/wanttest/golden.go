package wanttest

import (
	"bytes"
	"flag"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"

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

// fixed returns the files that the fixes change: with all safe ones, and with
// the first of each finding where that makes a difference.
func (s *Suite) fixed(report *lint.Report) (safe, first map[string][]byte) {
	safe, first = s.plan(report, fix.Safe), s.plan(report, fix.First)
	maps.DeleteFunc(first, func(path string, text []byte) bool { return bytes.Equal(text, safe[path]) })
	return safe, first
}

// plan returns the fixed files of the module.
func (s *Suite) plan(report *lint.Report, choose fix.Choice) map[string][]byte {
	plan := fix.Make(report.Findings, inModule(choose), s.readFile)
	if plan.Waiting > 0 { // a test file asks for fixes that go together
		s.problem("", "fixes that contradict others: %d", plan.Waiting)
	}
	for _, failure := range plan.Failures {
		s.problem("", "%s: not fixed: %s", failure.Name, failure.Reason)
	}
	files := make(map[string][]byte)
	for _, f := range plan.Files {
		files[f.Path] = f.After
	}
	return files
}

// inModule leaves the exempt folders and the pages alone.
func inModule(choose fix.Choice) fix.Choice {
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

// compareGolden compares fixed files with x.go.golden and
// x.go.suggested.golden.
func (s *Suite) compareGolden(safe, first map[string][]byte) {
	expected := make(map[string][]byte) // by path
	for path, text := range safe {
		expected[path+safeSuffix] = text
	}
	for path, text := range first {
		expected[path+firstSuffix] = text
	}
	s.walk(func(path string) error {
		if filepath.Ext(path) != safeSuffix || expected[path] != nil {
			return nil
		}
		if *update {
			return os.Remove(path)
		}
		s.problem(s.relative(path), "%s: no fix gives this file any more", s.relative(path))
		return nil
	})
	for path, text := range expected {
		rel := s.relative(path)
		if *update {
			if err := os.WriteFile(path, text, 0o666); err != nil {
				s.problem(rel, "%v", err)
			}
			continue
		}
		golden, err := os.ReadFile(path)
		if err != nil {
			s.problem(rel, "%s is missing; go test -wanttest.update writes it. It would be\n%s", rel, text)
			continue
		}
		if !bytes.Equal(golden, text) {
			s.problem(rel, "%s: the fixes give\n%s", rel, text)
		}
	}
}

// checkFixed analyses the fixed files: they have to type-check, and what was
// fixed must not be found again.
func (s *Suite) checkFixed(before *lint.Report, files map[string][]byte, choose fix.Choice) {
	if len(files) == 0 {
		return
	}
	var patterns []string
	for path := range files {
		patterns = append(patterns, "./"+filepath.ToSlash(filepath.Dir(s.relative(path))))
	}
	slices.Sort(patterns)
	program := s.load(slices.Compact(patterns), s.withOverlay(files))
	for _, e := range program.Errors {
		s.problem(s.relative(e.File), "%s:%d: after the fixes: %s", s.relative(e.File), e.Line, e.Message)
	}
	after := s.analyze(program, nil)
	type kind struct{ file, rule string }
	left := make(map[kind]int)
	choose = inModule(choose)
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
			s.problem(f.File, "%s:%d: after the fixes there is still, or newly: %s [%s]", f.File, f.Line, f.Message, f.Rule.ID)
		}
	}
}
