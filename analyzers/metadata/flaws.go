package metadata

import (
	"fmt"
	"go/ast"
	"go/constant"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/mdflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// flaws reports constant keys and values that are sent and cannot be: they
// share one traversal, because what is followed is the metadata that they are
// in.
func flaws(pass *report.Pass) error {
	info := flow(pass)
	if !info.Concerned {
		return nil
	}
	e := info.Engine()
	var syntax *syntax
	for _, fn := range e.Funcs {
		for _, f := range e.Flawed(fn) {
			if syntax == nil {
				syntax = newSyntax(pass)
			}
			var at ast.Expr
			switch instr := f.Instr.(type) {
			case *ssa.MapUpdate:
				key, value := syntax.update(instr)
				if at = key; f.Arg == -2 {
					at = value
				}
			case *ssa.Call:
				call := e.CallExpr(instr)
				switch {
				case call == nil:
				case f.Via != nil:
					at = call.Fun
				case f.Arg < len(call.Args):
					at = call.Args[f.Arg]
				}
			}
			if at != nil {
				reportFlaw(pass, &f, at)
			}
		}
	}
	return nil
}

func reportFlaw(pass *report.Pass, flaw *mdflow.Flawed, at ast.Expr) {
	f := finding.Finding{Pos: at.Pos(), End: at.End(), Subject: flaw.Key}
	if flaw.Via != nil {
		f.Related = []finding.Related{{Message: "written here", Remote: flaw.Via}}
	}
	consequence := "every RPC with it fails with INTERNAL"
	switch flaw.Sink {
	case mdflow.Headers:
		consequence = "the client gets INTERNAL instead of the reply"
	case mdflow.Checked:
		consequence = "the client never gets it, sending it fails"
	}
	id := "metadata/invalid"
	switch flaw.Kind {
	case mdflow.Case:
		id = "metadata/literal-case"
		f.Message = fmt.Sprintf("%s: the key %q has upper-case letters, and a map keeps them", consequence, flaw.Key)
		if lit, ok := ast.Unparen(at).(*ast.BasicLit); ok && flaw.Via == nil && !strings.Contains(lit.Value, `\`) {
			f.Fixes = []finding.Fix{{Message: "write the key in lower case", Safe: true, Edits: []finding.Edit{
				{Pos: lit.Pos(), End: lit.End(), NewText: strings.ToLower(lit.Value)},
			}}}
		}
	case mdflow.Reserved:
		id = "metadata/reserved"
		f.Message = fmt.Sprintf("never arrives: gRPC keeps the key %q for itself and leaves it out", flaw.Key)
	case mdflow.BadKey:
		f.Message = fmt.Sprintf("%s: the key %q has characters other than letters, digits, '-', '_' and '.'", consequence, flaw.Key)
		if flaw.Key == "" {
			f.Message = consequence + ": the key is empty"
		}
	case mdflow.BadValue, mdflow.NotASCII:
		f.Message = fmt.Sprintf("%s: the value of %q is not printable ASCII, which only keys with \"-bin\" may have", consequence, flaw.Key)
	}
	pass.Report(id, f)
}

func constantString(pass *report.Pass, expr ast.Expr) (string, bool) {
	value := pass.TypesInfo.Types[expr].Value
	if value == nil || value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(value), true
}
