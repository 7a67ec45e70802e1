package protocheck

import (
	"fmt"

	"github.com/grpclint/grpclint/protocheck/annotation"
	"github.com/grpclint/grpclint/protocheck/method"
)

// idempotencyTokenRequired reports tokens that clients have to set although
// they never repeat a request (AIP-155).
func idempotencyTokenRequired(p *pass, r *rpc) {
	for _, f := range p.tokens(r) {
		if !annotation.BehaviorOf(f).Has(method.Required) {
			continue
		}
		at := Element{Descriptor: f, Part: Option, Option: "(google.api.field_behavior)"}
		p.report(Issue{
			At:      at,
			Message: fmt.Sprintf("%s fails for clients that never repeat it: its token %s is REQUIRED", r.Name(), f.Name()),
			Fixes: []Fix{{
				Message: "Make the token optional",
				Edits:   []Edit{{At: at, NewText: "(google.api.field_behavior) = OPTIONAL"}},
			}},
		})
	}
}
