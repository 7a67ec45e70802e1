package retryshape

import "github.com/grpclint/grpclint/analyzers/internal/fact"

// A Fact is what a package tells its importers about retries: its exported
// functions that call another one again and again, or that try an RPC again
// by themselves. Packages without one have none.
type Fact struct{ fact.Of[told] }

type told struct {
	Runners fact.Table[Runner]
	Repeats fact.Table[[]Repeated]
	Naps    fact.Table[Nap]
	Quiet   fact.Table[bool] // functions that make an RPC and have no other effect
}

// A Repeated says how a function tries an RPC again by itself.
type Repeated struct {
	FullMethod string
	Layer      Layer
}
