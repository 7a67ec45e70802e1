package metadata

import (
	"go/ast"

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
	for _, fn := range e.Funcs {
		for _, f := range e.Flawed(fn) {
			var at ast.Expr
			switch instr := f.Instr.(type) {
			case *ssa.MapUpdate:
				key, value := updated(pass, instr)
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
	switch flaw.Kind {
	case mdflow.Case:
		literalCase(pass, flaw, at, f)
	case mdflow.Reserved:
		reserved(pass, flaw, f)
	case mdflow.BadKey, mdflow.BadValue, mdflow.NotASCII:
		invalid(pass, flaw, f)
	}
}

// consequence says what comes of metadata that cannot be sent.
func consequence(sink mdflow.Sink) string {
	switch sink {
	case mdflow.Headers:
		return "the client gets INTERNAL instead of the reply"
	case mdflow.Checked:
		return "the client never gets it, sending it fails"
	}
	return "every RPC with it fails with INTERNAL"
}
