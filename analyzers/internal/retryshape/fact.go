package retryshape

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/packed"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/protocheck/method"
)

// A Fact is what a package tells its importers about retries: its exported
// functions that make an RPC and return its error, that judge an error, or
// that call a function again and again. The slices are sorted by key.
type Fact struct {
	Made    []Made
	Runners []Runner
	Built   []Built
}

var _ analysis.Fact = (*Fact)(nil)

// AFact marks Fact as a fact.
func (*Fact) AFact() {}

// packedFact is a Fact as gob alone encodes it.
type packedFact Fact

// GobEncode makes the fact small.
func (f *Fact) GobEncode() ([]byte, error) { return packed.Encode((*packedFact)(f)) }

// GobDecode is the reverse of GobEncode.
func (f *Fact) GobDecode(data []byte) error { return packed.Decode(data, (*packedFact)(f)) }

func (f *Fact) empty() bool {
	return len(f.Made)+len(f.Runners)+len(f.Built) == 0
}

func (f *Fact) String() string {
	var keys []string
	for _, m := range f.Made {
		keys = append(keys, m.Func)
	}
	for _, r := range f.Runners {
		keys = append(keys, r.Key)
	}
	return "retryshape(" + strings.Join(keys, " ") + ")"
}

// A Made says: the function makes an RPC once per call and returns its
// error. Parameters are counted with the receiver; -1 stands for none.
type Made struct {
	Func string // its key
	// Runs is 1 and the parameter that the function runs once, in place of
	// an RPC of its own; 0 for none.
	Runs             int
	FullMethod       string
	Verdict          method.Verdict
	Empty            bool
	Passes, Doubtful codeflow.Codes // the codes with which the error comes back
	Again            *Layer         // it tries again by itself, and how
	Message          int            // the parameter that is the RPC's request
	Context          int
	Parts            []int // those that a request built by the function is made from
	Varies           bool  // that it builds from something else as well
	Elsewhere        bool  // it may take another connection every time
	Client           []int // those that the connection is taken from
	Chain            []string
	At               finding.Remote

	Key       KeyState // of the token of a request built by the function
	KeyFrom   []int
	Generator string
}

func (f *Fact) made(key string) []*Made {
	i, _ := slices.BinarySearchFunc(f.Made, key, func(m Made, key string) int { return strings.Compare(m.Func, key) })
	var found []*Made
	for ; i < len(f.Made) && f.Made[i].Func == key; i++ {
		found = append(found, &f.Made[i])
	}
	return found
}

func (f *Fact) runner(key string) *Runner {
	i := slices.IndexFunc(f.Runners, func(r Runner) bool { return r.Key == key })
	if i < 0 {
		return nil
	}
	return &f.Runners[i]
}
