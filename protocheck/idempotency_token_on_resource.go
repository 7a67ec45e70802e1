package protocheck

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/annotation"
	"github.com/grpclint/grpclint/protocheck/method"
)

// idempotencyTokenOnResource reports tokens in resources: there they are
// stored and come back in every reply, and the request has none (AIP-155).
func idempotencyTokenOnResource(p *pass, m protoreflect.MessageDescriptor) {
	resource, ok := annotation.ResourceOf(m)
	if !ok {
		return
	}
	for f := range all(m.Fields()) {
		// An insert_id is what tells one entry of a log from another.
		if !p.isToken(f) || f.Name() == "insert_id" || isDeprecated(f) || !annotation.Resolved(f) {
			continue
		}
		// The server says which request made the resource.
		if annotation.BehaviorOf(f).Has(method.OutputOnly) {
			continue
		}
		if comment := p.source.Comment(f); tracing.MatchString(comment) && !deduplicating.MatchString(comment) {
			continue
		}
		p.report(Issue{
			At:      Element{Descriptor: f, Part: Name},
			Message: fmt.Sprintf("the token outlives its request: %s is stored in the resource %s and returned with it", f.Name(), resource.Type),
		})
	}
}
