package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/finding"
)

// handlerErrors judges what handlers return, by where it comes from.
func handlerErrors(pass *report.Pass) error {
	flow := flowOf(pass)
	if flow.SSA == nil {
		return nil
	}
	h := &handlers{pass: pass, flow: flow, reported: make(map[reportedAt]bool)}
	for _, fn := range flow.SSA.Funcs {
		obj, _ := fn.Object().(*types.Func)
		if obj == nil || fn.Signature.Results().Len() == 0 || pass.InTest(fn.Pos()) {
			continue
		}
		if rpc := stubs(pass).Handler(obj); rpc != nil {
			h.judge(fn, obj, rpc)
		}
	}
	return nil
}

type handlers struct {
	pass     *report.Pass
	flow     *errflow.Flow
	reported map[reportedAt]bool
}

// A reportedAt keeps what several handlers have in common from being said
// for each of them.
type reportedAt struct {
	rule string
	pos  token.Pos
}

// A returned error is one source of what one return statement of a handler
// returns.
type returned struct {
	fn     *ssa.Function
	name   string // of the handler
	served finding.Premise
	rpc    *stub.Method
	expr   ast.Node // what stands in the return statement
	source errflow.Source
}

func (h *handlers) judge(fn *ssa.Function, obj *types.Func, rpc *stub.Method) {
	last := fn.Signature.Results().Len() - 1
	served := premise(h.pass, obj)
	for _, block := range fn.Blocks {
		ret, ok := control.Last(block).(*ssa.Return)
		if !ok {
			continue
		}
		expr := h.operand(ret, last)
		if expr == nil {
			continue // of a recover block
		}
		for _, s := range h.flow.OfIn(ret.Results[last], block).Sources {
			r := &returned{fn, obj.Name(), served, rpc, expr, s}
			switch s.Kind {
			case errflow.Plain:
				if s.Lost {
					h.lost(r)
				} else {
					h.plain(r)
				}
			case errflow.EOF:
				if rpc.Unary() {
					h.plain(r) // a sentinel like others
				} else {
					h.eof(r)
				}
			case errflow.ClientRecv, errflow.ServerRecv:
				h.eof(r)
			case errflow.Context:
				h.rawContext(r)
			case errflow.RPC:
				h.passthrough(r)
			}
		}
	}
}

// operand returns the syntax of what a return statement returns as result
// number i, or the statement itself if it names nothing.
func (h *handlers) operand(ret *ssa.Return, i int) ast.Node {
	for _, file := range h.pass.Files {
		if ret.Pos() < file.FileStart || file.FileEnd <= ret.Pos() {
			continue
		}
		var found *ast.ReturnStmt
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil || ret.Pos() < n.Pos() || n.End() <= ret.Pos() {
				return false
			}
			if r, ok := n.(*ast.ReturnStmt); ok && r.Return == ret.Pos() {
				found = r
			}
			return true
		})
		switch {
		case found == nil:
			return nil
		case i < len(found.Results) && len(found.Results) > 1 || len(found.Results) == 1 && i == 0:
			return found.Results[i]
		case len(found.Results) == 1:
			return found.Results[0] // return f()
		}
		return found
	}
	return nil
}

// report adds a finding, once for each place and rule.
func (h *handlers) report(id string, r *returned, at ast.Node, message string, f finding.Finding) {
	k := reportedAt{id, at.Pos()}
	if h.reported[k] {
		return
	}
	h.reported[k] = true
	f.Pos, f.End, f.Message, f.Subject = at.Pos(), at.End(), message, r.rpc.FullMethod
	f.Premise.Served = r.served.Served
	h.pass.Report(id, f)
}

// made returns the call that made the error, if it lies in this package.
func (h *handlers) made(s *errflow.Source) ast.Node {
	if !s.Pos.IsValid() || s.Place.Package != h.pass.Pkg.Path() || h.pass.InTest(s.Pos) {
		return nil
	}
	var found *ast.CallExpr
	for _, file := range h.pass.Files {
		if s.Pos < file.FileStart || file.FileEnd <= s.Pos {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			if n == nil || s.Pos < n.Pos() || n.End() <= s.Pos {
				return false
			}
			if call, ok := n.(*ast.CallExpr); ok && call.Lparen == s.Pos {
				found = call
			}
			return true
		})
	}
	if found == nil {
		return nil
	}
	return found
}

// related points at where the error was made, if that is elsewhere.
func (h *handlers) related(r *returned, what string) []finding.Related {
	s := &r.source
	if s.Pos.IsValid() {
		if s.Pos >= r.expr.Pos() && s.Pos < r.expr.End() {
			return nil
		}
		end := s.Pos + 1
		if call := h.made(s); call != nil {
			return []finding.Related{{Message: what, Pos: call.Pos(), End: call.End()}}
		}
		return []finding.Related{{Message: what, Pos: s.Pos, End: end}}
	}
	if s.Place.Package == "" || s.Place.Line == 0 {
		return nil
	}
	place := s.Place
	return []finding.Related{{Message: what, Remote: &place}}
}

// plain reports an error without a code.
func (h *handlers) plain(r *returned) {
	if h.flow.MapsErrors || r.source.Tested {
		return
	}
	name := r.source.Name
	at := h.made(&r.source)
	if at == nil || !strings.HasPrefix(name, "errors.") && !strings.HasPrefix(name, "fmt.") {
		at = r.expr // a sentinel, or made in another package
	}
	get := "get"
	if at.Pos() < r.fn.Syntax().Pos() || r.fn.Syntax().End() < at.Pos() || at == r.expr && r.source.Place.Package != h.pass.Pkg.Path() {
		get = "may get" // on a way through other functions
	}
	h.report("status/plain-error", r, at,
		fmt.Sprintf("clients of %s %s the code Unknown: %s has none", r.name, get, name),
		finding.Finding{Related: h.related(r, "made here"), Premise: finding.Premise{PlainErrors: true}})
}

// eof reports the end of a stream that becomes an error.
func (h *handlers) eof(r *returned) {
	s := &r.source
	if s.Tested || s.Kind != errflow.EOF && (s.Name != "Recv" || !s.Loop) {
		return // the first message of several is not to be missed
	}
	var message string
	switch s.Kind {
	case errflow.EOF:
		message = fmt.Sprintf("clients of %s get the code Unknown and the text EOF: io.EOF is returned as an error", r.name)
	case errflow.ServerRecv:
		message = fmt.Sprintf("%s fails with Unknown, EOF when the client is done: Recv returns io.EOF then, and so does the handler", r.name)
	default:
		message = fmt.Sprintf("%s fails with Unknown, EOF when the upstream is done: Recv returns io.EOF then, and so does the handler", r.name)
	}
	h.report("status/eof", r, r.expr, message, finding.Finding{Related: h.related(r, "io.EOF comes from here")})
}

// lost reports an error whose code was lost when its text was put into
// another.
func (h *handlers) lost(r *returned) {
	of := r.source.Name
	if strings.HasPrefix(of, "/") {
		of = rpcName(of)
	}
	if of == "" {
		of = "a status error"
	}
	message := fmt.Sprintf("clients of %s get the code Unknown: the one of %s is lost", r.name, of)
	call, _ := h.made(&r.source).(*ast.CallExpr)
	if call == nil {
		h.report("status/lost", r, r.expr, message, finding.Finding{Related: h.related(r, "lost here")})
		return
	}
	f := finding.Finding{Fixes: h.wrap(call)}
	if len(f.Fixes) > 0 {
		message += ", %w keeps it"
	}
	h.report("status/lost", r, call, message, f)
}

// wrap replaces the verb of the only error among the arguments of fmt.Errorf
// by %w.
func (h *handlers) wrap(call *ast.CallExpr) []finding.Fix {
	if !isFunc(called(h.pass, call), "fmt", "Errorf") || !atLeast(stubs(h.pass).Version, 1, 55) {
		return nil // before 1.55 a wrapped error's code is not looked for
	}
	lit, ok := ast.Unparen(call.Args[0]).(*ast.BasicLit)
	if !ok || strings.Contains(lit.Value, `\`) || strings.Contains(lit.Value, "%[") {
		return nil
	}
	arg := -1
	for i, a := range call.Args[1:] {
		if isError(h.pass.TypesInfo.TypeOf(a)) {
			if arg >= 0 {
				return nil // which of them has the code?
			}
			arg = i
		}
	}
	offset := verbOffset(lit.Value, arg)
	if offset < 0 {
		return nil
	}
	pos := lit.Pos() + token.Pos(offset)
	return []finding.Fix{{
		Message: "Wrap the error with %w",
		Safe:    true,
		Edits:   []finding.Edit{{Pos: pos, End: pos + 1, NewText: "w"}},
	}}
}

// verbOffset returns where the verb of argument number n stands, if it is a
// plain %v or %s.
func verbOffset(format string, n int) int {
	if n < 0 {
		return -1
	}
	for i := 0; i+1 < len(format); i++ {
		if format[i] != '%' {
			continue
		}
		i++
		switch {
		case format[i] == '%':
			continue
		case !isLetter(format[i]):
			return -1 // flags: not followed
		case n > 0:
			n--
		case format[i] == 'v' || format[i] == 's':
			return i
		default:
			return -1
		}
	}
	return -1
}

func isLetter(c byte) bool { return 'a' <= c && c <= 'z' || 'A' <= c && c <= 'Z' }

// rawContext reports an error of package context, where grpc-go makes nothing
// of it.
func (h *handlers) rawContext(r *returned) {
	v := stubs(h.pass).Version
	if r.source.Tested || v == "" || atLeast(v, 1, 45) {
		return
	}
	h.report("status/raw-context-error", r, r.expr,
		fmt.Sprintf("clients of %s get the code Unknown: grpc-go %s makes nothing else of %s", r.name, v, r.source.Name), finding.Finding{})
}

// passthrough reports the error of an RPC that the handler hands on.
func (h *handlers) passthrough(r *returned) {
	if r.source.Tested || r.source.Wrapped {
		return
	}
	h.report("status/passthrough", r, r.expr,
		fmt.Sprintf("clients of %s get the code that %s was given: InvalidArgument, say, is then blamed on them", r.name, rpcName(r.source.Name)),
		finding.Finding{Related: h.related(r, "the RPC")})
}
