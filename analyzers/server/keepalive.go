package server

import (
	"fmt"
	"go/ast"
	"time"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// Defaults of grpc-go.
const (
	pingsAllowed = 5 * time.Minute // between pings of clients
	leastTimeout = time.Second     // below, a pause of a network is the end of a connection
)

// keepalive reports parameters that do not do what they are there for.
func keepalive(pass *report.Pass) error {
	info := servers(pass)
	if !info.Uses["KeepaliveParams"] {
		return nil
	}
	eachGRPCCall(pass, func(call *ast.CallExpr, name string) {
		if name != "KeepaliveParams" || len(call.Args) != 1 {
			return
		}
		lit := literalOf(call.Args[0])
		if lit == nil {
			return // made elsewhere
		}
		if age := keyOf(lit, "MaxConnectionAge"); age != nil && keyOf(lit, "MaxConnectionAgeGrace") == nil {
			pass.Report("server/keepalive", finding.Finding{
				Pos: age.Pos(), End: age.End(), Subject: "MaxConnectionAge",
				Message: "streams keep connections open whatever their age: MaxConnectionAge is set without MaxConnectionAgeGrace",
			})
		}
		timeout := keyOf(lit, "Timeout")
		if timeout == nil {
			return
		}
		f := finding.Finding{Pos: timeout.Pos(), End: timeout.End(), Subject: "Timeout"}
		d, ok := constInt(pass, timeout)
		switch {
		case keyOf(lit, "Time") == nil:
			f.Message = "dead connections are found after 2h only: Timeout counts from a ping, and Time, which is not set, is between pings"
		case ok && d > 0 && time.Duration(d) < leastTimeout:
			f.Message = fmt.Sprintf("clients on a slow network lose their connections: the server waits %s for the answer to a ping", time.Duration(d))
		default:
			return
		}
		pass.Report("server/keepalive-timeout", f)
	})
	for _, s := range info.Servers() {
		if !s.Options.Known() || s.Options.Has("KeepaliveEnforcementPolicy") {
			continue // pings are allowed, or may be
		}
		for _, opt := range s.Options.List {
			if opt.Name != "KeepaliveParams" || opt.Call() == nil {
				continue
			}
			expr := info.SSA().CallExpr(opt.Call())
			if expr == nil || len(expr.Args) != 1 || literalOf(expr.Args[0]) == nil {
				continue
			}
			every := keyOf(literalOf(expr.Args[0]), "Time")
			if every == nil {
				continue
			}
			if d, ok := constInt(pass, every); ok && d > 0 && time.Duration(d) < pingsAllowed {
				pass.Report("server/keepalive", finding.Finding{
					Pos: every.Pos(), End: every.End(), Subject: "Time",
					Message: fmt.Sprintf("clients that ping every %s are disconnected: Time is for pings of the server, theirs need an enforcement policy", time.Duration(d)),
				})
			}
		}
	}
	return nil
}
