package server

import (
	"fmt"
	"time"

	"github.com/grpclint/grpclint/analyzers/internal/program"
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
	eachKeepaliveParams(pass, func(params keepaliveParams) {
		_, grace := params["MaxConnectionAgeGrace"]
		if age := params.at(pass, "MaxConnectionAge"); age != nil && !grace {
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
			params, ok := paramsOf(pass, opt.Call())
			if !ok {
				continue
			}
			every := params.at(pass, "Time")
			if every == nil {
				continue
			}
			if d, ok := program.Duration(params["Time"].Value); ok && d > 0 && d < pingsAllowed {
				pass.Report("server/keepalive", finding.Finding{
					Pos: every.Pos(), End: every.End(), Subject: "Time",
					Message: fmt.Sprintf("clients that ping every %s are disconnected: Time is for pings of the server, theirs need an enforcement policy", say.Duration(d)),
				})
			}
		}
	}
	return nil
}
