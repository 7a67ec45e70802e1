package health

import (
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
)

// unset reports health services that know nothing of the services beside them.
func unset(pass *report.Pass) error {
	info := pass.ResultOf[serving.Analyzer].(*serving.Info).Copy()
	found := services(pass, info)
	if len(found) == 0 {
		return nil
	}
	servers := info.Servers()
	for _, s := range found {
		if s.escapes || s.named() {
			continue
		}
		for _, server := range s.registeredOn(servers) {
			beside := business(server)
			if len(beside) == 0 || server.Escapes {
				continue // others may register and tell more
			}
			for instr := range s.registered {
				f, ok := at(info.SSA(), asCall(instr), beside[0].Service)
				if !ok {
					continue
				}
				f.Message = "who asks for the health of a service gets NOT_FOUND: only that of the whole server is ever set"
				f.Related = []finding.Related{{Message: "a service", Pos: beside[0].Instr.Pos(), End: beside[0].Instr.Pos() + 1}}
				pass.Report("health/unset", f)
			}
			break
		}
	}
	return nil
}

// named: a status is set for a name that is not that of the whole server, or
// is not known.
func (s *service) named() bool {
	for _, set := range s.sets {
		if name, _, ok := s.says(set); !ok || name != "" {
			return true
		}
	}
	return false
}

// asCall returns an instruction as a call, nil if it is none.
func asCall(instr ssa.Instruction) ssa.CallInstruction {
	call, _ := instr.(ssa.CallInstruction)
	return call
}
