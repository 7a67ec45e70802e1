package suppress

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// unused reports selectors that silenced nothing.
//
// The other rules are silent where they do not know enough, and silence
// there must not be held against a directive: so is this one where an
// import has not told what it knows.
func unused(p *pass) {
	if !p.ResultOf[stub.Analyzer].(*stub.Index).Complete {
		return
	}
	for _, d := range p.directives() {
		for i, s := range d.Selectors {
			rules, err := rule.Select(s.Text)
			if err != nil || s.Used() {
				continue // suppress/unknown, or as it is meant to be
			}
			message := fmt.Sprintf("silences nothing, and would hide the next mistake: %s finds nothing %s", s.Text, where(d))
			if rules[0].Family() == "suppress" {
				message = "silences nothing: no directive silences a finding about directives"
			} else if !slices.ContainsFunc(rules, p.ran) {
				continue // nobody looked
			}
			p.Report("suppress/unused", finding.Finding{
				Pos: s.Pos, End: s.End,
				Message: message,
				Subject: s.Text,
				Fixes:   p.removal(d, i),
			})
		}
	}
}

func where(d *directive.Directive) string {
	if d.Kind == directive.FileIgnore {
		return "in this file"
	}
	return "here"
}

// removal removes a selector, with the whole directive if it is the only
// one. It is no safe fix: under other build constraints the directive may
// be of use.
func (p *pass) removal(d *directive.Directive, i int) []finding.Fix {
	s := d.Selectors[i]
	if len(d.Selectors) > 1 {
		edit := finding.Edit{Pos: s.Pos, End: s.End}
		if i > 0 {
			edit.Pos = d.Selectors[i-1].End // the comma
		} else {
			edit.End = d.Selectors[1].Pos
		}
		return []finding.Fix{{Message: "Remove " + s.Text, Edits: []finding.Edit{edit}}}
	}
	edit, ok := p.wholeComment(d)
	if !ok {
		return nil
	}
	return []finding.Fix{{Message: "Remove the directive", Edits: []finding.Edit{edit}}}
}

// wholeComment spans the comment with the blanks in front of it and, if
// nothing else stands there, its line.
func (p *pass) wholeComment(d *directive.Directive) (finding.Edit, bool) {
	file := p.Fset.File(d.Pos)
	content, err := p.ReadFile(file.Name())
	if err != nil {
		return finding.Edit{}, false // a driver that has no files
	}
	from, to := file.Offset(d.Pos), file.Offset(d.End)
	if to > len(content) || !strings.HasPrefix(string(content[from:to]), directive.Prefix) {
		return finding.Edit{}, false // not the text that was parsed: cgo
	}
	for from > 0 && (content[from-1] == ' ' || content[from-1] == '\t') {
		from--
	}
	ownLine := from == 0 || content[from-1] == '\n'
	if ownLine {
		to = min(to+1, len(content)) // its newline
		if to < len(content) && content[to-1] == '\r' {
			to++
		}
	}
	base := token.Pos(file.Base())
	return finding.Edit{Pos: base + token.Pos(from), End: base + token.Pos(to)}, true
}
