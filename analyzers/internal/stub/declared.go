package stub

import (
	"cmp"
	"go/ast"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
)

// A Declared is a function of which a //grpclint:idempotent directive says
// that it can be called again: a wrapper around an RPC, a method of an
// interface, or the handler of an RPC.
type Declared struct {
	FullMethod string // of the RPC that it handles, else ""
	Reason     string
}

// declared finds the functions of the package with such a directive at
// their declaration.
func (x *Index) declared(pass *analysis.Pass) fact.Table[Declared] {
	directives := pass.ResultOf[directive.Analyzer].(*directive.Set)
	if !slices.ContainsFunc(directives.All(), func(d *directive.Directive) bool { return d.Kind == directive.Idempotent }) {
		return fact.Table[Declared]{}
	}
	var table fact.Table[Declared]
	add := func(name *ast.Ident) {
		said := directives.Statement(pass.Fset, directive.Idempotent, name.Pos())
		fn, ok := pass.TypesInfo.Defs[name].(*types.Func)
		if !ok || said == nil {
			return
		}
		found := Declared{Reason: cmp.Or(said.Reason, "no reason is given")}
		if m := x.Handler(fn); m != nil {
			found.FullMethod = m.FullMethod
		}
		table.AddFunc(fn, found)
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.FuncDecl:
				add(n.Name)
				return false
			case *ast.InterfaceType:
				for _, method := range n.Methods.List {
					for _, name := range method.Names {
						add(name)
					}
				}
			}
			return true
		})
	}
	table.Sort()
	return table
}

// Declared returns the reason that a //grpclint:idempotent directive gives
// at the declaration of fn, a function or method of this package or one
// that it imports. A directive at a call, or at the function around it, is
// for [directive.Set.States] to find.
func (x *Index) Declared(fn *types.Func) (reason string, ok bool) {
	told := x.known.Of(fn)
	if told == nil {
		return "", false
	}
	if d := told.Declared.Of(fn); d != nil {
		return d.Reason, true
	}
	return "", false
}
