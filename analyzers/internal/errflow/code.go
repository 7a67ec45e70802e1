package errflow

import (
	"go/constant"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/flow"
)

// codes are those that a value of type codes.Code may be.
type codes struct {
	list     []int // sorted, each once
	complete bool  // there are no others
}

// newCodeTracer makes what follows codes. A code that is a function's
// parameter is not known: each caller passes another one.
func (f *Flow) newCodeTracer() *flow.Tracer[codes] {
	return flow.New(f.Program, flow.Domain[codes]{
		Nothing: codes{complete: true},
		Unknown: func(ssa.Value) codes { return codes{} },
		Join: func(a, b codes) codes {
			list := slices.Concat(a.list, b.list)
			slices.Sort(list)
			return codes{slices.Compact(list), a.complete && b.complete}
		},
		Source: func(_ flow.Trace[codes], v ssa.Value) (codes, bool) {
			c, ok := v.(*ssa.Const)
			if !ok || c.Value == nil || c.Value.Kind() != constant.Int {
				return codes{}, false
			}
			n, exact := constant.Int64Val(c.Value)
			return codes{[]int{int(n)}, exact}, true
		},
		Param: func(*ssa.Parameter) codes { return codes{} },
		Bind:  func(_ flow.Trace[codes], o codes, _ *ssa.Call) codes { return o },
	})
}

// Codes returns the codes that a value of type codes.Code may be; complete
// says whether there are no others.
func (f *Flow) Codes(v ssa.Value) (list []int, complete bool) {
	c := f.coder.Of(v)
	return c.list, c.complete
}
