package protocheck

import (
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// etagType reports etags that do not fit in an If-Match header, which is
// where HTTP has them: AIP-154 wants a string.
func etagType(p *pass, m protoreflect.MessageDescriptor) {
	f := etagOf(m)
	if f == nil || f.Kind() == protoreflect.StringKind && f.Cardinality() != protoreflect.Repeated {
		return
	}
	if f.Message() != nil && !f.IsMap() || f.Enum() != nil {
		return // a type of one's own, or google.protobuf.StringValue
	}
	at := Element{Descriptor: f, Part: Type}
	p.report(Issue{
		At:      at,
		Message: fmt.Sprintf("clients cannot pass the etag of %s on as it is, in If-Match or JSON: it is %s, not string", m.Name(), typeName(f)),
		Fixes: []Fix{{
			Message: "Make it a string, which breaks clients that use it",
			Edits:   []Edit{{At: at, NewText: singular(f)}},
		}},
	})
}
