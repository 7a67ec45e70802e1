package server

import (
	"fmt"
	"go/ast"
	"time"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// pingsAllowed is the time between pings of clients that servers of grpc-go
// allow if nothing else is said.
const pingsAllowed = 5 * time.Minute

// keepalive reports parameters that do not do what they are there for.
func keepalive(pass *report.Pass) error {
	info := servers(pass)
	if !info.Uses["KeepaliveParams"] {
		return nil
	}
	eachKeepaliveParams(pass, func(params *ast.CompositeLit) {
		if age := keyOf(params, "MaxConnectionAge"); age != nil && keyOf(params, "MaxConnectionAgeGrace") == nil {
			pass.Report("server/keepalive", finding.Finding{
				Pos: age.Pos(), End: age.End(), Subject: "MaxConnectionAge",
				Message: "streams keep connections open whatever their age: MaxConnectionAge is set without MaxConnectionAgeGrace",
			})
		}
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
					Message: fmt.Sprintf("clients that ping every %s are disconnected: Time is for pings of the server, theirs need an enforcement policy", say.Duration(time.Duration(d))),
				})
			}
		}
	}
	return nil
}
