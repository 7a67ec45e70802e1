package handling

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/packed"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// A Fact is what a package tells its importers about functions that take a
// context or a server's stream. Every package that reaches grpc-go exports
// one, be it empty.
type Fact struct {
	Funcs []FuncFact // sorted by Key
}

// AFact marks Fact as a fact.
func (*Fact) AFact() {}

// packedFact is a Fact as gob alone encodes it.
type packedFact Fact

// GobEncode makes the fact small.
func (f *Fact) GobEncode() ([]byte, error) { return packed.Encode((*packedFact)(f)) }

// GobDecode is the reverse of GobEncode.
func (f *Fact) GobDecode(data []byte) error { return packed.Decode(data, (*packedFact)(f)) }

func (f *Fact) String() string {
	keys := make([]string, len(f.Funcs))
	for i, fn := range f.Funcs {
		keys[i] = fn.Key
	}
	return "handling(" + strings.Join(keys, " ") + ")"
}

// A FuncFact describes one function: "F" or "T.M".
type FuncFact struct {
	Key   string
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
}

// maxSites bounds what a fact says about one function.
const maxSites = 4

// summaries describes the functions that importers can call and that work
// for no handler of this package: what those do is reported here.
func (info *Info) summaries() []FuncFact {
	var list []FuncFact
	for _, fn := range info.SSA.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || info.skips(fn) || info.stubs.RPC(obj) != nil {
			continue
		}
		f := FuncFact{Key: funckey.Of(obj)}
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
			list = append(list, f)
		}
	}
	slices.SortStableFunc(list, func(a, b FuncFact) int { return strings.Compare(a.Key, b.Key) })
	return slices.CompactFunc(list, func(a, b FuncFact) bool { return a.Key == b.Key })
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
			list = append(list, RemoteSite{Kind: s.Kind, Param: param, At: info.remote(pos, end), Via: f.Chain, What: s.What})
		}
		for call, passed := range info.calls(f) {
			callee := info.declared(call)
			if callee == nil {
				for _, s := range info.imported(call, passed) {
					list = append(list, RemoteSite{Kind: s.Kind, Param: param, At: *s.Remote, Via: append(slices.Clone(f.Chain), s.Via...), What: s.What})
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
			sites = append(sites, &Site{Kind: s.Kind, Remote: &s.At, Via: s.Via, What: s.What})
		}
	}
	return sites
}
