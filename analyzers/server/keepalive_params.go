package server

import (
	"go/ast"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
)

// keepaliveParams are the fields of what is given to grpc.KeepaliveParams, by
// name.
type keepaliveParams map[string]program.FieldValue

// at returns the expression that a field is given, nil if it is not set, or
// that is nowhere to be seen.
func (p keepaliveParams) at(pass *report.Pass, field string) ast.Expr {
	value, ok := p[field]
	if !ok {
		return nil
	}
	return syntax.Of(pass.Pass).Value(value.Pos)
}

// paramsOf returns what a call of grpc.KeepaliveParams is given; false if that
// cannot be seen.
func paramsOf(pass *report.Pass, call *ssa.Call) (keepaliveParams, bool) {
	if len(call.Call.Args) != 1 {
		return nil, false
	}
	return servers(pass).SSA().Fields(call.Call.Args[0])
}

// eachKeepaliveParams visits what is given to grpc.KeepaliveParams.
func eachKeepaliveParams(pass *report.Pass, visit func(params keepaliveParams)) {
	if !servers(pass).Uses["KeepaliveParams"] {
		return
	}
	for instr := range servers(pass).SSA().Instructions {
		call, ok := instr.(*ssa.Call)
		if !ok || !syntax.Of(pass.Pass).Written(call.Pos()) {
			continue
		}
		fn := program.CalledObject(&call.Call)
		if fn == nil || fn.Name() != "KeepaliveParams" || !dial.IsGRPC(fn) {
			continue
		}
		if params, ok := paramsOf(pass, call); ok {
			visit(params)
		}
	}
}
