// Package fix applies the fixes of findings to files.
package fix

import (
	"bytes"
	"cmp"
	"fmt"
	"go/format"
	"go/parser"
	"go/token"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/wholefile"
)

// A Choice says which fix of a finding to apply, if any.
type Choice func(*lint.Finding) (lint.Fix, bool)

// Safe chooses the first fix that may be applied unseen.
func Safe(f *lint.Finding) (lint.Fix, bool) {
	i := slices.IndexFunc(f.Fixes, func(fix lint.Fix) bool { return fix.Safe })
	if i < 0 {
		return lint.Fix{}, false
	}
	return f.Fixes[i], true
}

// First chooses the first fix, be it safe or not.
func First(f *lint.Finding) (lint.Fix, bool) {
	if len(f.Fixes) == 0 {
		return lint.Fix{}, false
	}
	return f.Fixes[0], true
}

// A Plan holds the files as they will be.
type Plan struct {
	Files []File       // sorted by name
	Fixed map[int]bool // indexes of the findings that are gone then

	// Waiting is how many fixes contradict others, and have to wait for
	// another run.
	Waiting int
	// Failures are the files that cannot be changed.
	Failures []Failure

	touches map[string][]int // findings that are fixed, by paths of files
}

// A Failure is a file that cannot be changed.
type Failure struct {
	Name   string // as in File
	Reason string // one line
}

// A File is a file before and after.
type File struct {
	Name          string // for people: relative to the working directory
	Path          string
	Before, After []byte
}

// Make plans the chosen fixes. A fix is applied as a whole or not at all; of
// fixes that contradict each other the first is, and the others have to wait
// for another run. read returns a file's text, or why it analysed.
func Make(findings []lint.Finding, choose Choice, read func(path string) ([]byte, error)) *Plan {
	m := maker{read: read, files: make(map[string]*edited)}
	plan := &Plan{Fixed: make(map[int]bool), touches: make(map[string][]int)}
	for i := range findings {
		chosen, ok := choose(&findings[i])
		if !ok || slices.ContainsFunc(chosen.Edits, func(e lint.Edit) bool { return e.Foreign }) {
			continue
		}
		switch m.add(i, chosen) {
		case applied:
			plan.Fixed[i] = true
			for _, e := range chosen.Edits {
				plan.touches[e.Path] = append(plan.touches[e.Path], i)
			}
		case conflicting:
			plan.Waiting++
		}
	}
	plan.Failures = m.failures
	for _, path := range m.order {
		file := m.files[path]
		if len(file.edits) == 0 {
			continue
		}
		after, err := file.apply()
		if err != nil {
			// The fixes that touch the file are wrong: none of them
			// is applied, here or in other files.
			plan.Failures = append(plan.Failures, Failure{file.name, err.Error()})
			return withoutFile(findings, choose, read, plan, path)
		}
		if !bytes.Equal(after, file.before) {
			plan.Files = append(plan.Files, File{file.name, path, file.before, after})
		}
	}
	slices.SortFunc(plan.Files, func(a, b File) int { return cmp.Compare(a.Name, b.Name) })
	return plan
}

// withoutFile plans again, as if no fix touched the file.
func withoutFile(findings []lint.Finding, choose Choice, read func(string) ([]byte, error), failed *Plan, path string) *Plan {
	plan := Make(findings, func(f *lint.Finding) (lint.Fix, bool) {
		chosen, ok := choose(f)
		if slices.ContainsFunc(chosen.Edits, func(e lint.Edit) bool { return e.Path == path }) {
			return lint.Fix{}, false
		}
		return chosen, ok
	}, read)
	for _, failure := range failed.Failures {
		if !slices.Contains(plan.Failures, failure) {
			plan.Failures = append(plan.Failures, failure)
		}
	}
	return plan
}

type verdict int

const (
	unusable verdict = iota
	applied
	conflicting
)

type maker struct {
	read     func(string) ([]byte, error)
	files    map[string]*edited
	order    []string
	failures []Failure
}

// edited is a file and the edits accepted for it.
type edited struct {
	name   string
	before []byte
	edits  []lint.Edit
	broken bool
}

func (m *maker) add(index int, chosen lint.Fix) verdict {
	if len(chosen.Edits) == 0 {
		return unusable
	}
	var fresh []lint.Edit
	for _, e := range chosen.Edits {
		file := m.file(e)
		if file.broken || e.Start < 0 || e.End < e.Start || e.End > len(file.before) {
			return unusable
		}
		if slices.Contains(file.edits, e) {
			continue // two fixes that add the same import
		}
		if slices.ContainsFunc(file.edits, func(other lint.Edit) bool { return contradict(e, other) }) {
			return conflicting
		}
		fresh = append(fresh, e)
	}
	for _, e := range fresh {
		m.files[e.Path].edits = append(m.files[e.Path].edits, e)
	}
	return applied
}

// contradict reports whether the result of two edits would depend on their
// order.
func contradict(a, b lint.Edit) bool {
	if a.Start == b.Start && (a.Start == a.End || b.Start == b.End) {
		return a.Start == a.End && b.Start == b.End // two insertions at one place
	}
	return a.Start < b.End && b.Start < a.End
}

func (m *maker) file(e lint.Edit) *edited {
	if file := m.files[e.Path]; file != nil {
		return file
	}
	file := &edited{name: e.File}
	m.files[e.Path] = file
	m.order = append(m.order, e.Path)
	text, err := m.read(e.Path)
	switch {
	case err != nil:
		file.broken = true
		m.failures = append(m.failures, Failure{e.File, wholefile.Reason(err).Error()})
	case load.SumOf(text) != e.Analysed:
		file.broken = true
		m.failures = append(m.failures, Failure{e.File, "the file was changed while it was checked"})
	}
	file.before = text
	return file
}

// apply returns the new text: still formatted if it was formatted before.
func (f *edited) apply() ([]byte, error) {
	slices.SortFunc(f.edits, func(a, b lint.Edit) int {
		return cmp.Or(cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	var after bytes.Buffer
	at := 0
	for _, e := range f.edits {
		after.Write(f.before[at:e.Start])
		after.WriteString(e.NewText)
		at = e.End
	}
	after.Write(f.before[at:])
	if !strings.HasSuffix(f.name, ".go") {
		return after.Bytes(), nil
	}
	if _, err := parser.ParseFile(token.NewFileSet(), f.name, after.Bytes(), parser.SkipObjectResolution); err != nil {
		return nil, fmt.Errorf("internal error: the fix gives code that does not parse: %w", err)
	}
	text := withoutUnused(f.before, after.Bytes())
	if formatted, err := format.Source(f.before); err != nil || !bytes.Equal(formatted, f.before) {
		return text, nil
	}
	return format.Source(text)
}

// ReadFile reads a file that is to be changed.
func ReadFile(path string) ([]byte, error) {
	if err := wholefile.Replaceable(path); err != nil {
		return nil, err
	}
	return wholefile.Read(path, wholefile.Text)
}

// Write writes the planned files. Each is either as before or as planned, also
// if the program is killed meanwhile. Those that cannot be written become
// failures, and the findings in them are not fixed.
func (p *Plan) Write() {
	p.Files = slices.DeleteFunc(p.Files, func(f File) bool {
		err := wholefile.Replace(f.Path, f.Before, f.After)
		if err != nil {
			p.Failures = append(p.Failures, Failure{f.Name, wholefile.Reason(err).Error()})
			for _, i := range p.touches[f.Path] {
				delete(p.Fixed, i)
			}
		}
		return err != nil
	})
}

// Diff returns the plan as a patch for patch -p1 or git apply.
func (p *Plan) Diff() string {
	var b strings.Builder
	for _, f := range p.Files {
		b.WriteString(unified(f.Name, string(f.Before), string(f.After)))
	}
	return b.String()
}
