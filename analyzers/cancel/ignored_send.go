package cancel

import (
	"fmt"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/handling"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// ignoredSend reports loops that go on sending to a client that has gone, each
// at its first Send.
func ignoredSend(pass *report.Pass) error {
	for _, loop := range byLoop(handlers(pass), sites(pass, handling.IgnoredSend)) {
		s := loop[0]
		f := found(pass, s)
		f.Message = fmt.Sprintf("%s goes on working for a client that has gone%s: the loop does not end when Send fails", s.Frame.Called(), via(s))
		for _, also := range loop[1:] {
			at := found(pass, also)
			f.Related = append(f.Related, finding.Related{Message: "sends here, too", Pos: at.Pos, End: at.End})
		}
		f.Fixes = returnErrors(pass, loop)
		pass.Report("cancel/ignored-send", f)
	}
	return nil
}

// byLoop puts the calls of Send together that are in one loop of this package.
func byLoop(info *handling.Info, sites []*handling.Site) [][]*handling.Site {
	type loop struct {
		frame  *handling.Frame
		header *ssa.BasicBlock
	}
	var loops [][]*handling.Site
	index := make(map[loop]int)
	for _, s := range sites {
		around := info.SSA.Around(s.Instr)
		if s.Remote != nil || len(around) == 0 {
			loops = append(loops, []*handling.Site{s})
			continue
		}
		key := loop{s.Frame, around[len(around)-1].Header}
		if i, known := index[key]; known {
			loops[i] = append(loops[i], s)
			continue
		}
		index[key] = len(loops)
		loops = append(loops, []*handling.Site{s})
	}
	return loops
}

// returnErrors ends the handler with the error of each Send. There is no fix
// if somebody looks at one of the errors already.
func returnErrors(pass *report.Pass, sites []*handling.Site) []finding.Fix {
	fix := finding.Fix{Message: "Return the error of Send", Safe: true}
	for _, s := range sites {
		call, ok := s.Instr.(*ssa.Call)
		if !ok || s.Remote != nil || control.ErrorOf(call) != nil {
			return nil
		}
		stmt, ok := statementOf(pass, handlers(pass).Expr(s))
		if !ok {
			return nil
		}
		fix.Edits = append(fix.Edits, stmt.ReturnError()...)
	}
	return []finding.Fix{fix}
}
