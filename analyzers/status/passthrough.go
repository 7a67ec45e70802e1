package status

import (
	"fmt"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// passthrough reports the error of an RPC that the handler hands on.
func (h *handlers) passthrough(r *returned) {
	if r.source.Tested || r.source.Wrapped {
		return
	}
	h.report("status/passthrough", r, r.expr,
		fmt.Sprintf("clients of %s get the code that %s was given: InvalidArgument, say, is then blamed on them", r.name, say.RPC(r.source.Name)),
		finding.Finding{Related: h.related(r, "the RPC")})
}
