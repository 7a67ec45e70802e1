package dial

import (
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// A Call is a call of one of grpc-go's dialling functions.
type Call struct {
	Name    string // NewClient, Dial or DialContext
	By      string // what is called, as a message names it
	Instr   *ssa.Call
	Func    *ssa.Function // that it is in
	Target  ssa.Value
	Context ssa.Value // of DialContext
	// Options are those of the dial, Own without those that the function is
	// given by its callers.
	Options, Own Options
}

// An Acquisition is a call that hands a fresh connection to its caller.
type Acquisition struct {
	Instr  *ssa.Call
	Func   *ssa.Function // that the call is in
	Opener string        // what is called, as a message names it
	Via    []string      // functions that Opener calls to open the connection
	Kind   Kind          // of the result: Conn, Owner or Stub
	Dial   *Call         // if it is a dial itself

	Fate Fate

	flow *trail
	err  ssa.Value     // error result, nil if none is looked at
	from *ssa.Function // of this package, whose result it is; or nil
}

// A Fate is what becomes of a connection in the function that got it.
type Fate struct {
	// Leaks are the ways out of the function, or the ways back to the
	// call, on which nobody closes or keeps it.
	Leaks []ssa.Instruction
	// Closes, Escapes, Returns: some way ends so.
	Closes, Escapes, Returns bool
}

// Consumed reports whether the connection is used up within each call of
// its function: it is closed or lost there, and never kept or handed on.
func (f Fate) Consumed() bool {
	return (f.Closes || len(f.Leaks) > 0) && !f.Escapes && !f.Returns
}

// acquisitions returns the calls in fn that hand it a connection.
func (e *engine) acquisitions(fn *ssa.Function) []*Acquisition {
	if list, ok := e.acquired[fn]; ok {
		return list
	}
	e.acquired[fn] = nil // recursion: a function does not get a connection from itself
	var list []*Acquisition
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(*ssa.Call)
			if !ok {
				continue // go and defer drop the result
			}
			if a := e.acquisition(fn, call); a != nil {
				list = append(list, a)
			}
		}
	}
	e.acquired[fn] = list
	return list
}

func (e *engine) acquisition(fn *ssa.Function, call *ssa.Call) *Acquisition {
	local, obj := e.callee(&call.Call)
	a := &Acquisition{Instr: call, Func: fn}
	var results []Result
	if name := opener(obj); name != "" {
		if len(call.Call.Args) < 2 {
			return nil // not the function that we know by that name
		}
		a.Opener = "grpc." + name
		a.Dial = e.dial(fn, call, name)
		results = []Result{{0, Conn}}
	} else if local != nil {
		if local == fn {
			return nil
		}
		results = e.fresh(local)
		a.Opener, a.from = Name(local), local
		a.Via = e.via(local)
	} else if known := freshOf(obj); known != nil {
		results, a.Opener = known, obj.Pkg().Name()+"."+obj.Name()
	} else if fact := e.fact(obj); fact != nil {
		results = fact.Fresh
		a.Via = qualified(obj.Pkg(), fact.Via)
		a.Opener = obj.Pkg().Name() + "." + key(obj)
		if obj.Signature().Recv() != nil {
			a.Opener = key(obj)
		}
	}
	if len(results) == 0 {
		results = e.forwarded(a)
	}
	if len(results) == 0 {
		return nil // hands out no fresh connection
	}
	a.flow = e.newFlow(fn)
	a.Kind = results[0].Kind
	for _, r := range results {
		if v := program.Result(call, r.Index); v != nil {
			a.flow.add(v, r.Kind)
			if r.Kind < a.Kind {
				a.Kind = r.Kind
			}
		}
	}
	a.flow.run()
	sig := call.Call.Signature()
	for i := range sig.Results().Len() {
		if types.Identical(sig.Results().At(i).Type(), types.Universe.Lookup("error").Type()) {
			a.err = program.Result(call, i)
		}
	}
	a.Fate = e.fate(a)
	return a
}

// forwarded returns the results of a helper that are what a function returns
// which it gets: retry(func() (*grpc.ClientConn, error) { ... }).
func (e *engine) forwarded(a *Acquisition) []Result {
	var results []Result
	for _, forward := range e.index.Forwards(a.Instr) {
		for _, fresh := range e.fresh(forward.Func) {
			if fresh.Index == forward.Of {
				results = append(results, Result{forward.Result, fresh.Kind})
				a.Opener, a.from = e.index.CalleeName(a.Instr), forward.Func
				a.Via = append([]string{Name(forward.Func)}, e.via(forward.Func)...)
			}
		}
	}
	return results
}

func (e *engine) dial(fn *ssa.Function, call *ssa.Call, name string) *Call {
	d := &Call{Name: name, By: "grpc." + name, Instr: call, Func: fn}
	args := call.Call.Args
	if name == "DialContext" {
		d.Context, args = args[0], args[1:]
	}
	d.Target = args[0]
	d.Own, d.Options = e.optionsOf(args[1]), e.allOptions(args[1])
	return d
}

// Handed returns the dials that functions of other packages make with options
// which they are handed here.
func (i *Info) Handed() []*Call {
	var dials []*Call
	if i.engine == nil {
		return nil
	}
	for _, a := range i.Acquisitions {
		real := i.engine.index.Real(a.Instr)
		body := i.engine.index.Body(a.Instr)
		if name := opener(real.Func); name != "" && body != nil && real.Call.Parent() == body {
			options := real.Call.Common().Args[len(real.Call.Common().Args)-1]
			if own := i.engine.optionsOf(options); own.Known() {
				continue // it is for its package to judge
			}
			given := i.engine.options.Within(a.Instr, options)
			dials = append(dials, &Call{Name: name, By: a.Opener, Instr: a.Instr, Func: a.Func, Options: given.Distinct()})
		}
	}
	return dials
}

// fresh returns the results of fn that hand a fresh connection to the
// caller: on every way out they are a connection made in this call, or nil,
// and nothing else keeps it.
func (e *engine) fresh(fn *ssa.Function) []Result {
	if r, ok := e.results[fn]; ok {
		return r
	}
	e.results[fn] = nil // recursion
	list := e.acquisitions(fn)
	if len(list) == 0 {
		return nil
	}
	kinds := make(map[ssa.Value]Kind)
	candidates := make(map[int]Kind)
	for _, a := range list {
		if a.flow.has(escaped) {
			continue // kept elsewhere: a cache, a registry
		}
		if slices.ContainsFunc(a.flow.events, closesOnReturn) {
			continue // closed before the caller gets it
		}
		for v, k := range a.flow.kinds {
			kinds[v] = k
		}
		for _, ev := range a.flow.events {
			if ev.kind == returned {
				if k, seen := candidates[ev.result.Index]; !seen || ev.result.Kind < k {
					candidates[ev.result.Index] = ev.result.Kind
				}
			}
		}
	}
	around := reachableAround(fn, list)
	for _, block := range fn.Blocks {
		ret, ok := control.Last(block).(*ssa.Return)
		if !ok {
			continue
		}
		for i := range candidates {
			kind, ours := kinds[ret.Results[i]]
			switch {
			case isZero(ret.Results[i]):
			case !ours:
				delete(candidates, i) // on this way the caller gets something shared
			case kind == Owner && around[block]:
				delete(candidates, i) // on this way it owns nothing
			}
		}
	}
	var results []Result
	for i, k := range candidates {
		results = append(results, Result{i, k})
	}
	slices.SortFunc(results, func(a, b Result) int { return a.Index - b.Index })
	e.results[fn] = results
	return results
}

// closesOnReturn reports whether an event is "defer conn.Close()", as
// opposed to a deferred literal that may look at the error first.
func closesOnReturn(ev event) bool {
	deferred, ok := ev.instr.(*ssa.Defer)
	if !ok || ev.kind != closed {
		return false
	}
	_, isLiteral := deferred.Call.Value.(*ssa.MakeClosure)
	return !isLiteral
}

// reachableAround returns the blocks that control can reach without any of
// the calls.
func reachableAround(fn *ssa.Function, calls []*Acquisition) map[*ssa.BasicBlock]bool {
	blocked := make(map[*ssa.BasicBlock]bool)
	for _, a := range calls {
		blocked[a.Instr.Block()] = true
	}
	seen := make(map[*ssa.BasicBlock]bool)
	work := []*ssa.BasicBlock{fn.Blocks[0]}
	for len(work) > 0 {
		b := work[len(work)-1]
		work = work[:len(work)-1]
		if !seen[b] && !blocked[b] {
			seen[b] = true
			work = append(work, b.Succs...)
		}
	}
	return seen
}

// via names the functions, below fn, through which fn opens the connection
// that it returns.
func (e *engine) via(fn *ssa.Function) []string {
	for _, a := range e.acquisitions(fn) {
		if a.Fate.Returns && len(a.Via) < maxChain {
			return append([]string{a.Opener}, a.Via...)
		}
	}
	return nil
}

func isZero(v ssa.Value) bool {
	switch v := v.(type) {
	case *ssa.Const:
		return v.Value == nil
	case *ssa.UnOp:
		// *t0 of a struct variable that was never written.
		alloc, ok := v.X.(*ssa.Alloc)
		if !ok {
			return false
		}
		for _, r := range *alloc.Referrers() {
			if _, isLoad := r.(*ssa.UnOp); !isLoad {
				return false
			}
		}
		return true
	}
	return false
}
