package conn

import (
	"fmt"
	"go/ast"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/dial"
	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// leak reports connections that some way out of the function leaves open.
func leak(pass *report.Pass) error {
	info := dials(pass)
	if !info.Reaches || !info.Complete {
		return nil // what is not known may be a conn/per-call
	}
	perCall := make(map[*ssa.Call]bool)
	unclosable := make(map[*ssa.Call][]*dial.Acquisition) // by where it is opened
	for _, p := range info.PerCall {
		if p.Acquisition != nil {
			perCall[p.Acquisition.Instr] = true
		}
	}
	for _, a := range info.Acquisitions {
		switch {
		case len(a.Fate.Leaks) == 0:
			continue // closed, kept or handed on, whatever way control takes
		case perCall[a.Instr]:
			continue // the same cause, under its more specific name
		case info.RunsOnce(a.Func):
			continue // the end of the process closes it
		case a.CanClose():
			reportLeak(pass, info, a)
		case !a.Fate.Escapes && !a.Fate.Returns:
			opened := a.Origin().Instr
			if pass.InTest(a.Instr.Pos()) && !pass.InTest(opened.Pos()) {
				continue // what a test drops says nothing of the program
			}
			unclosable[opened] = append(unclosable[opened], a)
		}
	}
	for _, a := range info.Acquisitions {
		if drops := unclosable[a.Instr]; len(drops) > 0 {
			reportUnclosable(pass, info, a, drops)
		}
	}
	return nil
}

// reportUnclosable reports a connection of which callers get no more than a
// client, or a struct that has no Close, and which they drop after use.
func reportUnclosable(pass *report.Pass, info *dial.Info, a *dial.Acquisition, drops []*dial.Acquisition) {
	from, to := callee(info, a.Instr)
	f := finding.Finding{Pos: from, End: to, Subject: a.Opener}
	drop := drops[0]
	if drop == a {
		f.Message = fmt.Sprintf("the connection leaks: %s drops what %s returns, and nobody else can close it", dial.Name(a.Func), a.Opener)
	} else {
		f.Message = fmt.Sprintf("the connection leaks: %s drops what %s returns, by which nobody can close it", dial.Name(drop.Func), drop.Opener)
	}
	for _, drop := range drops[:min(len(drops), mostWays)] {
		if drop != a {
			pos := drop.Instr.Pos()
			f.Related = append(f.Related, finding.Related{Message: "used and dropped in " + dial.Name(drop.Func), Pos: pos, End: pos})
		}
	}
	pass.Report("conn/leak", f)
}

// mostWays is how many ways out are named. A function that opens a thousand
// connections has a thousand for each.
const mostWays = 8

func reportLeak(pass *report.Pass, info *dial.Info, a *dial.Acquisition) {
	from, to := callee(info, a.Instr)
	name := variable(pass, a.Instr, info)
	f := finding.Finding{Pos: from, End: to, Subject: a.Opener}
	function := dial.Name(a.Func)
	first := a.Fate.Leaks[0]
	out := outPos(first)
	switch _, isLoop := first.(*ssa.Call); {
	case isLoop:
		f.Message = fmt.Sprintf("%s leaks in every turn of the loop: the next call of %s replaces it while it is open", name, a.Opener)
	case !a.Fate.Closes && !a.Fate.Escapes && !a.Fate.Returns:
		f.Message = fmt.Sprintf("%s leaks: %s opens it with %s and nothing closes it", name, function, a.Opener)
	default:
		f.Message = fmt.Sprintf("%s leaks when %s returns at line %d: that way does not close it", name, function, pass.Line(out))
	}
	shown := a.Fate.Leaks[:min(len(a.Fate.Leaks), mostWays)]
	for i, l := range shown {
		message := "returns without closing " + name
		if _, isLoop := l.(*ssa.Call); isLoop {
			message = "replaces " + name + " without closing it"
		}
		if more := len(a.Fate.Leaks) - len(shown); more > 0 && i == len(shown)-1 {
			message += fmt.Sprintf(", and %d more ways out do as much", more)
		}
		pos := outPos(l)
		f.Related = append(f.Related, finding.Related{Message: message, Pos: pos, End: pos})
	}
	if fix, ok := deferClose(pass, info, a); ok {
		f.Fixes = append(f.Fixes, fix)
	}
	pass.Report("conn/leak", f)
}

// outPos is where control leaves: the return, or the brace that ends the
// function.
func outPos(instr ssa.Instruction) token.Pos {
	if instr.Pos().IsValid() {
		return instr.Pos()
	}
	if syntax := instr.Parent().Syntax(); syntax != nil {
		return syntax.End() - 1
	}
	return instr.Parent().Pos()
}

// variable returns the name of the variable that a call's first result goes
// to, "the connection" if it has none.
func variable(pass *report.Pass, call *ssa.Call, info *dial.Info) string {
	if assign, _ := assignment(pass, info, call); assign != nil {
		if id, ok := assign.Lhs[0].(*ast.Ident); ok && id.Name != "_" {
			return id.Name
		}
	}
	return "the connection"
}

// assignment returns the statement that assigns a call's results, and the
// nodes around it.
func assignment(pass *report.Pass, info *dial.Info, call *ssa.Call) (*ast.AssignStmt, []ast.Node) {
	expr := info.Expr(call)
	if expr == nil {
		return nil, nil
	}
	path := syntax.Of(pass.Pass).Around(expr.Pos(), expr.End())
	for i, n := range path {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if len(n.Rhs) == 1 && ast.Unparen(n.Rhs[0]) == expr {
				return n, path[i+1:]
			}
			return nil, nil
		case ast.Stmt:
			return nil, nil
		}
	}
	return nil, nil
}

// deferClose makes the fix that inserts "defer conn.Close()" behind the
// check of the error. It is there only for a connection that nobody keeps.
func deferClose(pass *report.Pass, info *dial.Info, a *dial.Acquisition) (finding.Fix, bool) {
	if a.Fate.Escapes || a.Fate.Returns || a.InLoop() {
		return finding.Fix{}, false
	}
	assign, around := assignment(pass, info, a.Instr)
	if assign == nil || len(around) == 0 {
		return finding.Fix{}, false
	}
	id, ok := assign.Lhs[0].(*ast.Ident)
	if !ok || id.Name == "_" {
		return finding.Fix{}, false
	}
	if a.Kind == dial.Stub || a.Kind == dial.Cleanup {
		return finding.Fix{}, false // the first result has no Close
	}
	block, ok := around[0].(*ast.BlockStmt)
	if !ok {
		return finding.Fix{}, false // the init statement of an if
	}
	after := ast.Stmt(assign)
	for i, stmt := range block.List {
		if stmt != ast.Stmt(assign) || i+1 == len(block.List) {
			continue
		}
		if check, ok := block.List[i+1].(*ast.IfStmt); ok && len(assign.Lhs) > 1 && check.Init == nil {
			after = check
		}
	}
	if after == ast.Stmt(assign) && len(assign.Lhs) > 1 {
		if err, ok := assign.Lhs[len(assign.Lhs)-1].(*ast.Ident); !ok || err.Name != "_" {
			return finding.Fix{}, false // the error is checked elsewhere, before that there may be no connection
		}
	}
	return finding.Fix{
		Message: "close " + id.Name + " when the function returns",
		Edits:   []finding.Edit{edit.After(pass.Pass, after, "defer "+id.Name+".Close()")},
	}, true
}
