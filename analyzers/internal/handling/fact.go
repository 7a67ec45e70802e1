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
	// Pauses: it sleeps, shortly.
	Pauses bool
	// Leaves: the contexts that it returns do not end with one that it gets.
	Leaves bool
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
// counted with the receiver as 0; -1 for one that gets neither and has no
// branches, so that whoever calls it does the same.
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
		f := FuncFact{Leaves: info.leaves(fn)}
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
		if !slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return isRequest(p.Type()) }) && info.isThin(fn) {
			own := &Frame{Func: fn}
			for _, s := range slices.Concat(info.sleeps(own), info.variants(own), info.helped(own)) {
				f.Sites = append(f.Sites, RemoteSite{Kind: s.Kind, Param: -1, At: info.placeOf(s), Via: append([]string{program.NameOf(fn)}, s.Via...), What: s.What, Twin: s.Twin})
			}
			f.Pauses = len(f.Sites) == 0 && info.pausesShortly(own)
		}
		if len(f.Sites) > maxSites {
			f.Sites = f.Sites[:maxSites]
		}
		if len(f.Sites) > 0 || len(f.Works) > 0 || f.Pauses || f.Leaves {
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
	queue := []*Frame{{Func: fn, contexts: []*ssa.Parameter{fn.Params[param]}, Chain: []string{program.NameOf(fn)}}}
	for len(queue) > 0 && len(list) < maxSites {
		f := queue[0]
		queue = queue[1:]
		for _, s := range info.sites(f) {
			if slices.ContainsFunc(info.Results, func(r *Site) bool { return r.Instr == s.Instr }) {
				continue // reported here
			}
			list = append(list, RemoteSite{Kind: s.Kind, Param: param, At: info.placeOf(s), Via: slices.Concat(f.Chain, s.Via), What: s.What, Twin: s.Twin})
		}
		for call, passed := range info.calls(f) {
			callee := info.declared(call)
			if callee == nil {
				for _, s := range info.imported(f, call, passed) {
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
			queue = append(queue, &Frame{Func: callee, contexts: contexts, Chain: append(slices.Clone(f.Chain), program.NameOf(callee))})
		}
	}
	return list
}

// leaves: a function gets a context, and returns none that ends with it.
func (info *Info) leaves(fn *ssa.Function) bool {
	own := &Frame{Func: fn, contexts: requestParams(fn)}
	results := fn.Signature.Results()
	if len(own.contexts) == 0 || results.Len() == 0 || !stub.IsContext(results.At(0).Type()) {
		return false
	}
	returned := program.Returned(fn, 0)
	return len(returned) > 0 && !slices.ContainsFunc(returned, func(ret program.Return) bool { return info.derives(own, ret.Value) })
}

// placeOf is the place of a site, wherever that is.
func (info *Info) placeOf(s *Site) finding.Remote {
	if s.Remote != nil {
		return *s.Remote
	}
	return info.remote(info.rangeOf(s.Instr))
}

// spared: a call of a helper that does something without branches gets a length
// that nobody minds, or what it returns is given the context afterwards.
func (info *Info) spared(f *Frame, call *ssa.Call) bool {
	return info.getsContext(call) || slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool {
		d, ok := info.duration(f, arg)
		return ok && d < short && types.TypeString(arg.Type(), nil) == "time.Duration"
	})
}

// helped finds calls of helpers of other packages that get nothing of the RPC.
func (info *Info) helped(f *Frame) []*Site {
	var sites []*Site
	for instr := range info.instructions(f) {
		call, ok := instr.(*ssa.Call)
		if !ok || slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool { return isRequest(arg.Type()) }) {
			continue
		}
		for _, s := range info.imported(f, call, nil) {
			s.Frame, s.Instr = f, call
			sites = append(sites, s)
		}
	}
	return sites
}

// pausesShortly: a function sleeps.
func (info *Info) pausesShortly(f *Frame) bool {
	for instr := range info.instructions(f) {
		if call, ok := instr.(*ssa.Call); ok && isSleep(program.CalledObject(&call.Call)) {
			return true
		}
	}
	return false
}

// imported returns what a called function of another package does with the
// contexts and streams that are passed to it.
func (info *Info) imported(f *Frame, call *ssa.Call, passed map[int]bool) []*Site {
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
		if s.Param >= 0 && passed[s.Param] || s.Param < 0 && !info.spared(f, call) {
			sites = append(sites, &Site{Kind: s.Kind, Remote: &s.At, Via: s.Via, What: s.What, Twin: s.Twin})
		}
	}
	return sites
}
