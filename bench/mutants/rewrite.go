package main

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/bench/mutants/mutant"
)

const mutantPackage = "github.com/grpclint/grpclint/bench/mutants/mutant"

// A condition is a boolean expression that has no operands which are
// conditions.
type condition struct {
	at    token.Position
	text  string
	edge  string // the comparison with the other operator, if it can be one
	from  int    // offsets in the file
	to    int
	kinds []mutant.Kind
}

// conditionsOf returns the conditions on which something hangs in a file: of
// branches, of operators and of what functions return.
func conditionsOf(p *packages.Package, file *ast.File, source []byte) []condition {
	var conditions []condition
	seen := make(map[ast.Expr]bool)
	tokens := p.Fset.File(file.Pos())
	var add func(ast.Expr)
	add = func(e ast.Expr) {
		switch x := e.(type) {
		case *ast.ParenExpr:
			add(x.X)
			return
		case *ast.UnaryExpr:
			if x.Op == token.NOT {
				add(x.X)
				return
			}
		case *ast.BinaryExpr:
			if x.Op == token.LAND || x.Op == token.LOR {
				add(x.X)
				add(x.Y)
				return
			}
		}
		if is := p.TypesInfo.Types[e]; seen[e] || is.Value != nil || !isBool(is.Type) {
			return
		}
		seen[e] = true
		c := condition{at: p.Fset.Position(e.Pos()), from: tokens.Offset(e.Pos()), to: tokens.Offset(e.End()), kinds: []mutant.Kind{mutant.Not, mutant.True, mutant.False}}
		c.text = string(source[c.from:c.to])
		if compared, ok := e.(*ast.BinaryExpr); ok && opposite[compared.Op] != 0 && !calls(compared) {
			at := tokens.Offset(compared.OpPos)
			c.edge = string(source[c.from:at]) + opposite[compared.Op].String() + string(source[at+len(compared.Op.String()):c.to])
			c.kinds = append(c.kinds, mutant.Edge)
		}
		conditions = append(conditions, c)
	}
	loops := make(map[ast.Expr]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.ForStmt:
			loops[n.Cond] = true // how long a loop goes on guards nothing
		case *ast.IfStmt:
			add(n.Cond)
		case *ast.SwitchStmt:
			for _, clause := range n.Body.List {
				for _, e := range clause.(*ast.CaseClause).List {
					if n.Tag == nil {
						add(e)
					}
				}
			}
		case *ast.ReturnStmt:
			for _, e := range n.Results {
				add(e)
			}
		case *ast.BinaryExpr:
			if (n.Op == token.LAND || n.Op == token.LOR) && !loops[n] {
				add(n)
			}
		case *ast.UnaryExpr:
			if n.Op == token.NOT && !loops[n] {
				add(n)
			}
		}
		return true
	})
	return conditions
}

var opposite = map[token.Token]token.Token{token.LSS: token.LEQ, token.LEQ: token.LSS, token.GTR: token.GEQ, token.GEQ: token.GTR}

func isBool(t types.Type) bool {
	return t != nil && (types.Identical(t, types.Typ[types.Bool]) || types.Identical(t, types.Typ[types.UntypedBool]))
}

// calls reports whether an expression calls anything but len: it is to be
// written twice.
func calls(e ast.Expr) bool {
	found := false
	ast.Inspect(e, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok {
			id, ok := call.Fun.(*ast.Ident)
			found = found || !ok || id.Name != "len"
		}
		return !found
	})
	return found
}

// rewrite returns a file in which package mutant decides the conditions, whose
// numbers begin with first. Its lines stay what they are.
func rewrite(file *ast.File, fset *token.FileSet, source []byte, conditions []condition, first int) []byte {
	type insertion struct {
		at    int
		depth int // of two at one place the outer one begins first and ends last
		text  string
	}
	var insertions []insertion
	insertions = append(insertions, insertion{at: fset.File(file.Pos()).Offset(file.Name.End()), text: fmt.Sprintf("; import grpclintMutant %q", mutantPackage)})
	for i, c := range conditions {
		name, end := "Bool", ")"
		if c.edge != "" {
			name, end = "Order", ", "+c.edge+")"
		}
		length := c.to - c.from
		insertions = append(insertions,
			insertion{c.from, -length, fmt.Sprintf("grpclintMutant.%s(%d, ", name, first+i)},
			insertion{c.to, length, end})
	}
	slices.SortStableFunc(insertions, func(a, b insertion) int { return cmp.Or(cmp.Compare(a.at, b.at), cmp.Compare(a.depth, b.depth)) })
	var out []byte
	done := 0
	for _, in := range insertions {
		out = append(append(out, source[done:in.at]...), in.text...)
		done = in.at
	}
	return append(out, source[done:]...)
}
