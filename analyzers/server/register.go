package server

import (
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// registrations reports services that are registered on a server that serves
// already, or twice.
func registrations(pass *report.Pass) error {
	info := servers(pass)
	if !info.Reaches || !info.Held && !info.Uses["Server"] && !info.Uses["NewServer"] && !info.Uses["ServiceRegistrar"] {
		return nil // no server in sight
	}
	seen := make(map[token.Pos]bool)
	for _, fn := range info.SSA().Funcs {
		done := info.Does(fn)
		for i := range done {
			d := &done[i]
			if d.Kind != serving.Register || seen[d.Instr.Pos()] {
				continue
			}
			for j := range done {
				before := &done[j]
				if before == d || before.Server != d.Server || !before.Certain && before.Via || !comesBefore(before, d) || looksUp(fn) || replaced(before, d) {
					continue
				}
				if registered(pass, before, d) {
					seen[d.Instr.Pos()] = true
					break
				}
			}
		}
	}
	return nil
}

// comesBefore reports whether one thing has been done whenever the other is.
// What one call does is looked at where it does it.
func comesBefore(before, d *serving.Done) bool { return control.Dominates(before.Instr, d.Instr) }

// replaced: between the two, a variable or a field gets a server. It may be
// the one of which the code speaks, which is another one then.
func replaced(before, d *serving.Done) bool {
	for _, block := range before.Instr.Parent().Blocks {
		for _, instr := range block.Instrs {
			store, ok := instr.(*ssa.Store)
			if ok && serving.IsServer(store.Val.Type()) && !fresh(store.Addr, before.Instr) && control.Reaches(before.Instr, store, nil) && control.Reaches(store, d.Instr, nil) {
				return true
			}
		}
	}
	return false
}

// fresh: the field of a struct that is made after an instruction.
func fresh(addr ssa.Value, after ssa.Instruction) bool {
	field, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return false
	}
	alloc, ok := field.X.(*ssa.Alloc)
	return ok && control.Dominates(after, alloc)
}

// looksUp: the function asks what is registered.
func looksUp(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if callee := call.Common().StaticCallee(); callee != nil && callee.Name() == "GetServiceInfo" {
					return true
				}
			}
		}
	}
	return false
}

// registered reports a registration, if what was done before makes it one too
// many.
func registered(pass *report.Pass, before, d *serving.Done) bool {
	call, ok := d.Instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	expr := servers(pass).SSA().CallExpr(call)
	if expr == nil {
		return false // not in the source
	}
	f := finding.Finding{Pos: expr.Fun.Pos(), End: expr.Fun.End(), Subject: say.Last(d.Service)}
	service := f.Subject
	if d.IsReflection() {
		service = "reflection"
	}
	if d.Via {
		f.Related = []finding.Related{{Message: "registered here", Remote: d.At()}}
	}
	return lateRegister(pass, before, service, f) || duplicateRegister(pass, before, d, service, f)
}

func related(pass *report.Pass, message string, d *serving.Done) finding.Related {
	if call, ok := d.Instr.(ssa.CallInstruction); ok {
		if expr := servers(pass).SSA().CallExpr(call); expr != nil {
			return finding.Related{Message: message, Pos: expr.Fun.Pos(), End: expr.Fun.End()}
		}
	}
	return finding.Related{Message: message, Remote: d.At()}
}
