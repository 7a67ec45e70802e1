package protocheck

import (
	"fmt"
	"regexp"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/annotation"
	"github.com/grpclint/grpclint/protocheck/method"
)

// etagBlindUpdate reports updates that replace a whole resource, whatever
// has become of it since the client read it: of two clients that change
// different fields, one loses (AIP-134, AIP-154).
func etagBlindUpdate(p *pass, r *rpc) {
	if r.verb != "Update" || !r.unary() || guarded(r.Input()) {
		return
	}
	resource := r.resource()
	if resource == nil || string(resource.Message().Name()) != r.noun && !annotation.IsResource(resource.Message()) {
		return // nothing, or something that says how to change it
	}
	if guarded(resource.Message()) || isPartial(r.Input()) || isPartial(resource.Message()) {
		return
	}
	writable := 0
	for f := range all(resource.Message().Fields()) {
		if !annotation.BehaviorOf(f).Has(method.OutputOnly|method.Identifier|method.Immutable) && !isIdentity(f) {
			writable++
		}
	}
	if writable < 2 {
		return // nothing beside what is updated that could be lost
	}
	p.report(Issue{
		At:      Element{Descriptor: r.MethodDescriptor, Part: Name},
		Message: fmt.Sprintf("of two clients that change a %s at a time, one loses its change: %s has neither update_mask nor etag", resource.Message().Name(), r.Input().Name()),
	})
}

// mask is in the names of fields that list what to change.
var mask = regexp.MustCompile(`(^|_)(mask|masks|field_paths|paths|operations)$`)

// partial are well-known types of fields that can be unset.
var partial = regexp.MustCompile(`^google\.protobuf\.(FieldMask|[A-Z]\w*Value)$`)

// isPartial reports whether a message tells which fields it means to change:
// by a mask, by a choice, or because its fields can be unset.
func isPartial(m protoreflect.MessageDescriptor) bool {
	for f := range all(m.Fields()) {
		if inner := f.Message(); inner != nil && (inner.IsPlaceholder() || partial.MatchString(string(inner.FullName()))) {
			return true
		}
		if mask.MatchString(string(f.Name())) || f.HasOptionalKeyword() || inRealOneof(f) {
			return true
		}
	}
	return false
}
