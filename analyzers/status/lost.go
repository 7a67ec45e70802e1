package status

import (
	"fmt"
	"go/ast"
	"go/token"
	"strings"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// lost reports an error whose code was lost when its text was put into
// another.
func (h *handlers) lost(r *returned) {
	of := r.source.Name
	if strings.HasPrefix(of, "/") {
		of = say.RPC(of)
	}
	if of == "" {
		of = "a status error"
	}
	message := fmt.Sprintf("clients of %s get the code Unknown: the one of %s is lost", r.name, of)
	call, _ := h.made(&r.source).(*ast.CallExpr)
	if call == nil {
		at := h.entered(r)
		if at == nil {
			at = r.expr
		}
		h.report("status/lost", r, at, message, finding.Finding{Related: h.related(r, "lost here")})
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
	if !isFunc(called(h.pass, call), "fmt", "Errorf") || !stubs(h.pass).AtLeast("v1.55") {
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
