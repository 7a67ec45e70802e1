package status

import (
	"fmt"

	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/finding"
)

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
