package protocheck

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/annotation"
)

// etagDeclarative reports resources without an etag that are meant for
// declarative tools, which compare and set (AIP-154).
func etagDeclarative(p *pass, m protoreflect.MessageDescriptor) {
	resource, ok := annotation.ResourceOf(m)
	if !ok || !resource.Declarative || guarded(m) || m.Fields().ByName("etag") != nil {
		return
	}
	p.report(Issue{
		At:      Element{Descriptor: m, Part: Name},
		Message: fmt.Sprintf("declarative tools may overwrite what others changed: %s is DECLARATIVE_FRIENDLY and has no etag", m.Name()),
	})
}
