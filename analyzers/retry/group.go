package retry

import (
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/lifetime"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/retryshape"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// A grouped rule makes one finding of all RPCs that one loop, or one call of
// a library, tries again in the same wrong way: whoever mends that mends it
// for all of them.
type grouped struct {
	pass *report.Pass
	rule string
	// load: what is wrong is a burden for a server, or a wait; a program
	// that ends by itself is a small one, and whoever waits interrupts it.
	load   bool
	groups []*group
}

// A group is what one finding tells.
type group struct {
	key     groupKey
	first   *retryshape.Shape
	more    []*retryshape.Shape
	message func(who subject) string
}

type groupKey struct {
	loop     *loops.Loop
	run      *ssa.Call
	severity rule.Severity
	text     string // without who it is about
}

// A subject is who a message is about.
type subject struct {
	name string
	more int
}

func (s subject) String() string { return say.More(s.name, s.more, "RPC") }

// verb chooses between the forms of a verb: "is" and "are".
func (s subject) verb(one, many string) string { return say.Form(1+s.more, one, many) }

// add makes a finding about a shape, or adds the shape to one. The message
// is asked for when all shapes are known.
func (g *grouped) add(s *retryshape.Shape, severity rule.Severity, message func(who subject) string) {
	key := groupKey{loop: s.Loop, severity: severity, text: message(subject{})}
	if s.Run != nil {
		key.run = s.Run.Call
	}
	for _, known := range g.groups {
		if known.key == key {
			known.more = append(known.more, s)
			return
		}
	}
	g.groups = append(g.groups, &group{key: key, first: s, message: message})
}

// report reports what was added.
func (g *grouped) report() {
	for _, group := range g.groups {
		s := group.first
		from, to := place(g.pass, s)
		f := finding.Finding{
			Pos: from, End: to, Severity: group.key.severity, Subject: s.RPC.FullMethod, Related: related(g.pass, s),
			Message: group.message(subject{name(s) + through(s), len(group.more)}),
		}
		for _, other := range group.more {
			from, to := place(g.pass, other)
			f.Related = append(f.Related, finding.Related{Message: name(other) + " too", Pos: from, End: to})
		}
		if g.load {
			f.StandsOn = append(f.StandsOn, claim.Lasting())
			if g.pass.ResultOf[lifetime.Analyzer].(*lifetime.Info).RunsOnce(f.Pos) {
				f.Severity = rule.Info
			}
		}
		g.pass.Report(g.rule, f)
	}
}
