package health

import (
	"go/constant"
	"go/types"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/healthstate"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
)

// A service is a health service that the package makes with
// health.NewServer, or lets another package make, and what happens to it.
type service struct {
	program *program.Program
	new     *ssa.Call
	// sets are the calls of SetServingStatus, ends those of Shutdown.
	sets, ends []*ssa.Call
	// registered are the calls that register it.
	registered map[ssa.Instruction]bool
	// escapes: others may do something to it.
	escapes bool
}

// services returns the health services of the package.
func services(pass *report.Pass, info *serving.Info) []*service {
	if !imports(pass, healthstate.Path+"/grpc_health_v1") || !info.MakesServers() {
		return nil // makes no server, or registers no health service
	}
	var list []*service
	for _, fn := range info.SSA().Funcs {
		for call := range program.Calls(fn) {
			s := &service{program: info.SSA(), new: call, registered: make(map[ssa.Instruction]bool)}
			switch real := s.program.Real(call); {
			case real.Name() == healthstate.Path+".NewServer":
				s.program.Follow(call, func(_ ssa.Value, by ssa.Instruction) bool {
					s.used(by)
					return true
				})
				list = append(list, s)
			case real.Call != call && registers(real.Func) && s.isNew(real.Call.Common().Args[1]):
				s.registered[call] = true // where nobody else gets it
				list = append(list, s)
			}
		}
	}
	return list
}

func imports(pass *report.Pass, path string) bool {
	for _, p := range pass.Pkg.Imports() {
		if p.Path() == path {
			return true
		}
	}
	return false
}

// used notes what is done with the service.
func (s *service) used(by ssa.Instruction) {
	call, ok := by.(ssa.CallInstruction)
	if !ok {
		if _, compared := by.(*ssa.BinOp); !compared {
			s.escapes = true
		}
		return
	}
	obj := s.program.Real(call).Func
	switch now, _ := call.(*ssa.Call); {
	case obj == nil:
		s.escapes = true
	case healthstate.IsServer(obj):
		switch obj.Name() {
		case "SetServingStatus":
			if now != nil {
				s.sets = append(s.sets, now)
			}
			s.escapes = s.escapes || now == nil
		case "Shutdown":
			s.ends = append(s.ends, now) // nil if it is deferred, which will do
		case "Resume":
			s.escapes = true
		}
	case registers(obj):
		s.registered[call] = true
	default:
		s.escapes = true
	}
}

func registers(fn *types.Func) bool { return fn != nil && fn.Name() == "RegisterHealthServer" }

// isNew: a value is a health service that is made on the spot.
func (s *service) isNew(v ssa.Value) bool {
	if made, ok := v.(*ssa.MakeInterface); ok {
		v = made.X
	}
	call, ok := v.(*ssa.Call)
	return ok && s.program.Real(call).Name() == healthstate.Path+".NewServer"
}

// says returns what a call of SetServingStatus says, if that is constant.
func (s *service) says(set *ssa.Call) (name string, status int64, ok bool) {
	args := s.program.Real(set).Args
	if len(args) != 3 {
		return "", 0, false
	}
	text, isText := args[1].(*ssa.Const)
	number, isNumber := args[2].(*ssa.Const)
	if !isText || !isNumber || text.Value == nil || number.Value == nil || text.Value.Kind() != constant.String {
		return "", 0, false
	}
	return constant.StringVal(text.Value), number.Int64(), true
}

// isServing is HealthCheckResponse_SERVING.
const isServing = 1

// registeredOn returns the servers of the package on which a health service is
// registered.
func (s *service) registeredOn(servers []*serving.Server) []*serving.Server {
	var list []*serving.Server
	for _, server := range servers {
		for _, d := range server.Does(serving.Register) {
			if d.IsHealth() && s.registered[d.Instr] {
				list = append(list, server)
				break
			}
		}
	}
	return list
}

// business are the registrations of other services than those about the
// server itself.
func business(server *serving.Server) []serving.Done {
	var list []serving.Done
	for _, d := range server.Does(serving.Register) {
		if !d.IsHealth() && !d.IsReflection() && d.Service != "" {
			list = append(list, d)
		}
	}
	return list
}

// at begins a finding about a call.
func at(x *program.Program, call ssa.CallInstruction, subject string) (finding.Finding, bool) {
	expr := x.CallExpr(call)
	if expr == nil {
		return finding.Finding{}, false // made by the compiler
	}
	return finding.Finding{Pos: expr.Pos(), End: expr.End(), Subject: subject}, true
}
