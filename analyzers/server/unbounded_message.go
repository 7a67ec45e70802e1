package server

import (
	"fmt"
	"go/ast"
	"math"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// unboundedMessage reports limits of what is received that are none.
func unboundedMessage(pass *report.Pass) error {
	if !servers(pass).Reaches {
		return nil
	}
	eachGRPCCall(pass, func(call *ast.CallExpr, name string) {
		if len(call.Args) != 1 || pass.InTest(call.Pos()) {
			return // of no option, or its peer is a test
		}
		size, ok := constInt(pass, call.Args[0])
		if !ok || size < math.MaxInt32 {
			return
		}
		f := finding.Finding{Pos: call.Args[0].Pos(), End: call.Args[0].End(), Subject: name}
		switch name {
		case "MaxRecvMsgSize", "MaxMsgSize":
			f.Message = fmt.Sprintf("one request can take all memory of the server: grpc.%s(%s) is no limit", name, short(call.Args[0]))
		case "MaxCallRecvMsgSize", "WithMaxMsgSize":
			// Servers are more to be trusted than clients.
			f.Severity = rule.Info
			f.Message = fmt.Sprintf("one reply can take all memory of the client: grpc.%s(%s) is no limit", name, short(call.Args[0]))
		default:
			return
		}
		pass.Report("server/unbounded-message", f)
	})
	return nil
}
