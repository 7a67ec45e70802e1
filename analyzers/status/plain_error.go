package status

import (
	"fmt"
	"strings"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/claim"
)

// plainError reports an error without a code.
func (h *handlers) plainError(r *returned) {
	if h.flow.MapsErrors || r.source.Tested {
		return
	}
	name := r.source.Name
	at := h.made(&r.source)
	if at == nil || !strings.HasPrefix(name, "errors.") && !strings.HasPrefix(name, "fmt.") {
		at = r.expr // a sentinel, or made in another package
		if entered := h.entered(r); entered != nil {
			at = entered
		}
	}
	get := "get"
	if at.Pos() < r.fn.Syntax().Pos() || r.fn.Syntax().End() < at.Pos() || at == r.expr && r.source.Place.Package != h.pass.Pkg.Path() {
		get = "may get" // on a way through other functions
	}
	h.report("status/plain-error", r, at,
		fmt.Sprintf("clients of %s %s the code Unknown: %s has none", r.name, get, name),
		finding.Finding{Related: h.related(r, "made here"), StandsOn: []claim.Condition{claim.Unless(claim.MapsErrors)}})
}
