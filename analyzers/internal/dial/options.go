package dial

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/grpcoption"
	"github.com/grpclint/grpclint/finding"
)

// Options are dial options.
type Options = grpcoption.Options[struct{}]

// An Option is a dial option.
type Option = grpcoption.Option[struct{}]

// Waits reports whether one of the options makes grpc.Dial wait for the
// connection.
func Waits(options *Options) bool { return options.Has("WithBlock", "WithReturnConnectionError") }

// optionTypes is the type of dial options.
var optionTypes = grpcoption.Types{"DialOption"}

func (e *engine) optionTracer() *grpcoption.Tracer[struct{}] {
	return grpcoption.New(e.index, grpcoption.Reader[struct{}]{
		Types: optionTypes,
		Fact: func(fn *types.Func) []Options {
			if fact := e.fact(fn); fact != nil {
				return fact.Options
			}
			return nil
		},
		Remote: func(pos token.Pos) finding.Remote { return e.remote(pos, pos) },
		Detail: func(*ssa.Call, string) struct{} { return struct{}{} },
	})
}

// optionsOf follows an argument that is an option or a slice of options.
func (e *engine) optionsOf(v ssa.Value) Options {
	options := e.options.Of(v)
	return options.Distinct() // the second time, it says the same
}

// allOptions is optionsOf, with what is passed by callers that are all known.
func (e *engine) allOptions(v ssa.Value) Options {
	options := e.options.Closed(v)
	return options.Distinct()
}

// passedTo returns the parameters of fn whose options go to grpc.NewClient,
// or to a grpc.Dial that does not wait.
func (e *engine) passedTo(fn *ssa.Function, newClient bool) []int {
	takes := false
	for _, p := range fn.Params {
		takes = takes || optionTypes.Among(p.Type())
	}
	if !takes {
		return nil
	}
	k := passKey{fn, newClient}
	if known, ok := e.passed[k]; ok {
		return known
	}
	e.passed[k] = nil // recursion adds nothing
	var params []int
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(*ssa.Call); ok {
				params = append(params, e.passedThrough(call, newClient)...)
			}
		}
	}
	slices.Sort(params)
	e.passed[k] = slices.Compact(params)
	return e.passed[k]
}

type passKey struct {
	fn        *ssa.Function
	newClient bool
}

// passedThrough is passedTo for one call in the function: a dial, or a call of
// a function that hands its options on to one.
func (e *engine) passedThrough(call *ssa.Call, newClient bool) []int {
	if call.Call.IsInvoke() {
		return nil
	}
	_, obj := e.callee(&call.Call)
	if name := opener(obj); name != "" {
		args := call.Call.Args
		if (name == "NewClient") != newClient || len(args) < 2 {
			return nil
		}
		options := e.optionsOf(args[len(args)-1])
		if !newClient && (!options.Complete || Waits(&options)) {
			return nil // waits, or may
		}
		return options.Params
	}
	var params []int
	for _, p := range e.passedBy(call, newClient) {
		if p >= len(call.Call.Args) {
			continue
		}
		options := e.optionsOf(call.Call.Args[p])
		if newClient || options.Complete && !Waits(&options) {
			params = append(params, options.Params...)
		}
	}
	return params
}

// PassedOptions are dial options given to a function that hands them to a
// dial.
type PassedOptions struct {
	Instr   *ssa.Call
	Func    *ssa.Function
	Options Options
}

// PassedOptions returns the options of the package that another function
// hands to grpc.NewClient, or to a grpc.Dial that does not wait.
func (i *Info) PassedOptions(newClient bool) []PassedOptions {
	if i.engine == nil || i.engine.index == nil {
		return nil
	}
	e := i.engine
	var passed []PassedOptions
	for _, fn := range e.index.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || call.Call.IsInvoke() {
					continue
				}
				for _, p := range e.passedBy(call, newClient) {
					if p >= len(call.Call.Args) {
						continue
					}
					passed = append(passed, PassedOptions{call, fn, e.optionsOf(call.Call.Args[p])})
				}
			}
		}
	}
	return passed
}

func (e *engine) passedBy(call *ssa.Call, newClient bool) []int {
	local, obj := e.callee(&call.Call)
	if local != nil {
		return e.passedTo(local, newClient)
	}
	fact := e.fact(obj)
	switch {
	case fact == nil:
		return nil
	case newClient:
		return fact.NewClientOptions
	}
	return fact.DialOptions
}
