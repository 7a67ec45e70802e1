package server

import (
	"fmt"
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// gracefulStop reports calls of GracefulStop that wait for streams which
// nobody ends.
func gracefulStop(pass *report.Pass) error {
	info := servers(pass)
	if !info.MakesServers() || info.Uses["Server.Stop"] && stopsAtOnce(pass) {
		return nil // nothing waits, or there is a way to stop at once
	}
	for _, s := range info.Servers() {
		stops := s.Does(serving.GracefulStop)
		if len(stops) == 0 || len(s.Does(serving.Stop)) > 0 || s.Escapes || bounds(pass, &s.Options) {
			continue // others may stop it, or connections have an age
		}
		goesOn := lasting(pass, s)
		if goesOn == nil {
			continue // no handler that is known to go on
		}
		for _, stop := range stops {
			call, ok := stop.Instr.(ssa.CallInstruction)
			if !ok || stop.Via && !stop.Elsewhere {
				continue // what is done by way of a function here is looked at there
			}
			meant := meantToEnd(s, &stop)
			if goesOn.method == "" && meant == nil || !stop.Plain || info.EndsOtherwise(call, meant != nil) {
				continue
			}
			expr := info.SSA().CallExpr(call)
			if expr == nil {
				continue
			}
			f := finding.Finding{
				Pos: expr.Pos(), End: expr.End(), Subject: goesOn.method,
				Message: fmt.Sprintf("the shutdown waits for as long as clients like: GracefulStop does not end %s, and nothing calls Stop", goesOn.method),
				Related: []finding.Related{related(pass, "registered here", &goesOn.registration)},
			}
			if meant != nil {
				f.Message = "the shutdown waits for as long as clients like: Stop only comes when GracefulStop has returned"
				f.Related = append(f.Related, related(pass, "comes too late", meant))
			}
			if !s.Options.Known() || goesOn.method == "" {
				f.Severity = rule.Info // an option may bound the age of connections, all streams may be short
			}
			pass.Report("server/graceful-stop", f)
		}
	}
	return nil
}

// stopsAtOnce: somewhere in the package people name Server.Stop for more than
// to call it when GracefulStop has returned.
func stopsAtOnce(pass *report.Pass) bool {
	info := servers(pass)
	afterwards := make(map[*ast.Ident]bool)
	for _, fn := range info.SSA().Funcs {
		for _, d := range info.Does(fn) {
			call, ok := d.Instr.(ssa.CallInstruction)
			if !ok || d.Kind != serving.StopAfterwards {
				continue
			}
			if expr := info.SSA().CallExpr(call); expr != nil {
				if sel, ok := ast.Unparen(expr.Fun).(*ast.SelectorExpr); ok {
					afterwards[sel.Sel] = true
				}
			}
		}
	}
	for id, obj := range pass.TypesInfo.Uses {
		if serving.IsStop(obj) && !afterwards[id] && !pass.InTest(id.Pos()) {
			return true
		}
	}
	return false
}

// meantToEnd returns the Stop behind a GracefulStop by which its author wanted
// to end the wait; nil if there is none.
func meantToEnd(s *serving.Server, stop *serving.Done) *serving.Done {
	for _, d := range s.Does(serving.StopAfterwards) {
		for _, waits := range s.Does(serving.GracefulStop) {
			if !d.Via && *waits.At() == *stop.At() && waits.Instr.Parent() == d.Instr.Parent() {
				return &d
			}
		}
	}
	return nil
}

// A streamer is a service with a stream that goes on until somebody ends it.
type streamer struct {
	method       string // "" if it is not known which do
	registration serving.Done
}

// lasting returns a service of a server that has streams which go on, or may;
// nil if all that is known to be registered ends by itself.
func lasting(pass *report.Pass, s *serving.Server) *streamer {
	var maybe *streamer
	for _, d := range s.Does(serving.Register) {
		if d.IsHealth() || d.IsReflection() {
			continue // few watch these, and who does is no user of the server
		}
		if method := servers(pass).Lasting(&d); method != "" {
			return &streamer{method, d}
		}
		if d.Streams && (d.Impl == nil || types.IsInterface(d.Impl)) && maybe == nil {
			maybe = &streamer{registration: d}
		}
	}
	return maybe
}

// bounds reports whether options give connections an age at which the server
// closes them, or may.
func bounds(pass *report.Pass, options *serving.Options) bool {
	for _, opt := range options.List {
		if opt.Name != "KeepaliveParams" {
			continue
		}
		call := opt.Call()
		if call == nil {
			return true
		}
		params, ok := paramsOf(pass, call)
		if _, grace := params["MaxConnectionAgeGrace"]; !ok || grace {
			return true
		}
	}
	return false
}
