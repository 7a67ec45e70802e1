// Package baseline lets a project adopt grpclint on code that has findings:
// those of the day of adoption are written to a file, and from then on only
// new ones fail.
//
// A finding is recognised by its fingerprint, in which neither lines nor
// messages have a part, so it stays known when code moves or is reformatted.
package baseline

import (
	"bytes"
	"cmp"
	"encoding/json"
	"errors"
	"fmt"
	"io/fs"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/wholefile"
)

// Name is the default name of the file.
const Name = ".grpclint-baseline.json"

// version of the file's format.
const version = 1

// A Baseline is the content of the file.
type Baseline struct {
	Entries []Entry // sorted by file, rule and fingerprint
}

// An Entry is a known finding. Only the fingerprint counts; the rest is for
// those who read the file or its changes.
type Entry struct {
	Fingerprint string `json:"fingerprint"`
	Rule        string `json:"rule"`
	File        string `json:"file"`
	Message     string `json:"message"`
}

type document struct {
	Version  int     `json:"version"`
	Findings []Entry `json:"findings"`
}

// Read reads a baseline. The error for a file that is not there is
// fs.ErrNotExist.
func Read(path string) (*Baseline, error) {
	text, err := wholefile.ReadOwn(path, wholefile.Text)
	if errors.Is(err, fs.ErrNotExist) {
		return nil, fmt.Errorf("no baseline %s (grpclint baseline write makes one): %w", path, fs.ErrNotExist)
	}
	if err != nil {
		return nil, err
	}
	b, err := parse(text)
	if err != nil {
		return nil, fmt.Errorf("%s: %w", path, err)
	}
	return b, nil
}

func parse(text []byte) (*Baseline, error) {
	var doc document
	decoder := json.NewDecoder(bytes.NewReader(text))
	decoder.DisallowUnknownFields()
	if err := decoder.Decode(&doc); err != nil {
		line := 1
		var syntax *json.SyntaxError
		var mismatch *json.UnmarshalTypeError
		switch {
		case errors.As(err, &syntax):
			line += bytes.Count(text[:min(int(syntax.Offset), len(text))], []byte("\n"))
		case errors.As(err, &mismatch):
			line += bytes.Count(text[:min(int(mismatch.Offset), len(text))], []byte("\n"))
		}
		return nil, fmt.Errorf("line %d: no baseline: %w", line, err)
	}
	if doc.Version != version {
		return nil, fmt.Errorf("baseline of version %d: this grpclint reads version %d", doc.Version, version)
	}
	for i, e := range doc.Findings {
		if !strings.HasPrefix(e.Fingerprint, "v1:") {
			return nil, fmt.Errorf("entry %d: %q is no fingerprint", i+1, e.Fingerprint)
		}
	}
	b := &Baseline{doc.Findings}
	b.sort()
	return b, nil
}

// Of returns a baseline that knows the findings.
func Of(findings []lint.Finding) *Baseline {
	b := new(Baseline)
	for i := range findings {
		b.Entries = append(b.Entries, entryOf(&findings[i]))
	}
	b.sort()
	return b
}

func entryOf(f *lint.Finding) Entry {
	return Entry{f.Fingerprint, f.Rule.ID, f.File, f.Message}
}

func (b *Baseline) sort() {
	slices.SortFunc(b.Entries, func(a, b Entry) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Rule, b.Rule), cmp.Compare(a.Fingerprint, b.Fingerprint))
	})
	b.Entries = slices.CompactFunc(b.Entries, func(a, b Entry) bool { return a.Fingerprint == b.Fingerprint })
}

// Write writes the baseline to a file, one line a finding, so that changes
// of it can be read and merged.
func (b *Baseline) Write(path string) error {
	var out bytes.Buffer
	fmt.Fprintf(&out, "{\n  \"version\": %d,\n  \"findings\": [", version)
	for i, e := range b.Entries {
		var line bytes.Buffer
		encoder := json.NewEncoder(&line)
		encoder.SetEscapeHTML(false)
		if err := encoder.Encode(e); err != nil {
			return err
		}
		if i > 0 {
			out.WriteByte(',')
		}
		out.WriteString("\n    " + strings.TrimSuffix(line.String(), "\n"))
	}
	if len(b.Entries) > 0 {
		out.WriteString("\n  ")
	}
	out.WriteString("]\n}\n")
	return wholefile.Write(path, visible.JSON(out.Bytes()))
}

// A Comparison is what a run says about a baseline.
type Comparison struct {
	Known map[int]bool // indexes of the findings that the baseline has
	Fixed []Entry      // that the run would have found, and has not
}

// Compare holds a run against the baseline. judges reports whether the run
// looked at a file with a rule: an entry that it did not look for is not
// fixed.
func (b *Baseline) Compare(findings []lint.Finding, judges func(file, rule string) bool) Comparison {
	known := make(map[string]bool, len(b.Entries))
	for _, e := range b.Entries {
		known[e.Fingerprint] = true
	}
	c := Comparison{Known: make(map[int]bool)}
	found := make(map[string]bool)
	for i := range findings {
		for _, fingerprint := range append([]string{findings[i].Fingerprint}, findings[i].Also...) {
			found[fingerprint] = true
			if known[fingerprint] {
				c.Known[i] = true
			}
		}
	}
	for _, e := range b.Entries {
		if !found[e.Fingerprint] && judges(e.File, e.Rule) {
			c.Fixed = append(c.Fixed, e)
		}
	}
	return c
}

// Without returns the baseline without some of its entries.
func (b *Baseline) Without(entries []Entry) *Baseline {
	gone := make(map[string]bool, len(entries))
	for _, e := range entries {
		gone[e.Fingerprint] = true
	}
	return &Baseline{slices.DeleteFunc(slices.Clone(b.Entries), func(e Entry) bool { return gone[e.Fingerprint] })}
}
