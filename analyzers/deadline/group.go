package deadline

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/ctxflow"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// A group holds the paths that one rule judges and that have one cause: those
// of one root, of one variable in which a context is kept, whatever it was
// made of, of a root in another package, wherever it is taken from there, or,
// if they are detached, of one pattern.
type group struct {
	rule  string
	paths []placed
}

// A placed path is one with the expression to edit.
type placed struct {
	ctxflow.Path
	place ast.Expr
	// taker is the function whose caller's context a detached path leaves out.
	taker *ssa.Function
}

type groups struct{ list []*group }

// add puts a path into the group that it has a place or a root in common
// with. It may tie groups together that had nothing in common before.
func (gs *groups) add(rule string, p placed) {
	g := &group{rule: rule}
	first := -1
	for i, other := range gs.list {
		if other != nil && other.rule == rule && other.has(&p) {
			g.paths = append(g.paths, other.paths...)
			gs.list[i] = nil
			if first < 0 {
				first = i
			}
		}
	}
	g.paths = append(g.paths, p)
	if first < 0 {
		gs.list = append(gs.list, g)
		return
	}
	gs.list[first] = g
}

// all returns the groups in the order in which they were begun.
func (gs *groups) all() []*group {
	return slices.DeleteFunc(slices.Clone(gs.list), func(g *group) bool { return g == nil })
}

func (g *group) has(p *placed) bool {
	return slices.ContainsFunc(g.paths, func(known placed) bool {
		return known.place == p.place || sameRoot(&known.Root, &p.Root) || g.rule == "deadline/detached" && samePattern(known.taker, p.taker)
	})
}

// samePattern: fresh contexts are taken in the same method of several types,
// which somebody wrote alike: jobs, say, that a scheduler runs.
func samePattern(f, g *ssa.Function) bool {
	return f != g && f.Name() == g.Name() && f.Signature.Recv() != nil && g.Signature.Recv() != nil &&
		types.Identical(f.Signature.Params(), g.Signature.Params()) && types.Identical(f.Signature.Results(), g.Signature.Results())
}

func sameRoot(a, b *ctxflow.Root) bool {
	if a.Call != nil || b.Call != nil {
		return a.Call == b.Call
	}
	return a.Remote == b.Remote
}

// first is the path that the message speaks of: the shortest; among equals
// one whose RPC is named like the function that leads to it (Delete to
// DeleteRange), then the first in the source.
func (g *group) first() *placed {
	namesake := func(p *placed) int {
		if isNamesake(&p.Path) {
			return 0
		}
		return 1
	}
	best := &g.paths[0]
	for i := range g.paths {
		p := &g.paths[i]
		if c := cmp.Or(len(p.Chain)-len(best.Chain), namesake(p)-namesake(best)); c < 0 {
			best = p
		}
	}
	return best
}

// methods lists the RPCs of the group by their full names, each once.
func (g *group) methods() []string {
	var names []string
	for i := range g.paths {
		if name := g.paths[i].RPC.FullMethod; !slices.Contains(names, name) {
			names = append(names, name)
		}
	}
	return names
}

// unbounded are the conditions of the group's RPCs, which are parts of the
// finding: their connections give them no deadline, and nothing that of a
// reconciliation.
func (g *group) unbounded() []claim.Condition {
	var list []claim.Condition
	for i := range g.paths {
		rpc := &g.paths[i].RPC
		if !slices.ContainsFunc(list, func(c claim.Condition) bool { return c.Part == rpc.FullMethod }) {
			list = append(list, claim.Unless(claim.Deadline, rpc.FullMethod, rpc.Service()).Of(rpc.FullMethod))
		}
	}
	if slices.ContainsFunc(g.paths, func(p placed) bool { return p.Root.Given == ctxflow.Controllers }) {
		always := claim.Unless(claim.ReconcilesInTime)
		always.By = claim.Anyone
		list = append(list, always)
	}
	return list
}

// rpcs says "OrderService.Get" or "OrderService.Get and 2 more RPCs". Of
// several RPCs behind one call of one function it is the one that is named
// like a function on the way; else which one it will be is for the function
// to know: "one of KV.Put and 3 more RPCs".
func (g *group) rpcs() string {
	first := g.first()
	n := len(g.methods())
	if n > 1 && len(first.Chain) > 0 && !slices.ContainsFunc(g.paths, func(p placed) bool { return p.From != first.From }) {
		if isNamesake(&first.Path) {
			return first.RPC.Name()
		}
		return "one of " + say.More(first.RPC.Name(), n-1, "RPC")
	}
	return say.More(first.RPC.Name(), n-1, "RPC")
}

// finding begins the finding that speaks of the group.
func (j *judged) finding(g *group, says func(*placed) string) finding.Finding {
	first := g.first()
	return finding.Finding{
		Pos: first.place.Pos(), End: first.place.End(),
		Message: g.rpcs() + says(first),
		Subject: first.RPC.FullMethod,
		Related: j.related(g),
		Cause:   j.cause(g, says),
	}
}

func (j *judged) cause(g *group, says func(*placed) string) *finding.Cause {
	first := g.first()
	c := new(finding.Cause)
	if root := first.Root; root.Call == nil {
		c.Key = finding.KeyOf(&root.Remote)
	} else if expr := j.ssa.CallExpr(root.Call); expr != nil {
		at := finding.RemoteAt(j.Fset, j.Pkg.Path(), expr.Pos(), 0)
		c.Key, c.Home = finding.KeyOf(&at), true
	}
	known := make(map[finding.Part]bool)
	add := func(p *placed) {
		for _, link := range p.Links {
			part := finding.Part{
				Name: p.RPC.Name(), Subject: p.RPC.FullMethod, Says: says(p),
				From: p.place.Pos(), To: p.place.End(), Pos: link, End: link,
			}
			if call := j.ssa.CallAt(link); call != nil {
				part.Pos, part.End = call.Pos(), call.End()
			}
			if !known[part] {
				known[part] = true
				c.Parts = append(c.Parts, part)
			}
		}
	}
	add(first)
	for i := range g.paths {
		add(&g.paths[i])
	}
	return c
}

// severity lowers a finding about code that runs once: its user sees it hang,
// and interrupts it. What one command is known to make of a root, others that
// are called through a table or a variable do, too. So it does one about RPCs of
// plugins, which can be killed.
func (j *judged) severity(g *group) rule.Severity {
	if !slices.ContainsFunc(g.paths, func(p placed) bool { return !j.pluginServices()[p.RPC.Service()] }) {
		return rule.Info
	}
	all, some := true, false
	for i := range g.paths {
		p := &g.paths[i]
		command := p.Command || (p.Root.Is == commandContext || p.Root.Given == ctxflow.CommandLine) && !j.Serves()
		all, some = all && command, some || command
	}
	if all || some && !j.Serves() {
		return rule.Info
	}
	return 0
}

// commandContext is what the root of a cobra command's context is called.
const commandContext = "cmd.Context()"

// related lists the RPCs that the group's roots reach, but for the one that
// the finding is at, and the roots that are elsewhere.
func (j *judged) related(g *group) []finding.Related {
	var list []finding.Related
	type place struct {
		pos    token.Pos
		remote finding.Remote
	}
	known := make(map[place]bool)
	add := func(r finding.Related) {
		at := place{pos: r.Pos}
		if r.Remote != nil {
			at.remote = *r.Remote
		}
		if !known[at] {
			known[at] = true
			list = append(list, r)
		}
	}
	first := g.first()
	for i := range g.paths {
		p := &g.paths[i]
		made := p.Root.Is + " is made here"
		if p.Root.Given != ctxflow.NoFramework {
			continue // made by none of the program's functions
		}
		if p.Root.Call == nil {
			remote := p.Root.Remote
			add(finding.Related{Message: made, Remote: &remote})
		} else if expr := j.ssa.CallExpr(p.Root.Call); expr != nil && expr != p.place {
			add(finding.Related{Message: made, Pos: expr.Pos(), End: expr.End()})
		}
	}
	for i := range g.paths {
		if p := &g.paths[i]; p.As != nil && p.Converted.IsValid() {
			at := p.Converted
			add(finding.Related{Message: "here it becomes what is called: " + p.As.Pkg().Name() + "." + p.As.Name(), Pos: at, End: at})
		}
	}
	for i := range g.paths {
		p := &g.paths[i]
		reaches := "the context reaches " + p.RPC.Name() + " here"
		expr := j.rpcInPackage(&p.Path)
		switch {
		case expr == nil && (p.Kept || p.Root.Call == nil):
			expr = j.ssa.CallExpr(p.Call)
		case expr == nil:
			remote := p.RPC.At
			add(finding.Related{Message: reaches, Remote: &remote})
			continue
		}
		if expr != nil && !(expr.Pos() <= first.place.Pos() && first.place.End() <= expr.End()) {
			add(finding.Related{Message: reaches, Pos: expr.Pos(), End: expr.End()})
		}
	}
	return list
}
