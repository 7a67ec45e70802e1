package streams

import (
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"
)

// receives: something comes out of a channel.
func receives(instr ssa.Instruction) bool {
	switch instr := instr.(type) {
	case *ssa.UnOp:
		return instr.Op == token.ARROW
	case *ssa.Select:
		for _, state := range instr.States {
			if state.Dir == types.RecvOnly {
				return true
			}
		}
	}
	return false
}

// Joins reports whether an instruction may wait for a goroutine: it receives
// from a channel, calls something that is named for waiting or for ending,
// or calls a function of this package that does.
func (info *Info) Joins(instr ssa.Instruction) bool { return info.joins(instr, 0) }

func (info *Info) joins(instr ssa.Instruction, depth int) bool {
	if receives(instr) {
		return true
	}
	call, ok := instr.(ssa.CallInstruction)
	if !ok {
		return false
	}
	if _, starts := call.(*ssa.Go); starts {
		return false
	}
	common := call.Common()
	if op, _ := info.opOf(common); op != NoOp {
		return false
	}
	if obj := called(common); obj != nil && waitsByName(obj.Name()) {
		return true
	}
	if depth > 3 {
		return false
	}
	return slices.ContainsFunc(info.targets(call), func(t target) bool { return info.joinsIn(t.fn, depth) })
}

func (info *Info) joinsIn(fn *ssa.Function, depth int) bool {
	if known, ok := info.joining[fn]; ok {
		return known
	}
	info.joining[fn] = false
	found := false
	for _, block := range fn.Blocks {
		for _, inner := range block.Instrs {
			found = found || info.joins(inner, depth+1)
		}
	}
	info.joining[fn] = found
	return found
}

func waitsByName(name string) bool {
	name = strings.ToLower(name)
	for _, word := range []string{"wait", "join", "stop", "shutdown", "close", "drain", "finish", "sleep"} {
		if strings.HasPrefix(name, word) {
			return true
		}
	}
	return false
}
