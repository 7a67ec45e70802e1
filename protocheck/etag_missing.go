package protocheck

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// etagMissing reports deletions that cannot be conditional although the
// resource has an etag (AIP-135).
func etagMissing(p *pass, r *rpc) {
	if r.verb != "Delete" || !r.unary() || guarded(r.Input()) {
		return
	}
	resource := r.ParentFile().Messages().ByName(protoreflect.Name(r.noun))
	if resource == nil {
		return // elsewhere, or not called as the method is
	}
	f := etagOf(resource)
	if f == nil {
		return
	}
	p.report(Issue{
		At:      Element{Descriptor: r.MethodDescriptor, Part: Input},
		Message: fmt.Sprintf("%s may delete what others have just changed: %s has no etag, %s has", r.Name(), r.Input().Name(), resource.Name()),
		Related: []Related{{At: Element{Descriptor: f, Part: Name}, Message: "the resource's etag"}},
	})
}
