package streams

import (
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A Life says how long a context, and so a stream, lives.
type Life struct {
	Kind LifeKind
	Is   string // as the code says it: "context.Background()"
}

// A LifeKind tells lives apart.
type LifeKind uint8

// Lives.
const (
	UnknownLife LifeKind = iota
	Endless              // as long as the process
	Callers              // as the caller's context says
)

// maxContexts bounds how many contexts are made of each other.
const maxContexts = 20

// LifeOf follows the context of a stream to where it is made. A context that
// somebody can cancel ends the stream, as far as one can see.
func (info *Info) LifeOf(open *Call) Life {
	if w := open.wrapped; w != nil && w.remote != nil && w.remote.Life.Kind == Endless {
		return w.remote.Life
	}
	ctx := info.context(open)
	for range maxContexts {
		if ctx.IsZero() || len(ctx.Fields()) > 0 {
			return Life{}
		}
		var from ssa.Value
		switch v := ctx.Root.(type) {
		case *ssa.Parameter:
			return Life{Callers, v.Name()}
		case *ssa.Extract:
			call, ok := v.Tuple.(*ssa.Call)
			if !ok || v.Index != 0 || control.Result(call, 1) != nil {
				return Life{} // somebody holds the cancel function
			}
			switch FuncOf(call, "context") {
			case "WithCancel", "WithCancelCause":
				from = call.Call.Args[0]
			default:
				return Life{} // it has a deadline, or who knows
			}
		case *ssa.Call:
			switch name := FuncOf(v, "context"); name {
			case "Background", "TODO":
				return Life{Endless, "context." + name + "()"}
			case "WithoutCancel":
				return Life{Endless, "context.WithoutCancel"}
			case "WithValue":
			default:
				if !addsMetadata(v) {
					return Life{}
				}
			}
			from = v.Call.Args[0]
		default:
			return Life{}
		}
		ctx = info.asCaller(open, info.Place(from))
	}
	return Life{}
}

// addsMetadata: metadata.AppendToOutgoingContext and its like.
func addsMetadata(call *ssa.Call) bool {
	return strings.HasSuffix(FuncOf(call, stub.GRPCPath+"/metadata"), "OutgoingContext")
}

// FuncOf returns the name of a called function if it belongs to a package.
func FuncOf(call *ssa.Call, path string) string {
	fn := program.CalledObject(&call.Call)
	if fn == nil || fn.Pkg() == nil || fn.Pkg().Path() != path || fn.Signature().Recv() != nil {
		return ""
	}
	return fn.Name()
}
