package health

import (
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// premature reports health services that can be asked, and say SERVING, before
// the server whose health it is listens:
//
//	go probes.Serve(probeListener)
//	listener, err := net.Listen("tcp", address)
//	api.Serve(listener)
func premature(pass *report.Pass) error {
	info := pass.ResultOf[serving.Analyzer].(*serving.Info).Copy()
	found := services(pass, info)
	if len(found) == 0 {
		return nil
	}
	servers := info.Servers()
	for _, s := range found {
		if s.escapes {
			continue
		}
		on := s.registeredOn(servers)
		for _, server := range servers {
			if contains(on, server) || server.Escapes || len(business(server)) == 0 {
				continue // answers for itself: who cannot reach it cannot ask
			}
			if judgePremature(pass, info, s, on, server) {
				break
			}
		}
	}
	return nil
}

func contains(list []*serving.Server, server *serving.Server) bool {
	for _, s := range list {
		if s.New == server.New {
			return true
		}
	}
	return false
}

func judgePremature(pass *report.Pass, info *serving.Info, s *service, on []*serving.Server, server *serving.Server) bool {
	listen := listens(info, server)
	if listen == nil {
		return false // it is not seen where it begins to listen
	}
	for _, probes := range on {
		for _, run := range probes.Does(serving.ServeInBackground) {
			if run.Instr.Parent() != listen.Parent() || !control.Dominates(run.Instr, listen) {
				continue
			}
			said := s.servingBefore(info.SSA(), run.Instr, listen)
			if said == nil {
				continue
			}
			f, ok := at(info.SSA(), said, "SERVING")
			if !ok {
				continue
			}
			f.Message = "clients are sent here too early: this says SERVING, and can be asked, before the server listens"
			if said == s.new {
				f.Message = "clients are sent here too early: a new health service says SERVING, and can be asked, before the server listens"
			}
			f.Related = []finding.Related{
				{Message: "can be asked from here on", Pos: run.Instr.Pos(), End: run.Instr.Pos() + 1},
				{Message: "listens here", Pos: listen.Pos(), End: listen.Pos() + 1},
			}
			pass.Report("health/premature", f)
			return true
		}
	}
	return false
}

// servingBefore returns the call by which the service says SERVING before the
// server listens, whatever way led there; nil if none is known.
func (s *service) servingBefore(x *program.Program, run, listen ssa.Instruction) *ssa.Call {
	quiet := false // something else than SERVING is said in time
	var explicit *ssa.Call
	for _, set := range s.sets {
		name, status, ok := s.says(set)
		if !ok {
			return nil // who knows what it says
		}
		before := slices.ContainsFunc(x.SurelyAt(listen.Parent(), set), func(at ssa.Instruction) bool { return control.Dominates(at, listen) })
		switch {
		case status == isServing && before && explicit == nil:
			explicit = set
		case status != isServing && name == "" && (set.Parent() != listen.Parent() || control.Dominates(set, run)):
			quiet = true
		}
	}
	if explicit != nil {
		return explicit
	}
	if quiet || len(s.ends) > 0 && s.endsBefore(listen) {
		return nil
	}
	if s.new.Parent() == listen.Parent() && !control.Dominates(s.new, listen) {
		return nil
	}
	for _, set := range s.sets {
		if name, _, _ := s.says(set); name != "" {
			return nil // names are what is asked for
		}
	}
	return s.new
}

// endsBefore: Shutdown is called, perhaps to begin with.
func (s *service) endsBefore(listen ssa.Instruction) bool {
	for _, end := range s.ends {
		if end != nil && end.Parent() == listen.Parent() && control.Dominates(end, listen) {
			return true
		}
	}
	return false
}

// listens returns the call of net.Listen whose listener the server serves on,
// if there is one.
func listens(info *serving.Info, server *serving.Server) *ssa.Call {
	var listen *ssa.Call
	resolver := place.NewResolver(info.SSA())
	for _, kind := range []serving.Kind{serving.Serve, serving.ServeInBackground} {
		for _, d := range server.Does(kind) {
			call := serveCall(info, d.Instr)
			if d.Via && !d.Elsewhere {
				continue // the function that does it is looked at itself
			}
			if call == nil || d.Via {
				return nil // a function of somebody else's
			}
			p := resolver.Of(call.Common().Args[1])
			e, ok := p.Root.(*ssa.Extract)
			if !ok || len(p.Fields()) > 0 {
				return nil
			}
			made, ok := e.Tuple.(*ssa.Call)
			if !ok || !isListen(made) || listen != nil && listen != made {
				return nil
			}
			listen = made
		}
	}
	return listen
}

// serveCall returns the call of Serve that an instruction makes, or starts a
// goroutine for.
func serveCall(info *serving.Info, instr ssa.Instruction) ssa.CallInstruction {
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		return nil
	}
	if isServe(info, call) {
		return call
	}
	literal := place.Literal(call.Common().Value)
	if literal == nil {
		return nil
	}
	for _, block := range literal.Blocks {
		for _, inner := range block.Instrs {
			if c, ok := inner.(ssa.CallInstruction); ok && isServe(info, c) {
				return c
			}
		}
	}
	return nil
}

func isServe(info *serving.Info, call ssa.CallInstruction) bool {
	_, obj := info.SSA().Callee(call.Common())
	return obj != nil && obj.Name() == "Serve" && obj.Pkg() != nil && obj.Pkg().Path() == stub.GRPCPath && len(call.Common().Args) == 2
}

func isListen(call *ssa.Call) bool {
	fn := call.Call.StaticCallee()
	if fn == nil || fn.Object() == nil || fn.Object().Pkg() == nil || fn.Object().Pkg().Path() != "net" {
		return false
	}
	return fn.Name() == "Listen" || fn.Name() == "ListenTCP"
}
