package ctxflow

import (
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// inCommand reports whether a function runs only to carry out a command of a
// command line, which somebody waits for at a terminal: it takes the command,
// is a method of one, stands inside such a function, or is called by such
// functions alone. A command that serves is no such thing.
func (f *flow) inCommand(fn *ssa.Function) bool { return f.commandWithin(fn, 4) }

func (f *flow) commandWithin(fn *ssa.Function, depth int) bool {
	if fn == nil || depth == 0 {
		return false
	}
	for around := fn; around != nil; around = around.Parent() {
		if isCommand(around) {
			return !f.servesIn(around)
		}
	}
	callers := f.index.callers[fn]
	for _, site := range callers {
		if !f.commandWithin(site.call.Parent(), depth-1) {
			return false
		}
	}
	// An exported function may have other callers.
	return len(callers) > 0 && (fn.Object() == nil || !fn.Object().Exported())
}

func isCommand(fn *ssa.Function) bool {
	for _, p := range fn.Params {
		switch versionless(strings.TrimPrefix(packageOf(p.Type()), "*")) + "." + typeName(p.Type()) {
		case "github.com/spf13/cobra.Command", "github.com/urfave/cli.Context", "github.com/urfave/cli.Command":
			return true
		}
	}
	return isCLICommand(fn)
}

// isCLICommand: the methods that github.com/mitchellh/cli's commands have,
// Run(args []string) int beside Help and Synopsis.
func isCLICommand(fn *ssa.Function) bool {
	recv := fn.Signature.Recv()
	if recv == nil || fn.Name() != "Run" {
		return false
	}
	sig := fn.Signature
	if sig.Params().Len() != 1 || sig.Results().Len() != 1 || types.TypeString(sig.Params().At(0).Type(), nil) != "[]string" {
		return false
	}
	for _, name := range []string{"Help", "Synopsis"} {
		if obj, _, _ := types.LookupFieldOrMethod(recv.Type(), true, fn.Pkg.Pkg, name); obj == nil {
			return false
		}
	}
	return true
}

func packageOf(t types.Type) string {
	if named, ok := types.Unalias(deref(t)).(*types.Named); ok && named.Obj().Pkg() != nil {
		return named.Obj().Pkg().Path()
	}
	return ""
}

func typeName(t types.Type) string {
	if named, ok := types.Unalias(deref(t)).(*types.Named); ok {
		return named.Obj().Name()
	}
	return ""
}

// servesIn reports whether a function, or a literal in it, starts a server.
func (f *flow) servesIn(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			obj := calledObject(call)
			if isServing(obj) || obj != nil && obj.Name() == "NewServer" && obj.Pkg() != nil && obj.Pkg().Path() == stub.GRPCPath {
				return true
			}
		}
	}
	for _, literal := range fn.AnonFuncs {
		if f.servesIn(literal) {
			return true
		}
	}
	return false
}
