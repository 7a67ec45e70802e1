package serving

import (
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/grpcoption"
)

// Options are options of servers or of connections.
type Options = grpcoption.Options[Detail]

// An Option is an option of servers or of connections.
type Option = grpcoption.Option[Detail]

// A Detail is what an option says of interceptors and of the size of
// messages.
type Detail struct {
	// Checks: an interceptor of it asks who calls. Unknown: one of them is
	// not known.
	Checks, Unknown bool
	// Limits are the constants that it bounds messages with. Unsure: one is
	// not constant, or is not known.
	Limits []Limit
	Unsure bool
}

// optionTypes are the types of options of servers and connections, callTypes
// that of those of RPCs, which a connection may have for all.
var (
	optionTypes = grpcoption.Types{"ServerOption", "DialOption"}
	callTypes   = grpcoption.Types{"CallOption"}
)

func (e *engine) optionTracer(of grpcoption.Types) *grpcoption.Tracer[Detail] {
	return grpcoption.New(e.Program, grpcoption.Reader[Detail]{
		Types: of,
		Fact: func(fn *types.Func) []Options {
			if fact := e.fact(fn); fact != nil {
				return fact.Options
			}
			return nil
		},
		Remote: e.remote,
		Detail: func(call *ssa.Call, name string) Detail {
			var d Detail
			d.Checks, d.Unknown = e.interceptors(call)
			d.Limits, d.Unsure = e.limits(call, name)
			return d
		},
	})
}
