package finding

import (
	"fmt"
	"go/token"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding/say"
)

// A Cause is what several things have in common that one finding speaks of:
// the RPCs that one context reaches, say.
type Cause struct {
	// Key is the same in all packages that meet the cause; "" if none
	// other can. The standalone run makes one finding of all with the
	// same rule and key, at Home if the place of the cause is in the
	// analysed package, else at the first.
	Key  string
	Home bool

	// Also says what each of the others does where that is: "ends the process";
	// "" for RPCs that a context reaches.
	Also string

	// Parts are the things, the one that the finding is at first. One that
	// a directive silences is none.
	Parts []Part
}

// KeyOf is the key of a cause that is at a place.
func KeyOf(at *Remote) string {
	return fmt.Sprintf("%s/%s:%d:%d", at.Package, at.File, at.Line, at.Column)
}

// ComesOf has a finding about one thing be one with all that come of what is at a
// place: name is what the message begins with, and also as in [Cause].
func (f *Finding) ComesOf(at *Remote, name, also string) {
	f.Cause = &Cause{Key: KeyOf(at), Also: also, Parts: []Part{{
		Name: name, Subject: f.Subject, Says: strings.TrimPrefix(f.Message, name), From: f.Pos, To: f.End, Pos: f.Pos, End: f.End,
	}}}
}

// A Part is one of the things that a finding speaks of.
type Part struct {
	Name    string // as people say it: "OrderService.GetOrder"
	Subject string // as in [Finding]
	Says    string // how a message about it goes on behind its name
	// From and To delimit what is to be edited for it.
	From, To token.Pos
	// Pos and End delimit a line of code that is there for this part. There
	// may be several with the same name.
	Pos, End token.Pos
}

// Message is the message of a finding that is at the first of some parts.
func Message(parts []Part) string {
	names := make(map[string]bool)
	for i := range parts {
		names[parts[i].Name] = true
	}
	return say.More(parts[0].Name, len(names)-1, "RPC") + parts[0].Says
}

// Without takes out the parts with some subjects, which turned out to be
// right. It reports whether any part is left, for the finding to speak of.
func (f *Finding) Without(right func(subject string) bool) bool {
	var left []Part
	gone := make(map[token.Pos]bool)
	for _, p := range f.Cause.Parts {
		if right(p.Subject) {
			gone[p.Pos] = true
		} else {
			left = append(left, p)
		}
	}
	if len(left) == 0 || len(left) == len(f.Cause.Parts) {
		return len(left) > 0
	}
	cause := *f.Cause
	cause.Parts = left
	f.Cause = &cause
	first := &left[0]
	if first.From != f.Pos {
		f.Fixes = nil // of the one that is gone
	}
	f.Pos, f.End, f.Subject, f.Message = first.From, first.To, first.Subject, Message(left)
	f.Related = slices.DeleteFunc(slices.Clone(f.Related), func(r Related) bool { return r.Pos.IsValid() && gone[r.Pos] })
	return true
}
