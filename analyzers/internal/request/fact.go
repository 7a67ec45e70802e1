package request

import (
	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/method"
)

// A Fact is what a package tells its importers: its exported functions that
// make an RPC and return its error, and those that build requests. Packages
// without one have none.
type Fact struct{ fact.Of[told] }

type told struct {
	Made  fact.Table[[]Made]
	Built fact.Table[[]Built]
	Fresh fact.Table[bool] // functions that return a new text every time
}

// A Made says: the function makes an RPC once per call and returns its
// error. Parameters are counted with the receiver; -1 stands for none.
type Made struct {
	// Runs is 1 and the parameter that the function runs once, in place of
	// an RPC of its own; 0 for none.
	Runs             int
	FullMethod       string
	Verdict          method.Verdict
	Empty            bool
	Passes, Doubtful codeflow.Codes // the codes with which the error comes back
	Message          int            // the parameter that is the RPC's request
	Context          int
	Parts            []int // those that a request built by the function is made from
	Varies           bool  // that it builds from something else as well
	Elsewhere        bool  // it may take another connection every time
	Handed           bool  // others get the message
	Ready            bool  // an option says whether the RPC waits for its connection
	Client           []int // those that the connection is taken from
	Chain            []string
	At               finding.Remote

	Key       KeyState // of the token of a request built by the function
	KeyFrom   []int
	Generator string
}
