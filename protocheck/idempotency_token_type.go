package protocheck

import (
	"fmt"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// idempotencyTokenType reports tokens that cannot hold a UUID: AIP-155 wants
// a string of which every request has one.
func idempotencyTokenType(p *pass, r *rpc) {
	if r.undeclared.Doubt || strings.Contains(string(r.Name()), "Request") {
		return // the id may be what the method is about: ApproveRequest
	}
	for _, f := range p.tokens(r) {
		if f.Kind() == protoreflect.StringKind && f.Cardinality() != protoreflect.Repeated && !inRealOneof(f) {
			continue
		}
		if f.Message() != nil || f.Enum() != nil {
			continue // a type of one's own, with rules of its own
		}
		if comment := p.source.Comment(f); tracing.MatchString(comment) && !deduplicating.MatchString(comment) {
			continue
		}
		if inRealOneof(f) {
			p.report(Issue{
				At:      Element{Descriptor: f, Part: Name},
				Message: fmt.Sprintf("some %s requests cannot be repeated safely: their token %s is one choice of the oneof %s", r.Name(), f.Name(), f.ContainingOneof().Name()),
			})
			continue
		}
		at := Element{Descriptor: f, Part: Type}
		p.report(Issue{
			At:      at,
			Message: fmt.Sprintf("clients cannot send a UUID as the token of %s: %s is %s, not string", r.Name(), f.Name(), typeName(f)),
			Fixes: []Fix{{
				Message: "Make it a string, which breaks clients that set it",
				Edits:   []Edit{{At: at, NewText: singular(f)}},
			}},
		})
	}
}
