// Package retryshape knows what is tried again: which loops, and which
// functions given to libraries of retries, make the same RPC once more after
// it has failed, with which status codes, and how often.
//
// It starts at the RPCs and follows their errors. A loop is a retry if a
// failure leads back to the same call with the same request and the same
// client, and success does not; loops over items, pages, polls, streams and
// other targets are none. What a function does with an error it learns by
// walking its control flow with the set of codes that the error can have at
// each place, so that a switch, a chain of comparisons, a deny list, a map
// and a helper in another package all come to the same.
//
// What is not understood is doubtful, and rules are silent about it.
package retryshape

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// Analyzer's result is an *Info.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintretries",
	Doc:        "find what is tried again\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{directive.Analyzer, stub.Analyzer, codeflow.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// Info is what is known of a package's retries.
type Info struct {
	Shapes []*Shape
	Sleeps []*Sleep

	SSA *program.Program // nil if nothing is there to judge

	shapes *shapes
}

// A Shape is one RPC that is made again.
type Shape struct {
	// Call makes the RPC in the analysed package, at some distance if RPC
	// has a Chain. RPC.FullMethod is "" for the invoker of an interceptor.
	Call *ssa.Call
	RPC  *RPC
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
	Key        Key
	Context    ssa.Value
	// Deadline is the call, before the first attempt, that gives the
	// context its deadline: context.WithTimeout or WithDeadline. It is nil
	// if there is none in sight.
	Deadline *ssa.Call
	// BackgroundContext: the context of the RPC never ends.
	BackgroundContext bool

	// Others are RPCs that an attempt makes besides.
	Others []*RPC
	// WaitForReady: the call waits until a backend is there.
	WaitForReady bool

	// Around and Within are other retries of the same RPC in the program:
	// what runs this one again, and what the function that is called
	// does by itself. They are nil if there is none.
	Around, Within *Layer

	request *request
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

// A Request is the call of a generated stub.
type Request struct {
	Call *ssa.Call
	RPC  *RPC
	// Keyed: the RPC carries an idempotency token, or may.
	Keyed bool
}

// Requests lists the calls of generated stubs in the package.
func (i *Info) Requests() []*Request {
	var list []*Request
	for _, fn := range i.SSA.Funcs {
		for _, r := range i.shapes.requestsIn(fn) {
			if r.rpc.At != nil || r.inner != nil {
				continue
			}
			state := i.shapes.keyOf(r, region{fn: fn}).State
			list = append(list, &Request{r.call, r.rpc, state != NoKey && state != KeyUnset && !(state == KeyUnknown && len(r.rpc.Verdict.Tokens) == 0)})
		}
	}
	return list
}

// An Outcome is an RPC that a function makes, and the codes with which it is
// sure to return its error.
type Outcome struct {
	RPC  *RPC
	Sure codeflow.Codes
}

// Outcomes lists what a function of the package does with its RPCs' errors.
func (i *Info) Outcomes(fn *ssa.Function) []Outcome {
	var list []Outcome
	for _, o := range i.shapes.outcomes(fn) {
		if o.request.handed == nil {
			list = append(list, Outcome{o.request.rpc, o.passes &^ o.Doubtful})
		}
	}
	return list
}

// shapes is the analysis of one package.
type shapes struct {
	pass       *analysis.Pass
	stubs      *stub.Index
	directives *directive.Set
	imports    fact.Index[told]
	*codeflow.Flow

	loopsOf     map[*ssa.Function][]*loops.Loop
	requests    map[*ssa.Function][]*request
	outcome     map[*ssa.Function][]outcome
	fieldWrites map[ssa.Value][]write
	builders    map[*ssa.Function]bool
	building    map[*ssa.Function]bool // that are being looked into
	generators  map[*ssa.Function]bool
	effects     map[*ssa.Function]effect
	runners     map[*ssa.Function]*Runner
	repeated    map[*ssa.Call]*Layer // by the call that is made again
	sleeps      []*Sleep
}

func run(pass *analysis.Pass) (any, error) {
	stubs := pass.ResultOf[stub.Analyzer].(*stub.Index)
	if !stubs.Reaches && (stub.IsStandard(pass.Pkg.Path()) || !runsOthers(pass)) {
		return new(Info), nil
	}
	sh := &shapes{
		pass: pass, stubs: stubs, Flow: pass.ResultOf[codeflow.Analyzer].(*codeflow.Flow),
		directives: pass.ResultOf[directive.Analyzer].(*directive.Set),
		imports:    fact.Known[told](pass),
		loopsOf:    make(map[*ssa.Function][]*loops.Loop),
		requests:   make(map[*ssa.Function][]*request),
		outcome:    make(map[*ssa.Function][]outcome),
		builders:   make(map[*ssa.Function]bool),
		building:   make(map[*ssa.Function]bool),
		generators: make(map[*ssa.Function]bool),
		effects:    make(map[*ssa.Function]effect),
		runners:    make(map[*ssa.Function]*Runner),
		repeated:   make(map[*ssa.Call]*Layer),
	}
	info, own := new(Info), new(told)
	if !runsOthers(pass) && !sh.relevant() {
		return info, nil
	}
	sh.Build()
	if stubs.Reaches {
		info.SSA, info.shapes = sh.Program, sh
		info.Shapes = sh.all()
		info.Sleeps = sh.sleeps
		sh.layers(info)
	}
	sh.summarise(own)
	if !own.empty() {
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return info, nil
}

// runsOthers: the package has an exported function that is handed one which
// may fail. Helpers that try again need nothing of gRPC.
func runsOthers(pass *analysis.Pass) bool {
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || !decl.Name.IsExported() || decl.Body == nil {
				continue
			}
			if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok && codeflow.ErrorIndex(fn.Signature()) >= 0 && takesFunction(fn.Signature()) {
				return true
			}
		}
	}
	return false
}

// relevant: the package names an RPC, a function that makes one or runs
// others, or the codes, or builds requests. The rest is not worth a look.
func (sh *shapes) relevant() bool {
	for _, imported := range sh.pass.Pkg.Imports() {
		switch path := imported.Path(); {
		case path == codeflow.CodesPath || path == codeflow.StatusPath:
			return true
		case codeflow.Versionless(path) == "github.com/sony/gobreaker" || strings.HasPrefix(path, FailsafePath):
			return true
		}
	}
	for _, obj := range sh.pass.TypesInfo.Defs {
		if fn, ok := obj.(*types.Func); ok && fn.Exported() && buildsMessage(fn.Signature()) {
			return true
		}
	}
	for _, obj := range sh.pass.TypesInfo.Uses {
		fn, ok := obj.(*types.Func)
		if !ok || fn.Pkg() == nil || fn.Pkg() == sh.pass.Pkg {
			continue
		}
		if fn.Pkg().Path() == stub.GRPCPath && fn.Name() == "WithDefaultServiceConfig" || IsMiddlewareRetry(fn.Pkg().Path()) {
			return true
		}
		if sh.stubs.RPC(fn) != nil {
			return true
		}
		if told := sh.imports.Of(fn); told != nil && (len(told.Made.Rows) > 0 || len(told.Runners.Rows) > 0) {
			return true
		}
	}
	return false
}

func (sh *shapes) loops(fn *ssa.Function) []*loops.Loop {
	known, ok := sh.loopsOf[fn]
	if !ok {
		known = loops.Of(fn)
		sh.loopsOf[fn] = known
	}
	return known
}

func (sh *shapes) innermost(block *ssa.BasicBlock) *loops.Loop {
	return loops.Innermost(sh.loops(block.Parent()), block)
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
		for _, r := range sh.requestsIn(fn) {
			held[sh.innermost(r.call.Block())]++
		}
		for _, r := range sh.requestsIn(fn) {
			if run := sh.middleware(r.call); run != nil && r.inner == nil && r.rpc.At == nil {
				shape := &Shape{
					Run: run, Attempts: run.attempts, Retried: run.keeps, Ends: run.keeps, Waited: run.keeps, unguarded: run.keeps,
				}
				if shape = sh.finish(shape, r, region{fn: fn}); shape != nil {
					shape.Same, shape.SameClient = true, true
					if shape.Key.State == KeyFresh {
						shape.Key.State = KeySet // made once per call; the interceptor sends it again
					}
					found = append(found, shape)
				}
			}
			if r.Err == nil {
				continue // nobody can know that it failed
			}
			if l := sh.innermost(r.call.Block()); l != nil {
				if held[l] > maxHeld {
					continue
				}
				shape := sh.inLoop(r, l, nil)
				if shape == nil {
					continue
				}
				sh.noteSleeps(shape, r)
				if shape = sh.finish(shape, r, region{fn: fn, Loop: l}); shape != nil {
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
func (sh *shapes) inLoop(r *request, l *loops.Loop, sup *codeflow.Supposition) *Shape {
	shape := &Shape{Loop: l}
	w := sh.walkBehind(r)
	w.Loop, w.Again, w.Sup = l, r.call, sup
	w.OnAgain = shape.note
	w.OnExit = shape.ended
	w.After(r.call)
	if w.Lost {
		return nil
	}
	shape.Attempts = attempts(l, r.call)
	return shape
}

// inRecursion judges a request of a function that calls itself when it has
// failed.
func (sh *shapes) inRecursion(r *request, fn *ssa.Function, sup *codeflow.Supposition) *Shape {
	shape := new(Shape)
	w := sh.walkBehind(r)
	w.Self, w.Sup = fn, sup
	w.OnAgain = shape.note
	w.OnReturn = func(s *codeflow.State, _ *ssa.Return) { shape.ended(s) }
	w.After(r.call)
	if w.Lost {
		return nil
	}
	return shape
}

// recursion is inRecursion for RPCs.
func (sh *shapes) recursion(r *request, fn *ssa.Function, self *ssa.Call) *Shape {
	if self == nil {
		return nil
	}
	shape := sh.inRecursion(r, fn, nil)
	if shape == nil || shape.Retried&codeflow.Failures == 0 {
		return nil
	}
	// The next attempt has other parameters: those that the request is
	// made of have to be handed on as they are.
	for _, v := range slices.Concat(r.parts, r.client, []ssa.Value{r.message}) {
		for _, input := range sh.inputs(v, fn) {
			if p, ok := input.(*ssa.Parameter); ok && p.Parent() == fn && sh.Root(sh.Program.ArgOf(self, p)) != p {
				return nil
			}
		}
	}
	return sh.finish(shape, r, region{fn: fn})
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
func (sh *shapes) finish(shape *Shape, r *request, rg region) *Shape {
	if shape.Retried&codeflow.Failures == 0 {
		return nil
	}
	shape.Doubtful &^= shape.Retried
	shape.Guarded = shape.Retried &^ shape.unguarded
	shape.Call, shape.RPC, shape.Func, shape.Context = r.call, r.rpc, r.call.Parent(), r.ctx
	shape.request = r
	shape.Same = sh.same(r, rg)
	shape.SameClient = sh.sameClient(r, rg)
	shape.Key = sh.keyOf(r, rg)
	shape.BackgroundContext = r.ctx != nil && sh.neverEnds(r.ctx)
	shape.Deadline = sh.deadlineBefore(r.ctx, rg)
	shape.WaitForReady = sh.waitsForReady(r.call)
	for _, other := range sh.requestsIn(rg.fn) {
		if other != r && rg.holds(other.call) {
			shape.Others = append(shape.Others, other.rpc)
		}
	}
	if r.inner != nil {
		for _, other := range sh.requestsIn(r.inner.call.Parent()) {
			if other != r.inner {
				shape.Others = append(shape.Others, other.rpc)
			}
		}
	}
	return shape
}

// waitsForReady: the call has the option grpc.WaitForReady(true), or
// grpc.FailFast(false), its former name.
func (sh *shapes) waitsForReady(call *ssa.Call) bool {
	args := call.Call.Args
	if len(args) == 0 {
		return false
	}
	for _, v := range sh.Elements(args[len(args)-1]) {
		option, ok := v.(*ssa.Call)
		if !ok {
			continue
		}
		obj := program.CalledObject(option.Common())
		if obj != nil && codeflow.PathOf(obj) == stub.GRPCPath && (obj.Name() == "WaitForReady" || obj.Name() == "FailFast") {
			return true // whatever its argument: somebody has thought of it
		}
	}
	return false
}
