package serviceconfig

import (
	"bytes"
	"fmt"
	"go/token"
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// A checker collects what is to be said about one config.
type checker struct {
	src  []byte
	span func(start, end int) (token.Pos, token.Pos)
	opts Options
	sem  semantics

	issues     []issue
	rejections int  // issues whose effect is finding.Rejected
	cut        bool // there are more issues, or may be

	// misspelled are the unknown keys of an object that stand for fields.
	misspelled []*misspelling
	// policy is the load balancing policy whose configuration is read.
	policy string
	// hedges are the entries with a hedgingPolicy.
	hedges []hedge
	// wrapped is set for the object form of a service config choice.
	wrapped bool
}

// A check is a rule to those who find its issues. It is declared where they
// are found, in the file of the rule's name.
type check struct {
	id string // of the rule
	// gapic is how bad its issues are at most in configs of that dialect:
	// Off if they are none, zero if they are as bad as elsewhere.
	gapic rule.Severity
}

// An issue is a finding before its positions are those of a file.
type issue struct {
	check      check
	severity   rule.Severity
	effect     finding.Effect
	start, end int
	message    string
	related    []related
	fix        *fix
}

type related struct {
	message    string
	start, end int
}

type fix struct {
	message string
	safe    bool
	edits   []edit
}

type edit struct {
	start, end int
	text       string
}

func (c *checker) gapic() bool { return c.opts.Dialect == GAPIC }

// mostIssues is how many issues of one config are kept: nobody reads more,
// and a file of many megabytes may have a million.
const mostIssues = 1000

// full reports whether issues that are no rejections are lost anyway. Whoever
// asks has one, or may have.
func (c *checker) full() bool {
	full := len(c.issues) >= mostIssues
	c.cut = c.cut || full
	return full
}

// add takes an issue, as bad as the dialect makes it.
func (c *checker) add(i issue) {
	if c.full() && (i.effect != finding.Rejected || c.rejections > 0) {
		return
	}
	if i.effect == finding.Rejected {
		c.rejections++
	}
	if c.gapic() {
		severity, shown := gapicSeverity(i)
		if !shown {
			return
		}
		i.severity = severity
	}
	if c.opts.OnlyGo && i.effect == finding.Portability {
		i.severity = rule.Info // no other implementation gets to see it
	}
	c.issues = append(c.issues, i)
}

// at is an issue that stands on a node.
func at(n *node, by check, effect finding.Effect, format string, args ...any) issue {
	return issue{check: by, effect: effect, start: n.start, end: n.end, message: fmt.Sprintf(format, args...)}
}

// findings returns the issues as findings, sorted by position. root tells
// where in the config they stand; it is nil when there is none.
func (c *checker) findings(root *node, labels func(offset int) string) []finding.Finding {
	slices.SortStableFunc(c.issues, func(a, b issue) int {
		if a.start != b.start {
			return a.start - b.start
		}
		return b.end - a.end
	})
	findings := make([]finding.Finding, 0, len(c.issues))
	for _, i := range c.issues {
		f := finding.Finding{
			Rule:     rule.MustLookup(i.check.id),
			Severity: i.severity,
			Effect:   i.effect,
			Message:  i.message,
		}
		f.Pos, f.End = c.span(i.start, i.end)
		if root != nil {
			f.Decl, f.Subject = labels(i.start), pathTo(root, i.start)
		}
		for _, r := range i.related {
			place := finding.Related{Message: r.message}
			place.Pos, place.End = c.span(r.start, r.end)
			f.Related = append(f.Related, place)
		}
		if i.fix != nil {
			out := finding.Fix{Message: i.fix.message, Safe: i.fix.safe}
			for _, e := range i.fix.edits {
				change := finding.Edit{NewText: e.text}
				change.Pos, change.End = c.span(e.start, e.end)
				out.Edits = append(out.Edits, change)
			}
			f.Fixes = []finding.Fix{out}
		}
		findings = append(findings, f)
	}
	return findings
}

// pathTo names the place of a byte by the keys that lead to it.
func pathTo(root *node, offset int) string {
	var keys []string
	for n := root; n != nil; {
		var inner *node
		if i, found := slices.BinarySearchFunc(n.members, offset, func(m member, offset int) int {
			return side(m.key.start, m.value.end, offset)
		}); found {
			keys = append(keys, n.members[i].key.text)
			inner = n.members[i].value
		} else if i, found := slices.BinarySearchFunc(n.elements, offset, func(e *node, offset int) int {
			return side(e.start, e.end, offset)
		}); found {
			if inner = n.elements[i]; inner.kind == text {
				keys = append(keys, inner.text) // such as a status code
			}
		}
		if inner != nil && inner.start > offset {
			inner = nil // a key
		}
		n = inner
	}
	return strings.Join(keys, ".")
}

// side says on which side of an offset a piece of text lies: 0 around it.
func side(start, end, offset int) int {
	switch {
	case end <= offset:
		return -1
	case start > offset:
		return +1
	}
	return 0
}

// what describes a value: scalars by themselves, if they are short.
func (c *checker) what(n *node) string {
	switch n.kind {
	case text:
		return clip(n.text)
	case number, truth, lie:
		return bare(string(c.src[n.start:n.end]))
	}
	return n.kind.String()
}

// mostShown is how many characters of a user's text a message shows.
const mostShown = 32

// clip quotes a user's text, shortened and in one line.
func clip(s string) string { return `"` + bare(s) + `"` }

// tail shows the end of a long name, which tells more than its beginning.
func tail(name string) string {
	const most = 45
	start := max(len(name)-4*most, 0) // bytes that are certainly enough
	runes := []rune(name[start:])
	if start == 0 && len(runes) <= most {
		return printable(name)
	}
	return "..." + printable(string(runes[len(runes)-most:]))
}

func printable(s string) string {
	return strings.Map(func(r rune) rune {
		if !unicode.IsPrint(r) {
			return utf8.RuneError
		}
		return r
	}, s)
}

// bare is clip without quotes.
func bare(s string) string {
	var b strings.Builder
	shown := 0
	for _, r := range s {
		if shown == mostShown {
			b.WriteString("...")
			break
		}
		if !unicode.IsPrint(r) {
			r = utf8.RuneError
		}
		b.WriteRune(r)
		shown++
	}
	return b.String()
}

// rename is the fix that spells a string otherwise.
func rename(n *node, to string, safe bool) *fix {
	return &fix{fmt.Sprintf("Write %q", to), safe, []edit{{n.start, n.end, quote(to)}}}
}

// quote writes plain text as a JSON string.
func quote(s string) string { return `"` + s + `"` }

// replace is the fix that puts other JSON in a value's place.
func replace(n *node, json string, safe bool) *fix {
	return &fix{"Write " + json, safe, []edit{{n.start, n.end, json}}}
}

// removal is the edit that takes a member out of its object.
func removal(object *node, i int) edit {
	switch {
	case i+1 < len(object.members):
		return edit{object.members[i].key.start, object.members[i+1].key.start, ""}
	case i > 0:
		return edit{object.members[i-1].value.end, object.members[i].value.end, ""}
	}
	return edit{object.start + 1, object.end - 1, ""}
}

// move is the fix that puts a member into an object around its own.
func (c *checker) move(from *node, i int, key string, to *node, where string) *fix {
	value := from.members[i].value
	moved := quote(key) + ": " + string(c.src[value.start:value.end])
	if len(to.members) > 0 {
		moved += ", "
		if rest := c.src[to.start+1:]; len(rest) > 0 && rest[0] == '\n' {
			// One member per line: keep to it.
			indent := rest[:len(rest)-len(bytes.TrimLeft(rest, " \t\r\n"))]
			moved = string(indent) + strings.TrimRight(moved, " ")
		}
	}
	return &fix{fmt.Sprintf("Move %q to %s", key, where), true, []edit{{to.start + 1, to.start + 1, moved}, removal(from, i)}}
}
