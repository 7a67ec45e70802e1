package server

import (
	"fmt"
	"go/ast"
	"time"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// zeroLimit reports limits of zero, and below, that mean something else than
// no limit, or the other way round.
func zeroLimit(pass *report.Pass) error {
	if !servers(pass).Reaches {
		return nil
	}
	eachGRPCCall(pass, func(call *ast.CallExpr, name string) {
		if len(call.Args) != 1 {
			return
		}
		limit, ok := constInt(pass, call.Args[0])
		if !ok || limit > 0 {
			return
		}
		f := finding.Finding{Pos: call.Args[0].Pos(), End: call.Args[0].End(), Subject: name}
		switch name {
		case "ConnectionTimeout":
			f.Message = fmt.Sprintf("every RPC is UNAVAILABLE: connections are closed before they are set up, by a timeout of %s", say.Duration(time.Duration(limit)))
		case "MaxRecvMsgSize", "MaxSendMsgSize", "MaxMsgSize":
			f.Message = fmt.Sprintf("every RPC with a message that is not empty is RESOURCE_EXHAUSTED: grpc.%s allows %d bytes", name, max(limit, 0))
		case "MaxConcurrentStreams":
			f.Severity = rule.Info
			f.Message = "there is no limit of concurrent streams: grpc.MaxConcurrentStreams takes 0 for none"
		default:
			return
		}
		pass.Report("server/zero-limit", f)
	})
	return nil
}
