package status

import (
	"fmt"

	"github.com/grpclint/grpclint/finding"
)

// rawContextError reports an error of package context, where grpc-go makes nothing
// of it.
func (h *handlers) rawContextError(r *returned) {
	v := stubs(h.pass).Version
	if r.source.Tested || v == "" || atLeast(v, 1, 45) {
		return
	}
	h.report("status/raw-context-error", r, r.expr,
		fmt.Sprintf("clients of %s get the code Unknown: grpc-go %s makes nothing else of %s", r.name, v, r.source.Name), finding.Finding{})
}
