package status

import (
	"fmt"

	"github.com/grpclint/grpclint/finding"
)

// rawContextError reports an error of package context, where grpc-go makes nothing
// of it.
func (h *handlers) rawContextError(r *returned) {
	if r.source.Tested || !stubs(h.pass).Before("v1.45") {
		return
	}
	h.report("status/raw-context-error", r, r.expr,
		fmt.Sprintf("clients of %s get the code Unknown: grpc-go %s makes nothing else of %s", r.name, stubs(h.pass).Version, r.source.Name), finding.Finding{})
}
