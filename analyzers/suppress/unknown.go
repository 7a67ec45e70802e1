package suppress

import (
	"fmt"
	"go/token"

	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// unknown reports names that stand for nothing: words behind the prefix,
// rules and families.
func unknown(p *pass) {
	for _, d := range p.directives() {
		word := d.Pos + token.Pos(len(directive.Prefix))
		switch {
		case d.Kind == "":
			p.reportUnknown(word, word+token.Pos(len(d.Word)), d.Word,
				fmt.Sprintf("does nothing: there is no directive %q", d.Word),
				rule.NearestOf(d.Word, directive.Kinds()))
		case takesRules(d) && len(d.Selectors) == 0:
			p.Report("suppress/unknown", finding.Finding{
				Pos: d.Pos, End: word + token.Pos(len(d.Word)),
				Message: fmt.Sprintf("silences nothing: //grpclint:%s names no rule", d.Kind),
				Subject: string(d.Kind),
			})
		}
		for _, s := range d.Selectors {
			if _, err := rule.Select(s.Text); err == nil {
				continue
			}
			p.reportUnknown(s.Pos, s.End, s.Text,
				fmt.Sprintf("silences nothing: there is no rule %q", s.Text), rule.Nearest(s.Text))
		}
	}
}

func takesRules(d *directive.Directive) bool {
	return d.Kind == directive.Ignore || d.Kind == directive.FileIgnore
}

// reportUnknown reports a name, with the nearest known one as the fix. A
// person has to look at it: the nearest is not always the one that was
// meant.
func (p *pass) reportUnknown(pos, end token.Pos, name, message, near string) {
	f := finding.Finding{Pos: pos, End: end, Message: message, Subject: name}
	if near != "" {
		f.Message += fmt.Sprintf(" (nearest: %s)", near)
		f.Fixes = []finding.Fix{{
			Message: fmt.Sprintf("Replace %q by %q", name, near),
			Edits:   []finding.Edit{{Pos: pos, End: end, NewText: near}},
		}}
	}
	p.Report("suppress/unknown", f)
}
