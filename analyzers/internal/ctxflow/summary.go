package ctxflow

import (
	"go/types"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// summaries are what importers learn about the package's functions.
func (f *follower) summaries(s *search) fact.Table[FuncSummary] {
	var table fact.Table[FuncSummary]
	for _, fn := range f.Funcs {
		obj, _ := fn.Object().(*types.Func)
		if obj == nil || !obj.Exported() || f.inTest(fn.Pos()) || f.stubs.RPC(obj) != nil {
			continue // importers cannot call it, or know it as an RPC
		}
		summary := FuncSummary{Results: f.exportedResults(fn), Interceptor: f.exportedInterceptor(fn)}
		for _, p := range fn.Params {
			if i := program.SignatureIndex(p); i >= 0 {
				summary.Reaches = append(summary.Reaches, exportedReaches(i, funcName(fn), s.reaches[source{param: p}])...)
				for _, r := range s.reaches[source{param: p}] {
					f.stop(&r)
				}
			}
		}
		if len(summary.Reaches) > 0 || len(summary.Results) > 0 || summary.Interceptor != NoInterceptor {
			table.AddFunc(obj, summary)
		}
	}
	f.interfaceSummaries(s, &table)
	f.exportedVariables(&table)
	table.Sort()
	return table
}

// makes: a package of the user's own has functions that return contexts.
func makes(pass *analysis.Pass) bool {
	if module := pass.Module; module == nil || module.Version != "" {
		return false
	}
	for _, obj := range pass.TypesInfo.Defs {
		if fn, ok := obj.(*types.Func); ok && fn.Exported() {
			for r := range fn.Signature().Results().Variables() {
				if stub.IsContext(r.Type()) {
					return true
				}
			}
		}
	}
	return false
}

// made are the summaries of a package that does not reach grpc-go: its
// functions make contexts for others.
func (f *follower) made() fact.Table[FuncSummary] {
	var table fact.Table[FuncSummary]
	for _, fn := range f.Funcs {
		obj, _ := fn.Object().(*types.Func)
		if obj == nil || !obj.Exported() || f.inTest(fn.Pos()) {
			continue
		}
		if results := f.exportedResults(fn); len(results) > 0 {
			table.AddFunc(obj, FuncSummary{Results: results})
		}
	}
	table.Sort()
	return table
}

func exportedReaches(param int, name string, reaches []reach) []Reach {
	var list []Reach
	for _, r := range reaches {
		if r.sink.iface != nil || r.kept != nil || len(list) == maxReaches {
			continue // a context that is kept for later is no call's deadline
		}
		list = append(list, Reach{Param: param, RPC: r.sink.rpc, Chain: append([]string{name}, r.chain...), Bounded: r.bounded, Ignored: r.ignored, Direct: r.direct})
	}
	return list
}

// exportedResults are the context results of a function that importers can
// rely on.
func (f *follower) exportedResults(fn *ssa.Function) []Result {
	var list []Result
	results := fn.Signature.Results()
	for i := range results.Len() {
		if !stub.IsContext(results.At(i).Type()) {
			continue
		}
		o := f.contexts.Result(fn, i)
		if o.unknown || o.bound == sometimes {
			continue
		}
		for _, src := range o.sources {
			r := Result{Index: i, Param: -1, Bounded: o.bound == bounded}
			if src.root != nil {
				r.Root, r.RootIs = f.remoteOf(src.root), src.root.Is
				r.Stored = o.kept || src.root.Stored
				r.Command = src.root.Command || f.life.InCommand(fn.Pos())
			} else {
				// Of this very function: declared functions have
				// no others around them.
				r.Param = program.SignatureIndex(src.param)
			}
			list = append(list, r)
		}
	}
	return list
}

// interfaceSummaries adds what a call of an interface's method reaches: what
// every type does that this package turns into its own interface (NewKV
// returns a *kv as a KV).
func (f *follower) interfaceSummaries(s *search, table *fact.Table[FuncSummary]) {
	for iface, conversions := range f.Converted() {
		if iface.Pkg() != f.pass.Pkg || !iface.Exported() {
			continue
		}
		t, ok := iface.Type().Underlying().(*types.Interface)
		if !ok {
			continue
		}
		for m := range t.Methods() {
			if f.stubs.RPC(m) != nil || !m.Exported() {
				continue
			}
			if summary, ok := f.interfaceSummary(s, m, conversions); ok {
				table.Add(iface.Name()+"."+m.Name(), summary)
			}
		}
	}
}

func (f *follower) interfaceSummary(s *search, m *types.Func, conversions []program.Conversion) (FuncSummary, bool) {
	var summary FuncSummary
	for _, c := range conversions {
		if types.IsInterface(c.From) {
			continue
		}
		fn := f.Method(c.From, m)
		if fn == nil {
			return summary, false // implemented elsewhere, by embedding
		}
		var reaches []Reach
		for _, p := range fn.Params {
			if i := program.SignatureIndex(p); i >= 0 {
				reaches = append(reaches, exportedReaches(i, funcName(fn), s.reaches[source{param: p}])...)
			}
		}
		if len(reaches) == 0 {
			return summary, false // one of them makes no RPC
		}
		if summary.Reaches == nil {
			summary.Reaches = reaches
		}
	}
	return summary, len(summary.Reaches) > 0
}

// ids are the rules of a RuleSet by their names.
var ids = map[RuleSet]string{Missing: "deadline/missing", Detached: "deadline/detached", WaitForReady: "deadline/wait-for-ready"}
