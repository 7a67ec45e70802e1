package status

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/finding"
)

// comparisons finds errors of RPCs that are asked the wrong question:
//
//	errors.Is(err, context.DeadlineExceeded) // context-compare: never
//	err == ErrNotFound                       // compare: never the same pointer
//	strings.Contains(err.Error(), "missing") // string-match
func comparisons(pass *report.Pass) error {
	flow := flowOf(pass)
	if flow.SSA == nil || !mentionsErrors(pass) {
		return nil // nothing to follow
	}
	c := &comparer{pass: pass, flow: flow}
	for _, fn := range flow.SSA.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				switch instr := instr.(type) {
				case *ssa.BinOp:
					if instr.Op == token.EQL || instr.Op == token.NEQ {
						c.equal(instr)
					}
				case *ssa.Call:
					c.call(instr)
				}
			}
		}
	}
	c.reportAsked()
	return nil
}

// mentionsErrors: the package imports something to compare errors with, or
// a stub.
func mentionsErrors(pass *report.Pass) bool { return flowOf(pass).Calls != nil }

type comparer struct {
	pass  *report.Pass
	flow  *errflow.Flow
	asked []asked
}

// equal judges x == y and x != y.
func (c *comparer) equal(b *ssa.BinOp) {
	if isString(b.X.Type()) {
		x, y := b.X, b.Y
		if textOf(x) != nil && textOf(y) != nil {
			if c.statusText(x) != nil {
				x, y = y, x
			}
			if s := c.statusText(y); s != nil {
				c.statusTexts(x, s, b.Pos())
			}
			return
		}
		if _, isConst := x.(*ssa.Const); isConst {
			x, y = y, x
		}
		if text, ok := y.(*ssa.Const); ok && text.Value != nil && constant.StringVal(text.Value) != "" {
			c.text(x, b.Pos())
		}
		return
	}
	if !isError(b.X.Type()) || !isError(b.Y.Type()) || control.IsNil(b.X) || control.IsNil(b.Y) {
		return
	}
	x, y := b.X, b.Y
	if contextError(x) != "" || c.isStatus(x) != nil {
		x, y = y, x
	}
	expr := c.comparison(b.Pos())
	if expr == nil {
		return // of a switch: the case says what it is compared with
	}
	if name := contextError(y); name != "" {
		c.context(x, name, expr, expr, b.Op == token.NEQ)
		return
	}
	if s := c.isStatus(y); s != nil {
		c.compare(x, s, expr)
	}
}

// call judges errors.Is and the functions of package strings.
func (c *comparer) call(call *ssa.Call) {
	obj := calledFunc(call)
	if obj == nil || obj.Pkg() == nil || obj.Signature().Recv() != nil {
		return
	}
	args := call.Call.Args
	switch path := obj.Pkg().Path(); {
	case isErrorsPackage(path) && obj.Name() == "Is" && len(args) == 2:
		name := contextError(args[1])
		if expr := c.flow.SSA.CallExpr(call); name != "" && expr != nil {
			c.context(args[0], name, expr, expr, false)
		}
	case path == "strings" && slices.Contains([]string{"Contains", "HasPrefix", "HasSuffix", "EqualFold", "Index"}, obj.Name()):
		if s := c.statusText(args[1]); s != nil && textOf(args[0]) != nil {
			c.statusTexts(args[0], s, call.Pos())
			return
		}
		c.text(args[0], call.Pos())
	}
}

// statusText: v is the text of a status error that was made in this process.
func (c *comparer) statusText(v ssa.Value) *errflow.Source {
	if err := textOf(v); err != nil {
		return c.isStatus(err)
	}
	return nil
}

// statusTexts reports the text of an error that is searched for, or compared
// with, that of a status error: whoever returned it, its code would tell.
func (c *comparer) statusTexts(v ssa.Value, with *errflow.Source, pos token.Pos) {
	err := textOf(v)
	if c.pass.InTest(pos) || readsCode(err) {
		return
	}
	node := c.nodeAt(pos)
	if node == nil {
		return
	}
	what := with.Name
	if what == "" {
		what = "a status error"
	}
	c.pass.Report("status/string-match", finding.Finding{
		Pos: node.Pos(), End: node.End(), Subject: what,
		Message: fmt.Sprintf("breaks when the server words its error anew: an error is told by the text of %s, not by its code", what),
	})
}

// noContextError: the error is that of an RPC, or one that is known not to
// be of package context.
func (c *comparer) noContextError(o *errflow.Origin) bool {
	return rpcAmong(o) != nil && (!c.flow.RebuildsErrors || !hasClient(o)) && !slices.ContainsFunc(o.Sources, func(s errflow.Source) bool {
		return !s.OfRPC() && (s.Kind != errflow.Plain || s.Opaque)
	})
}

// rpcAmong returns the first source that is an error of an RPC, or nil.
func rpcAmong(o *errflow.Origin) *errflow.Source {
	for i := range o.Sources {
		if o.Sources[i].OfRPC() {
			return &o.Sources[i]
		}
	}
	return nil
}

// untouched: the error is what gRPC returned, and no interceptor of a
// connection makes another of it. What the stream of a handler returns no
// connection has to do with.
func (c *comparer) untouched(o *errflow.Origin) bool {
	return o.OfRPC() && (!c.flow.RebuildsErrors || !hasClient(o))
}

// premiseOf: programs around may have connections of their own.
func premiseOf(o *errflow.Origin) finding.Premise { return finding.Premise{RPCErrors: hasClient(o)} }

// ofInvoker: what an interceptor of a connection gets back.
func ofInvoker(o *errflow.Origin) bool {
	return len(o.Sources) > 0 && !slices.ContainsFunc(o.Sources, func(s errflow.Source) bool {
		return s.Kind != errflow.Next || s.Sides != errflow.Client
	})
}

// hasClient: an RPC that somebody makes is among the origins.
func hasClient(o *errflow.Origin) bool {
	return slices.ContainsFunc(o.Sources, func(s errflow.Source) bool {
		return s.Kind != errflow.ServerRecv && s.Kind != errflow.ServerSend
	})
}

func isErrorsPackage(path string) bool {
	return path == "errors" || path == "github.com/pkg/errors" || path == "github.com/cockroachdb/errors" || path == "golang.org/x/xerrors"
}

// context reports an RPC's error that is compared with one of package
// context.
func (c *comparer) context(err ssa.Value, name string, expr ast.Expr, at ast.Node, negated bool) {
	origin := c.flow.Of(err)
	if !c.noContextError(origin) || readsCode(err) {
		return
	}
	of := rpcAmong(origin)
	code := "DeadlineExceeded"
	if strings.HasSuffix(name, "Canceled") {
		code = "Canceled"
	}
	outcome := "never true"
	if negated {
		outcome = "always true"
	}
	f := finding.Finding{
		Pos: at.Pos(), End: at.End(), Subject: of.Name, Premise: premiseOf(origin),
		Message: fmt.Sprintf("%s: the error of %s has the code %s, it is not %s", outcome, subject(of), code, name),
	}
	f.Fixes = c.askCode(expr, code, negated)
	c.asked = append(c.asked, asked{f, expr})
}

// An asked is a finding of context-compare whose fix has to wait until all of
// the file are known.
type asked struct {
	finding finding.Finding
	expr    ast.Expr
}

// reportAsked reports what context found. The fixes of one file go together:
// if they left an import without use, it gets none.
func (c *comparer) reportAsked() {
	for _, a := range c.asked {
		if !c.usedElsewhere(a.expr) {
			a.finding.Fixes = nil
		}
		c.pass.Report("status/context-compare", a.finding)
	}
}

// askCode replaces a comparison by one of codes, where the file imports all
// that it takes.
func (c *comparer) askCode(expr ast.Expr, code string, negated bool) []finding.Fix {
	var err ast.Expr
	switch expr := expr.(type) {
	case *ast.CallExpr:
		err = expr.Args[0]
	case *ast.BinaryExpr:
		err = expr.X
		if name := types.ExprString(expr.X); strings.HasSuffix(name, ".Canceled") || strings.HasSuffix(name, ".DeadlineExceeded") {
			err = expr.Y
		}
	default:
		return nil
	}
	status, codes := importName(c.pass, expr, statusPath), importName(c.pass, expr, codesPath)
	if status == "" || codes == "" {
		return nil
	}
	op := "=="
	if negated {
		op = "!="
	}
	return []finding.Fix{{
		Message: "Compare the code",
		Safe:    true,
		Edits: []finding.Edit{{Pos: expr.Pos(), End: expr.End(),
			NewText: fmt.Sprintf("%s.Code(%s) %s %s.%s", status, types.ExprString(err), op, codes, code)}},
	}}
}

// usedElsewhere: every package that an expression names is named outside of
// all that the fixes replace too, so that the import stays in use.
func (c *comparer) usedElsewhere(expr ast.Expr) bool {
	count := func(n ast.Node) map[*types.PkgName]int {
		uses := make(map[*types.PkgName]int)
		ast.Inspect(n, func(n ast.Node) bool {
			if id, ok := n.(*ast.Ident); ok {
				if p, ok := c.pass.TypesInfo.Uses[id].(*types.PkgName); ok {
					uses[p]++
				}
			}
			return true
		})
		return uses
	}
	var left map[*types.PkgName]int
	for _, file := range c.pass.Files {
		if file.FileStart > expr.Pos() || expr.Pos() >= file.FileEnd {
			continue
		}
		left = count(file)
		for _, a := range c.asked {
			if file.FileStart <= a.expr.Pos() && a.expr.Pos() < file.FileEnd {
				for p, n := range count(a.expr) {
					left[p] -= n
				}
			}
		}
	}
	for p := range count(expr) {
		if left[p] <= 0 {
			return false
		}
	}
	return true
}

// compare reports an RPC's error that is compared with a status error of
// this process.
func (c *comparer) compare(err ssa.Value, with *errflow.Source, expr *ast.BinaryExpr) {
	origin := c.flow.Of(err)
	if !c.untouched(origin) {
		return
	}
	outcome := "never true"
	if expr.Op == token.NEQ {
		outcome = "always true"
	}
	what := with.Name
	if what == "" {
		what = "a status error made here"
	}
	c.pass.Report("status/compare", finding.Finding{
		Pos: expr.Pos(), End: expr.End(), Subject: origin.Sources[0].Name, Premise: premiseOf(origin),
		Message: fmt.Sprintf("%s: the error of %s is not the same value as %s; compare codes", outcome, subject(&origin.Sources[0]), what),
	})
}

// text reports the text of an RPC's error that is compared or searched.
func (c *comparer) text(v ssa.Value, pos token.Pos) {
	err := textOf(v)
	if err == nil || c.pass.InTest(pos) {
		return
	}
	origin := c.flow.Of(err)
	if !c.untouched(origin) && !ofInvoker(origin) || readsCode(err) {
		return
	}
	node := c.nodeAt(pos)
	if node == nil {
		return
	}
	c.pass.Report("status/string-match", finding.Finding{
		Pos: node.Pos(), End: node.End(), Subject: origin.Sources[0].Name, Premise: premiseOf(origin),
		Message: fmt.Sprintf("breaks when the server words its error anew: the error of %s is told by its text, not by its code", subject(&origin.Sources[0])),
	})
}

// textOf: v is err.Error(), perhaps in lower case; returns err.
func textOf(v ssa.Value) ssa.Value {
	call, ok := v.(*ssa.Call)
	if !ok {
		return nil
	}
	if call.Call.IsInvoke() {
		if call.Call.Method.Name() == "Error" && isError(call.Call.Value.Type()) {
			return call.Call.Value
		}
		return nil
	}
	if obj := calledFunc(call); obj != nil && obj.Pkg() != nil && obj.Pkg().Path() == "strings" && len(call.Call.Args) > 0 &&
		slices.Contains([]string{"ToLower", "ToUpper", "TrimSpace"}, obj.Name()) {
		return textOf(call.Call.Args[0])
	}
	return nil
}

// readsCode: somebody reads the status of the error too, so that the
// comparison is one of several.
func readsCode(err ssa.Value) bool {
	for _, v := range sameErrors(err) {
		for _, user := range control.Uses(v) {
			call, ok := user.(*ssa.Call)
			if !ok || call.Call.IsInvoke() || isFunc(calledFunc(call), statusPath, "FromContextError") {
				continue // the last knows nothing of the errors of RPCs
			}
			for r := range call.Call.Signature().Results().Variables() {
				if isStatus(r.Type()) || isCode(r.Type()) {
					return true
				}
			}
			if obj := calledFunc(call); obj != nil && obj.Name() == "As" {
				return true
			}
		}
	}
	return false
}

// sameErrors returns v and the values that it is a choice of, or part of a
// choice with.
func sameErrors(v ssa.Value) []ssa.Value {
	list := []ssa.Value{v}
	for i := 0; i < len(list) && i < 16; i++ {
		if phi, ok := list[i].(*ssa.Phi); ok {
			for _, edge := range phi.Edges {
				if !slices.Contains(list, edge) {
					list = append(list, edge)
				}
			}
		}
		for _, user := range control.Uses(list[i]) {
			if phi, ok := user.(*ssa.Phi); ok && !slices.Contains(list, ssa.Value(phi)) {
				list = append(list, phi)
			}
		}
	}
	return list
}

// contextError names the error of package context that v is; "" for others.
func contextError(v ssa.Value) string {
	load, ok := v.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return ""
	}
	g, ok := load.X.(*ssa.Global)
	if !ok || g.Pkg == nil || g.Pkg.Pkg.Path() != "context" && g.Pkg.Pkg.Path() != "golang.org/x/net/context" {
		return ""
	}
	if g.Name() == "Canceled" || g.Name() == "DeadlineExceeded" {
		return "context." + g.Name()
	}
	return ""
}

// isStatus: v is a status error that was made in this process: by package
// status, or a variable that holds one.
func (c *comparer) isStatus(v ssa.Value) *errflow.Source {
	switch v := v.(type) {
	case *ssa.UnOp:
		if _, global := v.X.(*ssa.Global); !global || v.Op != token.MUL {
			return nil
		}
	case *ssa.Call:
		if !makesStatus(calledFunc(v)) {
			return nil
		}
	default:
		return nil
	}
	origin := c.flow.Of(v)
	if len(origin.Sources) != 1 || origin.Sources[0].Kind != errflow.Status {
		return nil
	}
	return &origin.Sources[0]
}

// comparison returns the == or != whose operator is at pos.
func (c *comparer) comparison(pos token.Pos) *ast.BinaryExpr {
	b, _ := c.nodeAt(pos).(*ast.BinaryExpr)
	return b
}

// nodeAt returns the comparison or the call that SSA places at pos: at its
// operator, or at its opening parenthesis.
func (c *comparer) nodeAt(pos token.Pos) ast.Node {
	var found ast.Node
	for _, file := range c.pass.Files {
		if pos < file.FileStart || file.FileEnd <= pos {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil || pos < n.Pos() || n.End() <= pos {
				return false
			}
			switch n := n.(type) {
			case *ast.BinaryExpr:
				if n.OpPos == pos {
					found = n
				}
			case *ast.CallExpr:
				if n.Lparen == pos {
					found = n
				}
			case *ast.CaseClause:
				for _, e := range n.List {
					if e.Pos() <= pos && pos <= e.End() && found == nil {
						found = e
					}
				}
			}
			return true
		})
	}
	return found
}

func calledFunc(call *ssa.Call) *types.Func {
	if call.Call.IsInvoke() {
		return call.Call.Method
	}
	fn := call.Call.StaticCallee()
	if fn == nil {
		return nil
	}
	if origin := fn.Origin(); origin != nil {
		fn = origin
	}
	obj, _ := fn.Object().(*types.Func)
	return obj
}

func isString(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}

// subject says of an error of an RPC where it came from.
func subject(s *errflow.Source) string {
	switch s.Kind {
	case errflow.RPC:
		return rpcName(s.Name)
	case errflow.Next:
		return "the RPC"
	case errflow.ClientRecv, errflow.ClientSend, errflow.ServerRecv, errflow.ServerSend:
		return "the stream's " + s.Name
	}
	return s.Name
}

// rpcName returns "Service.Method" as people say it.
func rpcName(full string) string {
	service, method, ok := strings.Cut(strings.TrimPrefix(full, "/"), "/")
	if !ok {
		return full
	}
	return service[strings.LastIndexByte(service, '.')+1:] + "." + method
}
