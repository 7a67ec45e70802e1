package dial

import (
	"go/types"
	"regexp"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
)

// freshOf are the results of functions of frameworks that hand out a connection, or
// something with one in it: zrpc's code does not show that in one place, and how
// kratos comes to it is nobody's business.
//
// Sources: https://pkg.go.dev/github.com/zeromicro/go-zero/zrpc,
// https://pkg.go.dev/github.com/go-kratos/kratos/v2/transport/grpc.
func freshOf(fn *types.Func) []Result {
	if fn == nil || fn.Signature().Recv() != nil {
		return nil
	}
	switch packagePath(fn.Pkg()) {
	case "github.com/zeromicro/go-zero/zrpc":
		switch fn.Name() {
		case "MustNewClient", "NewClient", "NewClientWithTarget":
			return []Result{{0, Owner}}
		}
	case "github.com/go-kratos/kratos/v2/transport/grpc":
		switch fn.Name() {
		case "Dial", "DialInsecure":
			return []Result{{0, Conn}}
		}
	}
	return nil
}

// givesConn reports whether fn is the method by which such a thing gives its
// connection.
func givesConn(fn *types.Func) bool {
	return fn != nil && packagePath(fn.Pkg()) == "github.com/zeromicro/go-zero/zrpc" && fn.Name() == "Conn" && fn.Signature().Recv() != nil
}

// PluginPath is the package of plugins that are processes of their own.
const PluginPath = "github.com/hashicorp/go-plugin"

// IsBroker reports whether t is what dials from one side of a plugin to the other.
//
// Source: https://pkg.go.dev/github.com/hashicorp/go-plugin#GRPCBroker.
func IsBroker(t types.Type) bool {
	path, name := named(t)
	return path == PluginPath && name == "GRPCBroker"
}

// DialsBroker reports whether fn dials a server that the other side of a plugin
// has made for one call, under a number of its own: nobody can keep the connection
// for the next.
func DialsBroker(fn *types.Func) bool {
	return fn != nil && fn.Signature().Recv() != nil && IsBroker(fn.Signature().Recv().Type()) &&
		(fn.Name() == "Dial" || fn.Name() == "DialWithOptions")
}

// gatewayRegistration is the name of what protoc-gen-grpc-gateway makes for each
// service to have a gateway with a connection of its own, which is closed when
// the context ends.
//
// Source: https://grpc-ecosystem.github.io/grpc-gateway/docs/operations/annotated_context.
var gatewayRegistration = regexp.MustCompile(`^Register\w+HandlerFromEndpoint$`)

// registersGateway reports whether fn is such a function:
// func(context.Context, *runtime.ServeMux, string, []grpc.DialOption) error.
func registersGateway(fn *types.Func) bool {
	if fn == nil || !gatewayRegistration.MatchString(fn.Name()) {
		return false
	}
	params := fn.Signature().Params()
	if params.Len() != 4 {
		return false
	}
	path, name := named(params.At(1).Type())
	return name == "ServeMux" && strings.HasPrefix(path, "github.com/grpc-ecosystem/grpc-gateway/") && strings.HasSuffix(path, "/runtime")
}

// gatewaysIn returns the connections of gateways that each call of fn registers.
func (e *engine) gatewaysIn(fn *ssa.Function) []openPath {
	var paths []openPath
	for call := range program.Calls(fn) {
		_, obj := e.callee(&call.Call)
		if !registersGateway(obj) || e.guarded(call, nil) {
			continue
		}
		paths = append(paths, openPath{
			Path:   Path{Dial: e.remote(call.Pos(), call.Pos()), Opener: openerName(fn, obj), Chain: []string{Name(fn)}},
			target: e.targets.Of(call.Call.Args[2]), call: call, fn: fn,
		})
	}
	return paths
}

// openerName names a function of the same or another package.
func openerName(in *ssa.Function, obj *types.Func) string {
	if in.Pkg != nil && in.Pkg.Pkg == obj.Pkg() {
		return obj.Name()
	}
	return obj.Pkg().Name() + "." + obj.Name()
}
