// Package retryshape knows what is tried again: which loops, and which
// functions given to libraries of retries, make the same RPC once more after
// it has failed, with which status codes, and how often.
//
//	request        who makes RPCs, and what of
//	codeflow       which codes their errors have on each way
//	   │
//	retryshape     the ways that lead back to the same call:
//	   │             in a loop, a recursion, a function that is run again
//	connretry      what the connection tries again by itself
//
// A loop is a retry if a failure leads back to the same call with the same
// request and the same client, and success does not; loops over items, pages,
// polls, streams and other targets are none. A helper that runs a function
// again is looked at once, and told to importers, in terms of what it is
// handed: the function, and what judges its errors.
//
// What is not understood is doubtful, and rules are silent about it.
package retryshape

import (
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// Analyzer's result is an *Info.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintretries",
	Doc:        "find what is tried again\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{request.Analyzer, stub.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// Info is what is known of a package's retries.
type Info struct {
	Shapes []*Shape
	Sleeps []*Sleep

	SSA *program.Program // nil if nothing is there to judge
}

// A Shape is one RPC that is made again.
type Shape struct {
	// Call makes the RPC in the analysed package, at some distance if RPC
	// has a Chain. RPC.FullMethod is "" for the invoker of an interceptor.
	Call *ssa.Call
	RPC  *request.RPC
	// Func holds Call; Loop is the loop around it, or nil where a library
	// or a helper runs Func again, by the call Run.
	Func *ssa.Function
	Loop *loops.Loop
	Run  *Run

	// Retried are the codes behind which there is surely another attempt,
	// given that nothing else ends the retries; Doubtful those of which it
	// is not known. OK is in Retried for a loop that goes on after
	// success: a poll or a worker, not a retry.
	Retried, Doubtful codeflow.Codes
	// Ends are the retried codes behind which something other than the
	// error can end the loop: a count, a clock, a context.
	Ends codeflow.Codes
	// Waited are the codes with a way to another attempt on which time
	// passes, or may; Noisy those with a way on which something is called
	// that may have changed what the next attempt meets.
	Waited, Noisy codeflow.Codes
	// Asked are the codes on some of whose ways the function asks whether
	// a context has ended, Listens those on some of whose ways anything
	// does; Guarded those all of whose ways depend on what the request is: an
	// operation that may be repeated, say.
	Asked, Listens, Guarded codeflow.Codes
	unguarded               codeflow.Codes

	// Attempts is the greatest number of attempts, 0 if it is not known.
	Attempts int

	Same       bool // every attempt sends the same request
	SameClient bool
	Key        request.Key
	Context    ssa.Value
	// Deadline is the call, before the first attempt, that gives the
	// context its deadline: context.WithTimeout or WithDeadline. It is nil
	// if there is none in sight.
	Deadline *ssa.Call
	// BackgroundContext: the context of the RPC never ends.
	BackgroundContext bool

	// Others are RPCs that an attempt makes besides.
	Others []*request.RPC
	// WaitForReady: the call waits until a backend is there.
	WaitForReady bool

	// Around and Within are other retries of the same RPC in the program:
	// what runs this one again, and what the function that is called
	// does by itself. They are nil if there is none.
	Around, Within *Layer

	request *request.Request
}

// Stub is the call of the RPC itself; nil if another package makes it.
func (s *Shape) Stub() *ssa.Call {
	r := s.request
	for r.Inner != nil {
		r = r.Inner
	}
	if r.RPC.At != nil {
		return nil
	}
	return r.Call
}

// Poll reports whether the loop goes on after success, or may.
func (s *Shape) Poll() bool { return (s.Retried|s.Doubtful)&codeflow.OK != 0 }

// AnyError reports whether every failure leads to another attempt.
func (s *Shape) AnyError() bool { return s.Retried&codeflow.Failures == codeflow.Failures }

// Retries returns the shapes that send the same request to the same server
// again after a failure, and not after success.
func (i *Info) Retries() []*Shape {
	var list []*Shape
	for _, s := range i.Shapes {
		switch {
		case s.Poll(): // goes on after success: a worker, a poll
		case !s.Same: // the next page, the next item, read anew
		case !s.SameClient: // fail-over, a new connection
		case s.Attempts == 1: // the loop is for something else
		default:
			list = append(list, s)
		}
	}
	return list
}

// shapes is the analysis of one package.
type shapes struct {
	*request.Index
	pass     *analysis.Pass
	stubs    *stub.Index
	imports  fact.Index[told]
	effects  map[*ssa.Function]effect
	calls    map[*ssa.Call]effect             // see effectAnyway
	roots    map[ssa.Value]map[ssa.Value]bool // of conditions
	runners  map[*ssa.Function]*Runner
	repeated map[*ssa.Call]*Layer // by the call that is made again
	sleeps   []*Sleep
}

func run(pass *analysis.Pass) (any, error) {
	sh := &shapes{
		Index: pass.ResultOf[request.Analyzer].(*request.Index),
		pass:  pass, stubs: pass.ResultOf[stub.Analyzer].(*stub.Index),
		imports: fact.Known[told](pass), effects: make(map[*ssa.Function]effect), calls: make(map[*ssa.Call]effect), roots: make(map[ssa.Value]map[ssa.Value]bool),
		runners: make(map[*ssa.Function]*Runner), repeated: make(map[*ssa.Call]*Layer),
	}
	info, own := new(Info), new(told)
	naps(pass, own)
	if sh.Relevant || sh.stubs.Reaches && sh.installs() {
		sh.look(info, own)
	}
	if len(own.Runners.Rows)+len(own.Repeats.Rows)+len(own.Naps.Rows)+len(own.Quiet.Rows) > 0 {
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return info, nil
}

// look finds what is to be known of the package.
func (sh *shapes) look(info *Info, own *told) {
	sh.Build()
	if sh.stubs.Reaches {
		info.SSA = sh.Program
		info.Shapes = sh.all()
		info.Sleeps = sh.sleeps
		sh.layers(info)
	}
	sh.summarise(own)
}

// installs: the package tells connections to try again, or has breakers.
func (sh *shapes) installs() bool {
	if slices.ContainsFunc(sh.pass.Pkg.Imports(), func(p *types.Package) bool {
		return codeflow.Versionless(p.Path()) == "github.com/sony/gobreaker" || strings.HasPrefix(p.Path(), FailsafePath)
	}) {
		return true
	}
	for _, obj := range sh.pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if ok && fn.Pkg() != nil && (fn.Pkg().Path() == stub.GRPCPath && fn.Name() == "WithDefaultServiceConfig" || IsMiddlewareRetry(fn.Pkg().Path())) {
			return true
		}
	}
	return false
}

// maxHeld is how many RPCs a loop may hold that tries them again: one with more
// does something else, and each of them is followed through all of it.
const maxHeld = 30

// callOfItself returns the last call by which a function calls itself, or nil.
func (sh *shapes) callOfItself(fn *ssa.Function) *ssa.Call {
	var self *ssa.Call
	for call := range program.Calls(fn) {
		if sh.Program.Local(call.Call.StaticCallee()) == fn {
			self = call
		}
	}
	return self
}

// all finds the shapes of the package, in source order.
func (sh *shapes) all() []*Shape {
	var found []*Shape
	for _, fn := range sh.Program.Funcs {
		if obj, ok := fn.Object().(*types.Func); ok && sh.stubs.RPC(obj) != nil {
			continue // generated
		}
		self := sh.callOfItself(fn)
		held := make(map[*loops.Loop]int)
		for _, r := range sh.In(fn) {
			held[sh.Program.Innermost(r.Call.Block())]++
		}
		for _, r := range sh.In(fn) {
			if run := sh.middleware(r.Call); run != nil && r.Inner == nil && r.RPC.At == nil {
				shape := &Shape{
					Run: run, Attempts: run.attempts, Retried: run.keeps, Ends: run.keeps, Waited: run.keeps, unguarded: run.keeps,
				}
				if shape = sh.finish(shape, r, request.Region{Fn: fn}); shape != nil {
					shape.Same, shape.SameClient = true, true
					if shape.Key.State == request.KeyFresh {
						shape.Key.State = request.KeySet // made once per call; the interceptor sends it again
					}
					found = append(found, shape)
				}
			}
			if r.Err == nil {
				continue // nobody can know that it failed
			}
			if l := sh.Program.Innermost(r.Call.Block()); l != nil {
				if held[l] > maxHeld {
					continue
				}
				shape := sh.inLoop(r, l, nil)
				if shape == nil {
					continue
				}
				sh.noteSleeps(shape, r)
				if shape = sh.finish(shape, r, request.Region{Fn: fn, Loop: l}); shape != nil {
					found = append(found, shape)
				}
			} else if shape := sh.recursion(r, fn, self); shape != nil {
				found = append(found, shape)
			}
		}
		for _, run := range sh.runsIn(fn) {
			for _, shape := range sh.inRun(run) {
				if !slices.ContainsFunc(found, func(known *Shape) bool {
					return known.Call == shape.Call && known.Run != nil && known.RPC.FullMethod == shape.RPC.FullMethod
				}) {
					found = append(found, shape)
				}
			}
		}
	}
	return found
}

// inLoop judges a request inside a loop; nil if it is too large for that. sup
// is what is supposed of the function around it, nil for nothing.
func (sh *shapes) inLoop(r *request.Request, l *loops.Loop, sup *codeflow.Supposition) *Shape {
	shape := &Shape{Loop: l}
	w := sh.walkBehind(r)
	w.Loop, w.Again, w.Sup = l, r.Call, sup
	w.OnAgain = shape.note
	w.OnExit = shape.ended
	w.After(r.Call)
	if w.Lost {
		return nil
	}
	shape.Attempts = attempts(l, r.Call)
	return shape
}

// inRecursion judges a request of a function that calls itself when it has
// failed.
func (sh *shapes) inRecursion(r *request.Request, fn *ssa.Function, sup *codeflow.Supposition) *Shape {
	shape := new(Shape)
	w := sh.walkBehind(r)
	w.Self, w.Sup = fn, sup
	w.OnAgain = shape.note
	w.OnReturn = func(s *codeflow.State, _ *ssa.Return) { shape.ended(s) }
	w.After(r.Call)
	if w.Lost {
		return nil
	}
	return shape
}

// recursion is inRecursion for RPCs.
func (sh *shapes) recursion(r *request.Request, fn *ssa.Function, self *ssa.Call) *Shape {
	if self == nil {
		return nil
	}
	shape := sh.inRecursion(r, fn, nil)
	if shape == nil || shape.Retried&codeflow.Failures == 0 {
		return nil
	}
	// The next attempt has other parameters: those that the request is
	// made of have to be handed on as they are.
	for _, v := range slices.Concat(r.Parts, r.Client, []ssa.Value{r.Message}) {
		for _, input := range sh.Inputs(v, fn) {
			if p := sh.InputOf(input).Param; p != nil && p.Parent() == fn && sh.Root(sh.Program.ArgOf(self, p)) != p {
				return nil
			}
		}
	}
	return sh.finish(shape, r, request.Region{Fn: fn})
}

// note records a way to another attempt.
func (shape *Shape) note(s *codeflow.State) {
	sure := s.Codes &^ s.Doubtful
	shape.Retried |= sure
	shape.Doubtful |= s.Doubtful
	if s.Effect&(waits|noise) != 0 {
		shape.Waited |= s.Codes
	}
	if s.Effect&noise != 0 {
		shape.Noisy |= s.Codes
	}
	if s.Effect&asked != 0 {
		shape.Asked |= s.Codes
	}
	if s.Effect&listens != 0 {
		shape.Listens |= s.Codes
	}
	if s.Effect&guarded == 0 {
		shape.unguarded |= s.Codes
	}
}

// ended records a way out.
func (shape *Shape) ended(s *codeflow.State) { shape.Ends |= s.Codes }

// finish fills in what all shapes have, and drops those that are none.
func (sh *shapes) finish(shape *Shape, r *request.Request, rg request.Region) *Shape {
	if shape.Retried&codeflow.Failures == 0 {
		return nil
	}
	shape.Doubtful &^= shape.Retried
	shape.Guarded = shape.Retried &^ shape.unguarded
	shape.Call, shape.RPC, shape.Func, shape.Context = r.Call, r.RPC, r.Call.Parent(), r.Context
	shape.request = r
	shape.Same = sh.Same(r, rg)
	shape.SameClient = sh.SameClient(r, rg)
	shape.Key = sh.KeyOf(r, rg)
	shape.BackgroundContext = r.Context != nil && sh.neverEnds(r.Context)
	shape.Deadline = sh.deadlineBefore(r.Context, rg)
	shape.WaitForReady = sh.WaitsForReady(r)
	for _, other := range sh.In(rg.Fn) {
		if other != r && rg.Holds(other.Call) {
			shape.Others = append(shape.Others, other.RPC)
		}
	}
	if r.Inner != nil {
		for _, other := range sh.In(r.Inner.Call.Parent()) {
			if other != r.Inner {
				shape.Others = append(shape.Others, other.RPC)
			}
		}
	}
	return shape
}
