package handling

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// A Fact is what a package tells its importers about functions that take a
// context or a server's stream. A package without such functions exports none.
type Fact struct{ fact.Of[told] }

type told struct{ Funcs fact.Table[FuncFact] }

// A FuncFact describes one function.
type FuncFact struct {
	Sites []RemoteSite
	Works []Work
}

// A Work says: the context in parameter Param is used for What, which fails
// when the context is cancelled.
type Work struct {
	Param int
	What  string // "GetOrder"
	RPC   bool   // it is one
}

// A RemoteSite is something that the function does while its caller waits,
// and that does not end with the context or stream in its parameter Param,
// counted with the receiver as 0.
type RemoteSite struct {
	Kind  Kind
	Param int
	At    finding.Remote
	Via   []string // functions from the described one to the one that does it
	What  string
	Twin  string
}

// maxSites bounds what a fact says about one function.
const maxSites = 4

// summaries describes the functions that importers can call and that work
// for no handler of this package: what those do is reported here.
func (info *Info) summaries() fact.Table[FuncFact] {
	var table fact.Table[FuncFact]
	for _, fn := range info.SSA.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || info.skips(fn) || info.stubs.RPC(obj) != nil {
			continue
		}
		var f FuncFact
		for i, p := range fn.Params {
			if isRequest(p.Type()) && info.frames[fn] == nil {
				f.Sites = append(f.Sites, info.sitesBelow(fn, i)...)
			}
			if stub.IsContext(p.Type()) {
				own := &Frame{Func: fn, contexts: []*ssa.Parameter{p}}
				if work := info.works(own, 0, make(map[*ssa.Function]bool)); work.What != "" {
					work.Param = i
					f.Works = append(f.Works, work)
				}
			}
		}
		if len(f.Sites) > maxSites {
			f.Sites = f.Sites[:maxSites]
		}
		if len(f.Sites) > 0 || len(f.Works) > 0 {
			table.AddFunc(obj, f)
		}
	}
	table.Sort()
	return table
}

// sitesBelow returns the sites of a function, and of those of this package
// that it passes one of its parameters on to.
func (info *Info) sitesBelow(fn *ssa.Function, param int) []RemoteSite {
	var list []RemoteSite
	entered := map[*ssa.Function]bool{fn: true}
	queue := []*Frame{{Func: fn, contexts: []*ssa.Parameter{fn.Params[param]}, Chain: []string{Name(fn)}}}
	for len(queue) > 0 && len(list) < maxSites {
		f := queue[0]
		queue = queue[1:]
		for _, s := range info.sites(f) {
			if slices.ContainsFunc(info.Results, func(r *Site) bool { return r.Instr == s.Instr }) {
				continue // reported here
			}
			pos, end := info.rangeOf(s.Instr)
			list = append(list, RemoteSite{Kind: s.Kind, Param: param, At: info.remote(pos, end), Via: f.Chain, What: s.What, Twin: s.Twin})
		}
		for call, passed := range info.calls(f) {
			callee := info.declared(call)
			if callee == nil {
				for _, s := range info.imported(call, passed) {
					list = append(list, RemoteSite{Kind: s.Kind, Param: param, At: *s.Remote, Via: append(slices.Clone(f.Chain), s.Via...), What: s.What, Twin: s.Twin})
				}
				continue
			}
			if entered[callee] || info.frames[callee] != nil || info.skips(callee) || len(f.Chain) > 5 {
				continue // known, reported here already, or far away
			}
			entered[callee] = true
			var contexts []*ssa.Parameter
			for i, p := range callee.Params {
				if passed[i] {
					contexts = append(contexts, p)
				}
			}
			queue = append(queue, &Frame{Func: callee, contexts: contexts, Chain: append(slices.Clone(f.Chain), Name(callee))})
		}
	}
	return list
}

// imported returns what a called function of another package does with the
// contexts and streams that are passed to it.
func (info *Info) imported(call *ssa.Call, passed map[int]bool) []*Site {
	obj := program.CalledObject(call.Common())
	if obj == nil || obj.Pkg() == nil || call.Call.IsInvoke() {
		return nil
	}
	fact := info.factOf(obj)
	if fact == nil {
		return nil
	}
	var sites []*Site
	for i := range fact.Sites {
		s := &fact.Sites[i]
		if passed[s.Param] {
			sites = append(sites, &Site{Kind: s.Kind, Remote: &s.At, Via: s.Via, What: s.What, Twin: s.Twin})
		}
	}
	return sites
}
