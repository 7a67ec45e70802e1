package server

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/absent"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/rule"
)

// nilField reports reads through a message that a client may leave out. All
// reads through one message in a function are one finding, at the first.
func nilField(pass *report.Pass) error {
	info := pass.ResultOf[absent.Analyzer].(*absent.Info)
	if len(info.Reads) == 0 {
		return nil
	}
	n := nilFields{pass: pass, syntax: syntax.Of(pass.Pass)}
	for _, group := range grouped(info.Reads) {
		n.report(group)
	}
	n.reportElsewhere()
	return nil
}

// grouped puts the reads together that one missing message makes fail.
func grouped(reads []absent.Read) [][]absent.Read {
	var groups [][]absent.Read
	for _, r := range reads {
		i := slices.IndexFunc(groups, func(g []absent.Read) bool {
			return r.Under == g[0].Under
		})
		if i < 0 {
			groups = append(groups, []absent.Read{r})
			continue
		}
		groups[i] = append(groups[i], r)
	}
	return withHidden(groups)
}

// withHidden puts reads that others always come before, in another function,
// to these: who mends one has to mend the other.
func withHidden(groups [][]absent.Read) [][]absent.Read {
	isHidden := func(group []absent.Read) bool {
		return !slices.ContainsFunc(group, func(r absent.Read) bool { return !r.Hidden })
	}
	for _, hidden := range groups {
		if !isHidden(hidden) {
			continue
		}
		for i, g := range groups {
			if !isHidden(g) && g[0].Handler == hidden[0].Handler && g[0].Field == hidden[0].Field {
				groups[i] = append(g, hidden...)
				break
			}
		}
	}
	return slices.DeleteFunc(groups, isHidden)
}

type nilFields struct {
	pass   *report.Pass
	syntax *syntax.Index
	// elsewhere are calls of functions of other packages, which read there what
	// may be missing: those with one place are one finding.
	elsewhere []finding.Finding
}

func (n *nilFields) report(reads []absent.Read) {
	first := reads[slices.IndexFunc(reads, func(r absent.Read) bool { return !r.Hidden })]
	f := finding.Finding{Subject: first.Place.Path(), StandsOn: []claim.Condition{claim.Unless(claim.Recovers).Lower(rule.Warning)}}
	if servers(n.pass).Recovers {
		f.Severity = rule.Warning // the panic ends the RPC and not the process
	}
	field := first.Field
	at := n.expr(first.Instr)
	if at == nil {
		return // not in the source
	}
	f.Pos, f.End = at.Pos(), at.End()
	if first.Via != nil {
		call, ok := at.(*ast.CallExpr)
		if !ok {
			return
		}
		f.Pos, f.End = call.Fun.Pos(), call.Fun.End()
		f.Message = fmt.Sprintf("a request without %s makes the handler panic: %s reads %s without a nil check", field, say.Expr(call.Fun), field)
		f.Related = []finding.Related{{Message: "read here", Remote: first.Via}}
		n.elsewhere = append(n.elsewhere, f)
		return
	}
	f.Message = fmt.Sprintf("a request without %s makes the handler panic: %s is read without a nil check", field, say.Expr(at))
	if handler := first.Handler; handler != nil && handler != program.Outermost(first.Func) {
		f.Related = []finding.Related{{Message: "it comes from a request here", Pos: handler.Pos(), End: handler.Pos() + token.Pos(len(handler.Name()))}}
	}
	if fix, ok := n.getters(reads); ok {
		f.Fixes = []finding.Fix{fix}
	}
	n.pass.Report("server/nil-field", f)
}

// reportElsewhere reports one of the calls that lead to the same read, which one
// edit mends, and names the others. Those that a directive silences are apart.
func (n *nilFields) reportElsewhere() {
	const id = "server/nil-field"
	first := make(map[finding.Remote]int) // in list
	var list []finding.Finding
	for _, f := range n.elsewhere {
		at := *f.Related[0].Remote
		i, known := first[at]
		switch {
		case n.pass.Ignored(id, f.Pos):
			n.pass.Report(id, f)
		case known:
			list[i].Related = append(list[i].Related, finding.Related{Message: "and by this call", Pos: f.Pos, End: f.End})
		default:
			first[at] = len(list)
			list = append(list, f)
		}
	}
	for _, f := range list {
		n.pass.Report(id, f)
	}
}

// expr returns the expression that an instruction is made of.
func (n *nilFields) expr(instr ssa.Instruction) ast.Expr {
	switch instr := instr.(type) {
	case *ssa.FieldAddr:
		if sel := n.syntax.Selector(instr.Pos()); sel != nil {
			return sel
		}
	case ssa.CallInstruction:
		if call, ok := n.syntax.At(instr.Common().Pos()).(*ast.CallExpr); ok {
			return call
		}
	case *ssa.UnOp:
		if star, ok := n.syntax.At(instr.Pos()).(*ast.StarExpr); ok {
			return star
		}
	}
	return nil
}

// isIndexed: an expression is what an index picks from.
func (n *nilFields) isIndexed(expr ast.Expr) bool {
	for _, around := range n.syntax.Around(expr.Pos(), expr.End()) {
		if index, ok := around.(*ast.IndexExpr); ok && index.X == expr {
			return true
		}
	}
	return false
}

// getters makes the fix that reads fields by their getters, which look for
// nil themselves. It fails if one of the reads is not the read of a field
// that has one.
func (n *nilFields) getters(reads []absent.Read) (finding.Fix, bool) {
	fix := finding.Fix{Message: "read it with the generated getter", Safe: true}
	for _, r := range reads {
		addr, ok := r.Instr.(*ssa.FieldAddr)
		if !ok || r.Via != nil {
			return fix, false // copies the message, or hands it on
		}
		sel := n.syntax.Selector(addr.Pos())
		if sel == nil || !n.hasGetter(sel) {
			return fix, false
		}
		safe, ok := n.onlyRead(addr, reads)
		if !ok {
			return fix, false
		}
		if n.isIndexed(sel) {
			safe = false // an index into nothing
		}
		fix.Safe = fix.Safe && safe
		if getter := edit.Replace(sel.Sel, "Get"+sel.Sel.Name+"()"); !slices.Contains(fix.Edits, getter) {
			fix.Edits = append(fix.Edits, getter)
		}
	}
	return fix, true
}

// onlyRead reports whether a field is loaded and nothing else; safe says that
// its value may be nil as far as the function's own reads go.
func (n *nilFields) onlyRead(addr *ssa.FieldAddr, reads []absent.Read) (safe, ok bool) {
	safe = true
	for _, r := range *addr.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef:
		case *ssa.UnOp:
			if r.Op != token.MUL {
				return false, false
			}
			if _, isPointer := types.Unalias(r.Type()).Underlying().(*types.Pointer); isPointer {
				safe = safe && onlyReadThrough(r, reads)
			}
		default:
			return false, false // assigned to, or its address is taken
		}
	}
	return safe, true
}

// onlyReadThrough reports whether a message is used for nothing but reads
// that the same fix turns into getters.
func onlyReadThrough(v ssa.Value, reads []absent.Read) bool {
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef, *ssa.BinOp:
		case *ssa.FieldAddr:
			if !slices.ContainsFunc(reads, func(read absent.Read) bool { return read.Instr == ssa.Instruction(r) }) {
				return false
			}
		case *ssa.Call:
			fn := r.Call.StaticCallee()
			if fn == nil {
				return false
			}
			obj, ok := fn.Object().(*types.Func)
			if !ok || absent.GetterField(obj) == "" {
				return false
			}
		default:
			return false
		}
	}
	return true
}

// hasGetter reports whether the selected field has a getter of its own type.
func (n *nilFields) hasGetter(sel *ast.SelectorExpr) bool {
	field, ok := n.pass.TypesInfo.Uses[sel.Sel].(*types.Var)
	if !ok {
		return false
	}
	obj, _, _ := types.LookupFieldOrMethod(n.pass.TypesInfo.TypeOf(sel.X), false, n.pass.Pkg, "Get"+sel.Sel.Name)
	getter, ok := obj.(*types.Func)
	return ok && absent.GetterField(getter) == sel.Sel.Name && types.Identical(getter.Signature().Results().At(0).Type(), field.Type())
}
