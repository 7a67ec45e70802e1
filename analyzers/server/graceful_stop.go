package server

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// gracefulStop reports calls of GracefulStop that wait for streams which
// nobody ends.
func gracefulStop(pass *report.Pass) error {
	info := servers(pass)
	if !info.Uses["Server.GracefulStop"] || info.Uses["Server.Stop"] && stopsAtOnce(pass) {
		return nil // nothing waits, or there is a way to stop at once
	}
	for _, s := range info.Servers() {
		stops := s.Does(serving.GracefulStop)
		if len(stops) == 0 || len(s.Does(serving.Stop)) > 0 || s.Escapes || bounds(pass, &s.Options) {
			continue // others may stop it, or connections have an age
		}
		goesOn := lasting(pass, s)
		if goesOn == nil {
			continue // no handler that is known to go on
		}
		for _, stop := range stops {
			call, ok := stop.Instr.(ssa.CallInstruction)
			if !ok || stop.Via {
				continue
			}
			meant := meantToEnd(s, &stop)
			wait := wait{Pass: pass, meant: meant != nil, seen: make(map[*ssa.Function]bool), asked: make(map[*ssa.Function]bool)}
			if goesOn.method == "" && meant == nil || wait.endsOtherwise(call) {
				continue
			}
			expr := info.SSA().CallExpr(call)
			if expr == nil {
				continue
			}
			f := finding.Finding{
				Pos: expr.Pos(), End: expr.End(), Subject: goesOn.method,
				Message: fmt.Sprintf("the shutdown waits for as long as clients like: GracefulStop does not end %s, and nothing calls Stop", goesOn.method),
				Related: []finding.Related{related(pass, "registered here", &goesOn.registration)},
			}
			if meant != nil {
				f.Message = "the shutdown waits for as long as clients like: Stop only comes when GracefulStop has returned"
				f.Related = append(f.Related, related(pass, "comes too late", meant))
			}
			if !s.Options.Known() || goesOn.method == "" {
				f.Severity = rule.Info // an option may bound the age of connections, all streams may be short
			}
			pass.Report("server/graceful-stop", f)
		}
	}
	return nil
}

// stopsAtOnce: somewhere in the package people name Server.Stop for more than
// to call it when GracefulStop has returned.
func stopsAtOnce(pass *report.Pass) bool {
	info := servers(pass)
	afterwards := make(map[*ast.Ident]bool)
	for _, fn := range info.SSA().Funcs {
		for _, d := range info.Does(fn) {
			call, ok := d.Instr.(ssa.CallInstruction)
			if !ok || d.Kind != serving.StopAfterwards {
				continue
			}
			if expr := info.SSA().CallExpr(call); expr != nil {
				if sel, ok := ast.Unparen(expr.Fun).(*ast.SelectorExpr); ok {
					afterwards[sel.Sel] = true
				}
			}
		}
	}
	for id, obj := range pass.TypesInfo.Uses {
		if serving.IsStop(obj) && !afterwards[id] && !pass.InTest(id.Pos()) {
			return true
		}
	}
	return false
}

// meantToEnd returns the Stop behind a GracefulStop by which its author wanted
// to end the wait; nil if there is none.
func meantToEnd(s *serving.Server, stop *serving.Done) *serving.Done {
	for _, d := range s.Does(serving.StopAfterwards) {
		for _, waits := range s.Does(serving.GracefulStop) {
			if !d.Via && *waits.At() == *stop.At() && waits.Instr.Parent() == d.Instr.Parent() {
				return &d
			}
		}
	}
	return nil
}

// A streamer is a service with a stream that goes on until somebody ends it.
type streamer struct {
	method       string // "" if it is not known which do
	registration serving.Done
}

// lasting returns a service of a server that has streams which go on, or may;
// nil if all that is known to be registered ends by itself.
func lasting(pass *report.Pass, s *serving.Server) *streamer {
	var maybe *streamer
	for _, d := range s.Does(serving.Register) {
		if d.IsHealth() || d.IsReflection() {
			continue // few watch these, and who does is no user of the server
		}
		if method := servers(pass).Lasting(&d); method != "" {
			return &streamer{method, d}
		}
		if d.Streams && (d.Impl == nil || types.IsInterface(d.Impl)) && maybe == nil {
			maybe = &streamer{registration: d}
		}
	}
	return maybe
}

// bounds reports whether options give connections an age at which the server
// closes them, or may.
func bounds(pass *report.Pass, options *serving.Options) bool {
	for _, opt := range options.List {
		if opt.Name != "KeepaliveParams" {
			continue
		}
		call := opt.Call()
		if call == nil {
			return true
		}
		params, ok := paramsOf(pass, call)
		if _, grace := params["MaxConnectionAgeGrace"]; !ok || grace {
			return true
		}
	}
	return false
}

// A wait is that of a GracefulStop.
type wait struct {
	*report.Pass
	meant bool // there is a Stop, and its author relies on it
	seen  map[*ssa.Function]bool
	asked map[*ssa.Function]bool // whether handlers are told there
}

// endsOtherwise reports whether something around a call ends the wait that it
// begins, or may: a timer, handlers that are told to end before, a framework
// that calls the function. Whoever calls a function with a Stop that is meant
// to need not think of it.
func (w *wait) endsOtherwise(stop ssa.CallInstruction) bool {
	fn := stop.Parent()
	if _, isDefer := stop.(*ssa.Defer); isDefer {
		return true // runs when Serve has returned, or who knows when
	}
	if w.seen[fn] {
		return false
	}
	w.seen[fn] = true
	if hasTimer(outermost(fn)) {
		return true
	}
	signal := received(fn, stop)
	_, alone := stop.(*ssa.Go)
	if !alone && w.toldBefore(stop, signal) {
		return true
	}
	if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() && w.Pkg.Name() != "main" && !w.meant {
		return true // who calls it may give up on it
	}
	sites, known := servers(w.Pass).SSA().Callers(fn)
	for _, handing := range servers(w.Pass).SSA().Handed(fn) {
		sites, known = append(sites, handing.Call), known || handing.Param.Only
	}
	if fn.Parent() != nil && (len(sites) == 0 || !known) {
		return true // handed to somebody: a framework with a timeout of its own
	}
	return slices.ContainsFunc(sites, func(site ssa.CallInstruction) bool {
		if signal != nil || alone {
			return hasTimer(outermost(site.Parent()))
		}
		return w.endsOtherwise(site)
	})
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
	if local, _ := servers(w.Pass).SSA().Callee(common); local != nil && len(local.Blocks) > 0 {
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
		return !isGRPC(path) && !isRegister(obj)
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

func isGRPC(path string) bool {
	const grpc = "google.golang.org/grpc"
	return path == grpc || len(path) > len(grpc) && path[:len(grpc)+1] == grpc+"/"
}

// isRegister: generated code that registers a service.
func isRegister(obj *types.Func) bool {
	sig := obj.Signature()
	return sig.Recv() == nil && sig.Params().Len() == 2 && sig.Results().Len() == 0 && sig.Params().At(0).Type() != nil && token.IsExported(obj.Name()) &&
		len(obj.Name()) > len("Register") && obj.Name()[:len("Register")] == "Register"
}
