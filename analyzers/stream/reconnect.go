package stream

import (
	"fmt"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/streams"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// reconnect finds loops that open a stream again at once when that has
// failed:
//
//	for {
//		stream, err := c.Watch(ctx, req)
//		if err != nil {
//			continue
//		}
//	}
func reconnect(pass *report.Pass) error {
	info := known(pass)
	for _, open := range info.Calls {
		if open.Op != streams.Open || pass.InTest(open.Instr.Pos()) || info.MayWait(open) {
			continue
		}
		loops := info.SSA.Around(open.Instr)
		if len(loops) == 0 || !atOnceAgain(info, open, loops[len(loops)-1]) {
			continue
		}
		call := expr(info, open.Instr)
		if call == nil {
			continue
		}
		f := finding.Finding{
			Pos: call.Pos(), End: call.End(), Subject: open.RPC.FullMethod,
			Message: fmt.Sprintf("the loop hammers a server that is down or overloaded: it opens %s again without a pause when that has failed", open.RPC.Name),
		}
		lower(pass, &f)
		pass.Report("stream/reconnect", f)
	}
	return nil
}

// atOnceAgain: some way leads from the failed call back to it, through
// nothing that can take time.
func atOnceAgain(info *streams.Info, open *streams.Call, loop *control.Loop) bool {
	call := open.Value()
	err := control.ErrorOf(call)
	if err == nil {
		return false // a failed stream is used: another mistake
	}
	failed := info.SSA.Is(err)
	found := false
	w := control.Ways[control.ErrorState]{
		Step: func(s control.ErrorState, instr ssa.Instruction) (control.ErrorState, bool) {
			if instr == ssa.Instruction(call) {
				found = true
			}
			return s, !found && loop.Holds(instr) && !mayPause(info, instr, 0) && !info.SSA.EndsOn(instr, failed)
		},
		Branch: func(s control.ErrorState, cond ssa.Value, outcome bool) (control.ErrorState, bool) {
			if limits(cond) || mayCount(info, cond, err) {
				return s, false
			}
			return s.Refine(cond, outcome, failed)
		},
	}
	w.After(call, control.Failed)
	return found
}

// mayPause: an instruction may take time. Of what is not known it is
// assumed that it does, unless it only reports or classifies errors.
func mayPause(info *streams.Info, instr ssa.Instruction, depth int) bool {
	if info.Joins(instr) || info.SSA.NeverReturns(instr) {
		return true
	}
	switch instr := instr.(type) {
	case *ssa.Send, *ssa.Select:
		return true
	case *ssa.Range, *ssa.Next:
		return false
	case *ssa.Call:
		return !quick(info, instr, depth)
	case *ssa.Store:
		return false
	}
	return false
}

// quick: a call that surely takes no time worth mentioning.
func quick(info *streams.Info, call *ssa.Call, depth int) bool {
	if _, builtin := call.Call.Value.(*ssa.Builtin); builtin {
		return true
	}
	if info.IsOpen(call) {
		return true // the call itself, or another that fails at once
	}
	obj := program.CalledObject(&call.Call)
	if call.Call.IsInvoke() {
		if stub.IsContext(call.Call.Value.Type()) {
			return true // Err, Done
		}
		if obj.Name() == "Error" || obj.Name() == "String" {
			return true
		}
	} else if callees := info.SSA.CalleesOrPassed(call); len(callees) > 0 && depth < 3 {
		return !slices.ContainsFunc(callees, func(fn *ssa.Function) bool { return mayPauseIn(info, fn, depth+1) })
	}
	if obj == nil || obj.Pkg() == nil {
		return false
	}
	return reports[obj.Pkg().Path()] || streams.FuncOf(call, stub.GRPCPath) != "" // an option
}

func mayPauseIn(info *streams.Info, fn *ssa.Function, depth int) bool {
	for _, block := range fn.Blocks {
		if slices.ContainsFunc(block.Instrs, func(instr ssa.Instruction) bool { return mayPause(info, instr, depth) }) {
			return true
		}
	}
	return false
}

// reports are packages whose functions report, format or classify.
var reports = map[string]bool{
	"errors": true, "fmt": true, "log": true, "log/slog": true, "strings": true, "strconv": true, "sync/atomic": true,
	stub.GRPCPath + "/status": true, stub.GRPCPath + "/codes": true, stub.GRPCPath + "/grpclog": true,
	"github.com/sirupsen/logrus": true, "go.uber.org/zap": true, "github.com/rs/zerolog": true, "github.com/rs/zerolog/log": true,
	"github.com/golang/glog": true, "k8s.io/klog": true, "k8s.io/klog/v2": true, "github.com/go-logr/logr": true,
	"github.com/pkg/errors": true, "github.com/hashicorp/go-hclog": true,
}
