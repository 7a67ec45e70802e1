package protocheck

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// etagDuplicate reports requests with an etag beside a resource that has
// one: a client sets one, the server may look at the other (AIP-154).
func etagDuplicate(p *pass, r *rpc) {
	f := etagOf(r.Input())
	resource := r.resource()
	if f == nil || resource == nil {
		return
	}
	other := etagOf(resource.Message())
	if other == nil || f.Kind() != protoreflect.StringKind || other.Kind() != protoreflect.StringKind {
		return
	}
	p.report(Issue{
		At:      Element{Descriptor: f, Part: Name},
		Message: fmt.Sprintf("%s may overwrite what others changed: a client may set %s.etag, and the server look at this etag", r.Name(), resource.Name()),
		Related: []Related{{At: Element{Descriptor: other, Part: Name}, Message: "the resource's own etag"}},
	})
}
