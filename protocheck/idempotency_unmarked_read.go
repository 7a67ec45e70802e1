package protocheck

import (
	"fmt"

	"github.com/grpclint/grpclint/protocheck/method"
)

// idempotencyUnmarkedRead reports reads of which no client can know that
// they may be repeated.
func idempotencyUnmarkedRead(p *pass, r *rpc) {
	verb, effect := method.Verb(string(r.Name()))
	if r.level != method.LevelUnknown || !r.unary() || effect != method.Reads || r.verdict.Class != method.Safe || r.verdict.Doubt {
		return
	}
	option := Element{Descriptor: r.MethodDescriptor, Part: Option, Option: "idempotency_level"}
	p.report(Issue{
		At:      Element{Descriptor: r.MethodDescriptor, Part: Name},
		Message: fmt.Sprintf("clients can neither repeat nor cache %s: its name says %s, but its idempotency_level is unknown", r.Name(), verb),
		Fixes: []Fix{{
			Message: "Declare that it has no side effects",
			Edits:   []Edit{{At: option, NewText: "idempotency_level = NO_SIDE_EFFECTS"}},
		}},
	})
}
