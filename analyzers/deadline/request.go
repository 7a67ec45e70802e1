package deadline

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/lifetime"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// requestContext returns the parameter by which a function knows its
// caller's context: a context.Context, an *http.Request, a server's stream.
func requestContext(fn *ssa.Function) *ssa.Parameter {
	for _, p := range fn.Params {
		if p.Name() == "" || strings.HasPrefix(p.Name(), "_") {
			continue // given up on purpose, by the signature
		}
		if requestContextExpr(p) != "" {
			return p
		}
	}
	return nil
}

// requestContextExpr says how to get the request's context from a
// parameter: "ctx", "r.Context()"; "" if it has none.
func requestContextExpr(p *ssa.Parameter) string {
	if stub.IsContext(p.Type()) {
		return p.Name()
	}
	switch types.TypeString(p.Type(), nil) {
	case "*net/http.Request":
		return p.Name() + ".Context()"
	case "*github.com/gin-gonic/gin.Context":
		return p.Name() + ".Request.Context()"
	case "github.com/labstack/echo/v4.Context":
		return p.Name() + ".Request().Context()"
	}
	if isServerStream(p.Type()) {
		return p.Name() + ".Context()"
	}
	return ""
}

// isServerStream: an interface with the methods of grpc.ServerStream.
func isServerStream(t types.Type) bool {
	iface, ok := t.Underlying().(*types.Interface)
	if !ok {
		return false
	}
	has := func(name string) bool {
		obj, _, _ := types.LookupFieldOrMethod(iface, false, nil, name)
		_, isFunc := obj.(*types.Func)
		return isFunc
	}
	return has("Context") && has("SetTrailer") && has("SendMsg")
}

// servesRequest: a function is called for a request, whoever calls it: it
// handles an RPC or is given a request that is more than a context.
func (j *judged) servesRequest(fn *ssa.Function) bool {
	if obj, ok := fn.Object().(*types.Func); ok && j.stubs.Handler(obj) != nil {
		return true
	}
	for _, p := range fn.Params {
		if requestContextExpr(p) != "" && !stub.IsContext(p.Type()) {
			return true
		}
		switch types.TypeString(p.Type(), nil) {
		case "*" + stub.GRPCPath + ".UnaryServerInfo", "*" + stub.GRPCPath + ".StreamServerInfo":
			return true // an interceptor
		}
	}
	return false
}

// ofProcess: what the function does is done for no request, and its caller
// does not go away before it ends: the process or a goroutine does.
func (j *judged) ofProcess(fn *ssa.Function) bool { return j.processWithin(fn, 4) }

func (j *judged) processWithin(fn *ssa.Function, depth int) bool {
	if j.servesRequest(fn) {
		return false
	}
	if fn.Parent() != nil {
		// A literal with a context of its own: who runs it, and when, is
		// known to whoever it is handed to.
		return true
	}
	if isMain(fn) || fn.Synthetic != "" || lifetime.IsCommand(fn.Signature) {
		return true
	}
	for _, l := range loops.Of(fn) {
		if l.Endless() {
			return true // an agent, a worker
		}
	}
	if depth == 0 {
		return false
	}
	sites, _ := j.ssa.Callers(fn)
	for _, site := range sites {
		if _, ok := site.(*ssa.Go); !ok && !j.processWithin(site.Parent(), depth-1) {
			return false
		}
	}
	return len(sites) > 0
}

// isMain: the function with which the process begins.
func isMain(fn *ssa.Function) bool {
	return fn.Signature.Recv() == nil && fn.Name() == "main" && fn.Pkg != nil && fn.Pkg.Pkg.Name() == "main"
}
