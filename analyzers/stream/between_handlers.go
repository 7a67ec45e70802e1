package stream

import (
	"fmt"
	"go/token"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/finding"
)

// betweenHandlers finds handlers that send on a stream which others have too,
// without a lock. Handlers of two requests run at the same time:
//
//	func (s *server) Say(ctx context.Context, m *pb.Message) (*pb.Empty, error) {
//		for _, stream := range s.streams {
//			stream.Send(m)
//		}
//		...
//	}
func betweenHandlers(pass *report.Pass, info *streams.Info, reported map[token.Pos]bool) {
	for _, fn := range info.SSA.Funcs {
		h := handlerOf(info, fn)
		if h == noHandler || pass.InTest(fn.Pos()) {
			continue
		}
		uses := info.Uses(fn)
		for i := range uses {
			u := &uses[i]
			if u.Op != streams.Send || u.Call == nil || u.Deferred || u.Awaits || reported[position(info, u)] || !info.Raw(u.Place) {
				continue
			}
			if streams.Exclude(u.Locks, u.Locks) || !shared(info, fn, h, u) {
				continue
			}
			reported[position(info, u)] = true
			pos, end := useRange(info, u)
			pass.Report(concurrentSend.rule, finding.Finding{
				Pos: pos, End: end, Subject: info.Subject(u.Call),
				Message: fmt.Sprintf("handlers of two requests send on %s at the same time: %s is not safe for that", name(info, u.Call), method(u.Call)),
				Related: []finding.Related{{Message: "the handler", Pos: fn.Pos(), End: fn.Pos()}},
			})
		}
	}
}

// A handlerKind says what kind of requests a function handles.
type handlerKind int

const (
	noHandler handlerKind = iota
	unaryHandler
	streamHandler
	httpHandler
)

func handlerOf(info *streams.Info, fn *ssa.Function) handlerKind {
	if obj, ok := fn.Object().(*types.Func); ok {
		if rpc := info.Handler(obj); rpc != nil {
			if rpc.Unary() {
				return unaryHandler
			}
			return streamHandler
		}
	}
	params := fn.Signature.Params()
	if params.Len() != 2 || fn.Signature.Results().Len() > 0 {
		return noHandler
	}
	if types.TypeString(params.At(0).Type(), nil) != "net/http.ResponseWriter" || types.TypeString(params.At(1).Type(), nil) != "*net/http.Request" {
		return noHandler
	}
	if sites, _ := info.SSA.Callers(fn); len(sites) > 0 {
		return noHandler // of a request's own struct, perhaps
	}
	return httpHandler
}

// around: a function literal serves all requests with what the function around
// it has, unless that handles one itself.
func around(info *streams.Info, literal, owner *ssa.Function) bool {
	for fn := literal.Parent(); fn != nil; fn = fn.Parent() {
		if handlerOf(info, fn) != noHandler {
			return false
		}
		if fn == owner {
			return true
		}
	}
	return false
}

// shared: another request's handler gets the same stream.
func shared(info *streams.Info, fn *ssa.Function, h handlerKind, u *streams.Use) bool {
	held, each := streams.Held(u.Place)
	if held && !each && h == streamHandler {
		return false // perhaps the one that the handler has put there
	}
	switch root := u.Place.Root.(type) {
	case *ssa.Global:
		return true
	case *ssa.Parameter:
		if root.Parent() == fn {
			return fn.Signature.Recv() != nil && root == fn.Params[0] && len(u.Place.Fields()) > 0
		}
		return around(info, fn, root.Parent())
	case ssa.Instruction:
		return around(info, fn, root.Parent())
	}
	return false
}
