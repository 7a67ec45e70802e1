package directive

import (
	"fmt"
	"go/token"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// Unknown returns what suppress/unknown has to say: names that stand for
// nothing, be they words behind the prefix, rules or families. The findings
// have no rule yet.
func (d *Directive) Unknown() []finding.Finding {
	var found []finding.Finding
	word := d.Pos + token.Pos(len(d.prefix))
	switch {
	case d.Kind == "":
		found = append(found, unknown(word, word+token.Pos(len(d.Word)), d.Word,
			fmt.Sprintf("does nothing: there is no directive %q", d.Word),
			rule.NearestOf(d.Word, Kinds())))
	case d.TakesRules() && len(d.Selectors) == 0:
		found = append(found, finding.Finding{
			Pos: d.Pos, End: word + token.Pos(len(d.Word)),
			Message: fmt.Sprintf("silences nothing: %s%s names no rule", d.prefix, d.Kind),
			Subject: string(d.Kind),
		})
	}
	for _, s := range d.Selectors {
		if _, err := rule.Select(s.Text); err == nil {
			continue
		}
		found = append(found, unknown(s.Pos, s.End, s.Text,
			fmt.Sprintf("silences nothing: there is no rule %q", s.Text), rule.Nearest(s.Text)))
	}
	return found
}

// unknown reports a name, with the nearest known one as the fix. A person
// has to look at it: the nearest is not always the one that was meant.
func unknown(pos, end token.Pos, name, message, near string) finding.Finding {
	f := finding.Finding{Pos: pos, End: end, Message: message, Subject: name}
	if near != "" {
		f.Message += fmt.Sprintf(" (nearest: %s)", near)
		f.Fixes = []finding.Fix{{
			Message: fmt.Sprintf("Replace %q by %q", name, near),
			Edits:   []finding.Edit{{Pos: pos, End: end, NewText: near}},
		}}
	}
	return f
}

// NoReason returns what suppress/no-reason has to say: that the directive
// does not say why.
func (d *Directive) NoReason() []finding.Finding {
	if d.Kind == "" || d.Kind == NoLint || d.Reason != "" {
		return nil
	}
	if d.TakesRules() && len(d.Selectors) == 0 {
		return nil // suppress/unknown: it says nothing at all
	}
	return []finding.Finding{{
		Pos: d.Pos, End: d.End,
		Message: fmt.Sprintf("nobody can tell whether this still holds: %s%s gives no reason", d.prefix, d.Kind),
		Subject: string(d.Kind),
	}}
}

// Unused returns what suppress/unused has to say: selectors that silenced
// nothing, although one of their rules was looked for. content is the file's
// text, nil if nobody has it.
func (d *Directive) Unused(ran func(*rule.Rule) bool, content func() []byte) []finding.Finding {
	var found []finding.Finding
	for i, s := range d.Selectors {
		rules, err := rule.Select(s.Text)
		if err != nil || s.Used() {
			continue // suppress/unknown, or as it is meant to be
		}
		message := fmt.Sprintf("silences nothing, and would hide the next mistake: %s finds nothing %s", s.Text, d.where())
		if rules[0].Family() == "suppress" {
			message = "silences nothing: no directive silences a finding about directives"
		} else if !anyOf(rules, ran) {
			continue // nobody looked
		}
		found = append(found, finding.Finding{
			Pos: s.Pos, End: s.End,
			Message: message,
			Subject: s.Text,
			Fixes:   d.removal(i, content),
		})
	}
	return found
}

func anyOf(rules []*rule.Rule, ran func(*rule.Rule) bool) bool {
	for _, r := range rules {
		if ran(r) {
			return true
		}
	}
	return false
}

func (d *Directive) where() string {
	if d.Kind == FileIgnore {
		return "in this file"
	}
	return "here"
}

// removal removes a selector, with the whole directive if it is the only
// one. It is no safe fix: under other circumstances, such as build
// constraints, the directive may be of use.
func (d *Directive) removal(i int, content func() []byte) []finding.Fix {
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
	edit, ok := d.wholeComment(content())
	if !ok {
		return nil
	}
	return []finding.Fix{{Message: "Remove the directive", Edits: []finding.Edit{edit}}}
}

// wholeComment spans the comment with the blanks in front of it and, if
// nothing else stands there, its line.
func (d *Directive) wholeComment(content []byte) (finding.Edit, bool) {
	from, to := d.File.Offset(d.Pos), d.File.Offset(d.End)
	if to > len(content) || !hasPrefix(content[from:to], d.prefix) {
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
	base := token.Pos(d.File.Base())
	return finding.Edit{Pos: base + token.Pos(from), End: base + token.Pos(to)}, true
}

func hasPrefix(text []byte, prefix string) bool {
	return len(text) >= len(prefix) && string(text[:len(prefix)]) == prefix
}
