package retryshape

import (
	"go/token"
	"go/types"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/request"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A Sleep is a call of time.Sleep in a loop that makes an RPC: a retry or a
// poll.
type Sleep struct {
	Call    *ssa.Call
	RPC     *request.RPC
	Context string // the name of the context that the RPC is made with
}

// minSleep is the shortest constant sleep that is worth a finding: after a
// shorter one, the next attempt fails at once if the context is over, and
// nobody has waited for long.
const minSleep = time.Second

// noteSleeps finds the sleeps of a loop that tries again, or asks until the
// answer is the awaited one. One that works on after success is a worker
// with a rhythm of its own.
func (sh *shapes) noteSleeps(shape *Shape, r *request.Request) {
	if shape.Retried&codeflow.OK != 0 || shape.Retried|shape.Doubtful == 0 {
		return
	}
	name := contextName(r, shape.Loop)
	if name == "" {
		return
	}
	for call := range program.Calls(r.Call.Parent()) {
		if sh.Program.Innermost(call.Block()) != shape.Loop {
			continue
		}
		if obj := program.CalledObject(&call.Call); obj == nil || codeflow.Qualified(obj) != "time.Sleep" {
			continue
		}
		if n, ok := codeflow.ConstInt(call.Call.Args[0]); ok && time.Duration(n) < minSleep {
			continue
		}
		if !slices.ContainsFunc(sh.sleeps, func(known *Sleep) bool { return known.Call == call }) {
			sh.sleeps = append(sh.sleeps, &Sleep{Call: call, RPC: r.RPC, Context: name})
		}
	}
}

// contextName returns the name of the variable from which the RPC's context
// comes and that is in reach of the whole loop; "" for a context that never
// ends, or that has no name.
func contextName(r *request.Request, l *loops.Loop) string {
	v := r.Context
	for range 10 {
		switch x := v.(type) {
		case *ssa.Parameter:
			if stub.IsContext(x.Type()) && x.Name() != "_" {
				return x.Name()
			}
			return ""
		case *ssa.FreeVar:
			if p, ok := x.Type().(*types.Pointer); ok && stub.IsContext(p.Elem()) {
				return x.Name()
			}
			return ""
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return ""
			}
			v = x.X
			continue
		case *ssa.Alloc:
			if p, ok := x.Type().(*types.Pointer); ok && stub.IsContext(p.Elem()) && x.Comment != "" && !l.Blocks[x.Block()] {
				return x.Comment // captured by a literal
			}
			return ""
		case *ssa.Extract:
			call, ok := x.Tuple.(*ssa.Call)
			if !ok || len(call.Call.Args) == 0 {
				return ""
			}
			// context.WithTimeout(ctx, ...): that one may end as well.
			v = call.Call.Args[0]
			continue
		case *ssa.Call:
			if len(x.Call.Args) > 0 && stub.IsContext(x.Call.Args[0].Type()) {
				v = x.Call.Args[0]
				continue
			}
			return ""
		}
		return ""
	}
	return ""
}

// deadlineBefore returns the call outside of the region that gives a context
// its deadline, if what happens to it in between adds no other.
func (sh *shapes) deadlineBefore(v ssa.Value, rg request.Region) *ssa.Call {
	for range 10 {
		if v == nil {
			return nil
		}
		v = sh.Root(v)
		if alloc, ok := v.(*ssa.Alloc); ok {
			v = nil
			// ctx, cancel := context.WithTimeout(ctx, ...) writes to
			// the parameter.
			for _, stored := range sh.Program.HeldIn(alloc).Values {
				if _, isParam := stored.(*ssa.Parameter); isParam {
					continue
				}
				if v != nil {
					return nil
				}
				v = stored
			}
		}
		if extract, ok := v.(*ssa.Extract); ok && extract.Index == 0 {
			v = extract.Tuple
		}
		call, ok := v.(*ssa.Call)
		if !ok {
			return nil
		}
		obj := program.CalledObject(call.Common())
		if obj == nil {
			return nil
		}
		switch codeflow.Qualified(obj) {
		case "context.WithTimeout", "context.WithDeadline", "context.WithTimeoutCause", "context.WithDeadlineCause":
			if rg.Holds(call) {
				return nil // for one attempt
			}
			return call
		case "context.WithValue", "context.WithCancel", "context.WithCancelCause",
			"google.golang.org/grpc/metadata.AppendToOutgoingContext", "google.golang.org/grpc/metadata.NewOutgoingContext":
			v = call.Call.Args[0]
		default:
			return nil
		}
	}
	return nil
}

// neverEnds: the context comes from context.Background() or TODO(), with
// values added at most.
func (sh *shapes) neverEnds(v ssa.Value) bool {
	for range 10 {
		v = sh.Root(v)
		call, ok := v.(*ssa.Call)
		if !ok {
			return false
		}
		obj := program.CalledObject(call.Common())
		if obj == nil || obj.Pkg() == nil {
			return false
		}
		switch path, name := obj.Pkg().Path(), obj.Name(); {
		case path == "context" && (name == "Background" || name == "TODO" || name == "WithoutCancel"):
			return true
		case path == "context" && name == "WithValue", path == "google.golang.org/grpc/metadata" && strings.HasSuffix(name, "OutgoingContext"):
			v = call.Call.Args[0]
		default:
			return false
		}
	}
	return false
}
