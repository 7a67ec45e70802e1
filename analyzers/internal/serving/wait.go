package serving

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A wait is that of a GracefulStop.
type wait struct {
	*engine
	meant bool // there is a Stop, and its author relies on it
	seen  map[*ssa.Function]bool
	asked map[*ssa.Function]bool // whether handlers are told there
}

func (e *engine) wait(meant bool) *wait {
	return &wait{e, meant, make(map[*ssa.Function]bool), make(map[*ssa.Function]bool)}
}

// EndsOtherwise reports whether something around a GracefulStop, or a call that
// leads to one, ends its wait, or may: a timer, handlers that are told to end
// before, a framework that calls the function. Whoever calls a function with a
// Stop that is meant to end it need not think of that.
func (info *Info) EndsOtherwise(stop ssa.CallInstruction, meant bool) bool {
	return info.engine().wait(meant).endsOtherwise(stop)
}

// endsHere: something in the function itself does.
func (w *wait) endsHere(stop ssa.CallInstruction) bool {
	switch stop.(type) {
	case *ssa.Defer:
		return true // runs when Serve has returned, or who knows when
	case *ssa.Go:
		return hasTimer(program.Outermost(stop.Parent()))
	}
	return hasTimer(program.Outermost(stop.Parent())) || w.toldBefore(stop, received(stop.Parent(), stop))
}

func (w *wait) endsOtherwise(stop ssa.CallInstruction) bool {
	fn := stop.Parent()
	if w.seen[fn] {
		return false
	}
	w.seen[fn] = true
	if w.endsHere(stop) {
		return true
	}
	if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() && w.pass.Pkg.Name() != "main" && !w.meant {
		return true // who calls it may give up on it
	}
	sites, known := w.Callers(fn)
	for _, handing := range w.Handed(fn) {
		if isActors(program.CalledObject(handing.Call.Common())) {
			return w.interruptedBefore(handing.Call)
		}
		sites, known = append(sites, handing.Call), known || handing.Param.Only
	}
	if fn.Parent() != nil && (len(sites) == 0 || !known) {
		return true // handed to somebody: a framework with a timeout of its own
	}
	return slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
		if _, alone := stop.(*ssa.Go); alone || received(fn, stop) != nil {
			return hasTimer(program.Outermost(site.Parent()))
		}
		return w.endsOtherwise(site)
	})
}

// isActors: the method Add of oklog/run's Group, which calls the second functions
// of all that it is given, one after the other, and waits for each.
func isActors(obj *types.Func) bool {
	return obj != nil && obj.FullName() == "(*github.com/oklog/run.Group).Add"
}

// interruptedBefore: of what a group was given before, something may tell
// handlers to end, or it is not known what that is; or others may give up on the
// whole.
func (w *wait) interruptedBefore(add ssa.CallInstruction) bool {
	fn := add.Parent()
	if fn.Parent() != nil || fn.Object().Exported() && w.pass.Pkg.Name() != "main" {
		return true
	}
	for before := range program.Calls(fn) {
		if before == add || !isActors(program.CalledObject(&before.Call)) || !control.Reaches(before, add, nil) {
			continue
		}
		interrupt := place.Literal(program.SignatureArg(before, 1))
		if interrupt == nil || w.mayTell(interrupt) {
			return true
		}
	}
	return false
}

// hasTimer: something in a function may end a wait.
func hasTimer(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Select:
				return true
			case ssa.CallInstruction:
				if isTimer(instr) {
					return true
				}
			}
		}
	}
	return slices.ContainsFunc(fn.AnonFuncs, hasTimer)
}

// toldBefore: handlers may be told to end between the signal to stop, or else
// the beginning of the function, and the stop.
func (w *wait) toldBefore(stop, signal ssa.Instruction) bool {
	for _, block := range stop.Parent().Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if ok && instr != stop && control.Reaches(instr, stop, nil) && (signal == nil || control.Reaches(signal, instr, nil)) && w.tellsToEnd(call) {
				return true
			}
		}
	}
	return false
}

// received returns what a function waits for before it stops the server, such
// as a signal: what comes before that has to do with the start.
func received(fn *ssa.Function, stop ssa.Instruction) ssa.Instruction {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if recv, ok := instr.(*ssa.UnOp); ok && recv.Op == token.ARROW && control.Dominates(recv, stop) {
				return recv
			}
		}
	}
	return nil
}

func isTimer(call ssa.CallInstruction) bool {
	obj := program.CalledObject(call.Common())
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	switch obj.Pkg().Path() {
	case "time":
		return obj.Name() == "After" || obj.Name() == "AfterFunc" || obj.Name() == "NewTimer"
	case "context":
		return obj.Name() == "WithTimeout" || obj.Name() == "WithDeadline" || obj.Name() == "WithTimeoutCause" || obj.Name() == "WithDeadlineCause"
	}
	return false
}

// tellsToEnd reports whether a call before the stop may make handlers end:
// it closes a channel, cancels a context, or calls something of one's own
// that may. Logs, signals and grpc-go's own packages do not.
func (w *wait) tellsToEnd(call ssa.CallInstruction) bool {
	common := call.Common()
	if b, ok := common.Value.(*ssa.Builtin); ok {
		return b.Name() == "close"
	}
	if local, _ := w.Callee(common); local != nil && len(local.Blocks) > 0 {
		return w.mayTell(local)
	}
	obj := program.CalledObject(common)
	if obj == nil || obj.Pkg() == nil {
		return true // a cancel function, or something that is not known
	}
	switch path := obj.Pkg().Path(); path {
	case "log", "log/slog", "fmt", "os/signal", "os", "net", "flag", "time", "errors", "strings", "strconv":
		return false
	case "sync":
		return obj.Name() == "Do"
	default:
		return path != stub.GRPCPath && !strings.HasPrefix(path, stub.GRPCPath+"/") && !w.registersService(obj)
	}
}

// mayTell: a function of the package calls something by which handlers may be
// told, or leaves a note for them.
func (w *wait) mayTell(fn *ssa.Function) bool {
	if w.asked[fn] {
		return false
	}
	w.asked[fn] = true
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send, *ssa.MapUpdate:
				return true
			case *ssa.Store:
				addr := instr.Addr
				if field, ok := addr.(*ssa.FieldAddr); ok {
					addr = field.X
				}
				if _, fresh := addr.(*ssa.Alloc); !fresh {
					return true
				}
			case ssa.CallInstruction:
				if w.tellsToEnd(instr) {
					return true
				}
			}
		}
	}
	return false
}
