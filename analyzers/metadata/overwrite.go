package metadata

import (
	"go/ast"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/mdflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// overwrite reports NewOutgoingContext on a context that somebody else may
// have given metadata: it replaces that.
//
//	ctx = metadata.NewOutgoingContext(ctx, metadata.Pairs("tenant", tenant))
func overwrite(pass *report.Pass) error {
	info := flow(pass)
	if !info.Concerned || !knowsHandlers(pass) {
		return nil
	}
	e := info.Engine()
	for _, fn := range e.Funcs {
		if readsOutgoing(fn) {
			continue // merges, or looks first
		}
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok || len(*call.Referrers()) == 0 {
					continue // metadata/dropped
				}
				ctx, md := e.Replacing(call)
				if expr := e.CallExpr(call); expr != nil && ctx != nil && e.Replaces(fn, md) {
					judgeOverwrite(pass, fn, call, expr, e.Roots(ctx))
				}
			}
		}
	}
	return nil
}

func judgeOverwrite(pass *report.Pass, fn *ssa.Function, call *ssa.Call, expr *ast.CallExpr, roots []mdflow.Root) {
	f := finding.Finding{
		Pos: expr.Fun.Pos(), End: expr.Fun.End(), Subject: "NewOutgoingContext", Severity: rule.Info,
		Message: "whatever metadata the context has is lost: NewOutgoingContext replaces it and adds nothing to it",
	}
	foreign := false         // somebody else may have put metadata in
	var given *ssa.Call      // some was put in in this package
	always := len(roots) > 0 // on every way
	for _, root := range roots {
		switch root.Kind {
		case mdflow.UnknownRoot: // perhaps none: other ways in decide
		case mdflow.ParamRoot, mdflow.FieldRoot:
			foreign = true
		case mdflow.HandlerRoot, mdflow.ServerRoot:
			// It has outgoing metadata only if an interceptor puts some in.
			foreign = foreign || flow(pass).Bridges()
		}
		if root.Sent != nil && root.Sent != call {
			given = root.Sent
		}
		always = always && root.Sent != nil
	}
	if !always && (!foreign || isEntry(fn)) {
		return // the first to set metadata
	}
	switch {
	case given != nil:
		f.Severity = rule.Warning
		f.Message = "metadata that the context got before is lost: NewOutgoingContext replaces it and adds nothing to it"
		f.Related = []finding.Related{{Message: "given metadata here", Pos: given.Pos(), End: given.Pos() + 1}}
	case serves(fn):
	case flow(pass).Engine().ClientInterceptor(fn) != nil:
		// Whoever makes the RPC knows nothing of it, nor do the
		// interceptors before.
		f.Severity = rule.Warning
	}
	if mdflow.Called(&call.Call) != "" {
		f.Fixes = appendInstead(pass, expr)
	}
	pass.Report("metadata/overwrite", f)
}

// readsOutgoing: a function, or the one around it, asks for the outgoing
// metadata of a context.
func readsOutgoing(fn *ssa.Function) bool { return calls(program.Outermost(fn), "FromOutgoingContext") }

// serves: a function asks for what a client has sent, and so runs on a
// server, where contexts begin without outgoing metadata.
func serves(fn *ssa.Function) bool {
	return calls(program.Outermost(fn), "FromIncomingContext") || calls(program.Outermost(fn), "ValueFromIncomingContext")
}

// calls reports whether a function, or a literal in it, calls a function of
// package metadata.
func calls(fn *ssa.Function, name string) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			if call, ok := instr.(ssa.CallInstruction); ok {
				if mdflow.Called(call.Common()) == name {
					return true
				}
			}
		}
	}
	for _, literal := range fn.AnonFuncs {
		if calls(literal, name) {
			return true
		}
	}
	return false
}

// isEntry: where a program begins.
func isEntry(fn *ssa.Function) bool {
	name := program.Outermost(fn).Name()
	return program.Outermost(fn).Pkg != nil && program.Outermost(fn).Pkg.Pkg.Name() == "main" && (name == "main" || name == "run")
}

// appendInstead adds to the context what a call of Pairs holds.
func appendInstead(pass *report.Pass, call *ast.CallExpr) []finding.Fix {
	rename, ok := edit.Rename(call.Fun, "AppendToOutgoingContext")
	if !ok || len(call.Args) != 2 {
		return nil // imported with a dot
	}
	pairs, ok := ast.Unparen(call.Args[1]).(*ast.CallExpr)
	if !ok || called(pass, pairs) != "Pairs" || len(pairs.Args) == 0 {
		return nil
	}
	return []finding.Fix{{Message: "Add to the metadata that the context has", Edits: []finding.Edit{
		rename,
		edit.Delete(call.Args[1].Pos(), pairs.Args[0].Pos()),
		edit.Delete(pairs.Rparen, call.Args[1].End()),
	}}}
}
