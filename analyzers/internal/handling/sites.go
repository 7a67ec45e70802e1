package handling

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"time"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
)

// sites finds what a frame does by itself that outlasts the RPC.
func (info *Info) sites(f *Frame) []*Site {
	var sites []*Site
	sites = append(sites, info.sleeps(f)...)
	sites = append(sites, info.variants(f)...)
	sites = append(sites, info.helped(f)...)
	sites = append(sites, info.ignoredSends(f)...)
	sites = append(sites, info.loops(f)...)
	sites = append(sites, info.channels(f)...)
	sites = append(sites, info.detached(f)...)
	sites = append(sites, info.goroutines(f)...)
	sites = append(sites, info.streamsAfter(f)...)
	sites = append(sites, info.abandoned(f)...)
	return sites
}

// short is how long a sleep may be without anybody minding.
const short = 50 * time.Millisecond

// sleeps finds calls of time.Sleep, and of Sleep of somebody's clock.
func (info *Info) sleeps(f *Frame) []*Site {
	var sites []*Site
	for instr := range info.instructions(f) {
		call, ok := instr.(*ssa.Call)
		if !ok || !isSleep(program.CalledObject(&call.Call)) {
			continue
		}
		length := program.SignatureArg(call, 0)
		if d, ok := info.duration(f, length); ok && d < short || info.injected(info.place(f, length).Root) {
			continue
		}
		sites = append(sites, &Site{Kind: Sleep, Frame: f, Instr: call, What: sleeper(call)})
	}
	return sites
}

// isSleep: time.Sleep, or a method that does the same: of a clock, which tests
// can replace.
func isSleep(obj *types.Func) bool {
	if obj == nil || obj.Pkg() == nil || obj.Name() != "Sleep" {
		return false
	}
	sig := obj.Signature()
	if sig.Recv() == nil {
		return obj.Pkg().Path() == "time"
	}
	return sig.Params().Len() == 1 && sig.Results().Len() == 0 && types.TypeString(sig.Params().At(0).Type(), nil) == "time.Duration"
}

// sleeper says what sleeps: "time.Sleep", "Clock.Sleep".
func sleeper(call *ssa.Call) string {
	obj := program.CalledObject(&call.Call)
	if obj.Signature().Recv() == nil {
		return "time.Sleep"
	}
	return funckey.Of(obj)
}

// injected: a package variable that is zero unless somebody asks for it. Such
// a delay is there to try out what a slow server does to others.
func (info *Info) injected(v ssa.Value) bool {
	variable, ok := v.(*ssa.Global)
	if !ok || variable.Pkg != info.SSA.Pkg {
		return false
	}
	init := variable.Pkg.Func("init")
	if init == nil {
		return false
	}
	for _, block := range init.Blocks {
		for _, instr := range block.Instrs {
			if store, ok := instr.(*ssa.Store); ok && store.Addr == variable {
				return false // has a length from the start
			}
		}
	}
	return true
}

func isFunc(call ssa.CallInstruction, path, name string) bool {
	obj := program.CalledObject(call.Common())
	return obj != nil && obj.Name() == name && obj.Pkg() != nil && obj.Pkg().Path() == path
}

// duration returns the length that a value is, if that is written in the code.
func (info *Info) duration(f *Frame, v ssa.Value) (time.Duration, bool) {
	c, ok := info.place(f, v).Root.(*ssa.Const)
	if !ok || c.Value == nil {
		return 0, false
	}
	n, exact := constant.Int64Val(constant.ToInt(c.Value))
	return time.Duration(n), exact
}

// ignoredSends finds calls of Send in a loop, on the handler's own stream,
// after whose failure the loop goes on.
func (info *Info) ignoredSends(f *Frame) []*Site {
	var sites []*Site
	for _, fn := range info.bodies(f) {
		for _, c := range info.streams.In(fn) {
			if c.Op != streams.Send || c.Side != streams.Server || c.Value() == nil || !info.sendsOn(f, c) {
				continue
			}
			loops := info.SSA.Around(c.Instr)
			if len(loops) == 0 {
				continue
			}
			loop := loops[len(loops)-1]
			if err := info.SSA.ErrorOf(c.Value()); err != nil && !info.goesOn(c, loop, err) || info.endsOtherwise(f, loop) || info.endsWithRecv(f, loop) {
				continue
			}
			sites = append(sites, &Site{Kind: IgnoredSend, Frame: f, Instr: c.Instr})
		}
	}
	return sites
}

// sendsOn: a call uses the handler's own stream, by itself or in a helper.
func (info *Info) sendsOn(f *Frame, c *streams.Call) bool {
	return info.derives(f, c.Stream) || len(c.Place.Fields()) == 0 && info.derives(f, c.Place.Root)
}

// goesOn: behind a failed Send, the loop comes back to it on every way.
func (info *Info) goesOn(c *streams.Call, loop *control.Loop, err ssa.Value) bool {
	again, leaves := false, false
	failed := info.SSA.Is(err)
	w := control.Ways[control.ErrorState]{
		Step: func(s control.ErrorState, instr ssa.Instruction) (control.ErrorState, bool) {
			if instr == c.Instr || instr == loop.Header.Instrs[0] {
				again = true
				return s, false
			}
			if !loop.Holds(instr) || info.SSA.NeverReturns(instr) || info.SSA.EndsOn(instr, failed) {
				leaves = true
				return s, false
			}
			return s, true
		},
		Branch: func(s control.ErrorState, cond ssa.Value, outcome bool) (control.ErrorState, bool) {
			return s.Refine(cond, outcome, failed)
		},
	}
	w.After(c.Instr, control.Failed)
	return again && !leaves && onlyReported(err)
}

// onlyReported: an error is compared and passed to functions, and nobody
// keeps it for later.
func onlyReported(err ssa.Value) bool {
	for _, user := range control.Uses(err) {
		switch user := user.(type) {
		case *ssa.BinOp:
		case *ssa.Call:
			if user.Call.Signature().Results().Len() > 0 && !onlyCalled(user, 0) {
				return false // wrapped, collected
			}
		case *ssa.ChangeInterface, *ssa.MakeInterface:
			for _, use := range control.Uses(user.(ssa.Value)) {
				if store, ok := use.(*ssa.Store); ok {
					if _, variadic := store.Addr.(*ssa.IndexAddr); !variadic {
						return false
					}
				}
			}
		default:
			return false // stored, returned, sent to a channel
		}
	}
	return true
}

// onlyCalled: methods of what a call returns are called, as of an entry of a
// log, log.WithError(err).Warn("send"), and nobody has it besides.
func onlyCalled(call *ssa.Call, depth int) bool {
	for _, user := range control.Uses(call) {
		next, ok := user.(*ssa.Call)
		if !ok || next.Call.Signature().Recv() == nil && !next.Call.IsInvoke() {
			return false
		}
		if next.Call.Signature().Results().Len() > 0 && (depth > 5 || !onlyCalled(next, depth+1)) {
			return false
		}
	}
	return true
}

// rangeOf returns the source of what a site does.
func (info *Info) rangeOf(instr ssa.Instruction) (from, to token.Pos) {
	if start, ok := instr.(*ssa.Go); ok {
		return start.Pos(), start.Pos() + token.Pos(len("go"))
	}
	if call, ok := instr.(ssa.CallInstruction); ok {
		if expr := info.SSA.CallExpr(call); expr != nil {
			return expr.Pos(), expr.End()
		}
	}
	return instr.Pos(), instr.Pos()
}

// Range returns the source of what a site does: for goroutines the
// statement, for calls the call.
func (info *Info) Range(s *Site) (from, to token.Pos) { return info.rangeOf(s.Instr) }

// Expr returns the syntax of a site that is a call, or nil.
func (info *Info) Expr(s *Site) *ast.CallExpr {
	if call, ok := s.Instr.(ssa.CallInstruction); ok {
		return info.SSA.CallExpr(call)
	}
	return nil
}
