package protocheck

import (
	"fmt"
	"regexp"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/annotation"
)

const formatOption = "(google.api.field_info).format"

// optionalUUID is in sentences that name UUIDs as one format among others.
var optionalUUID = regexp.MustCompile(`(?i)recommend|example|\be\.?g\b|such as|suggest|any (unique )?string|or other|alphanumeric|typically|usually`)

// idempotencyTokenFormat reports request ids that are said to be UUIDs where
// no program can read it: with the annotation, clients generate the id.
func idempotencyTokenFormat(p *pass, r *rpc) {
	for _, f := range p.tokens(r) {
		if f.Name() != "request_id" || f.Kind() != protoreflect.StringKind || f.Cardinality() == protoreflect.Repeated {
			continue
		}
		if !annotation.Resolved(f) || annotation.FormatOf(f) != 0 || !p.isUUID(f) {
			continue
		}
		option := Element{Descriptor: f, Part: Option, Option: formatOption}
		p.report(Issue{
			At:      Element{Descriptor: f, Part: Name},
			Message: fmt.Sprintf("generated clients do not fill in %s of %s: it is a UUID, but has no (google.api.field_info).format", f.Name(), r.Name()),
			Fixes: []Fix{{
				Message: "Annotate it as a UUID4",
				Edits: []Edit{
					{At: option, NewText: formatOption + " = UUID4"},
					{At: Element{Descriptor: f.ParentFile(), Part: Import, Option: "google/api/field_info.proto"}},
				},
			}},
		})
	}
}

// isUUID reports whether the field's comment says that it is a UUID. In a
// file whose other tokens are annotated, no comment is enough.
func (p *pass) isUUID(f protoreflect.FieldDescriptor) bool {
	comment := p.source.Comment(f)
	if comment == "" {
		return imports(f.ParentFile(), "google/api/field_info.proto")
	}
	says := false
	for _, sentence := range sentences(comment) {
		if uuid.MatchString(sentence) {
			if optionalUUID.MatchString(sentence) {
				return false
			}
			says = true
		}
	}
	return says
}

func imports(file protoreflect.FileDescriptor, path string) bool {
	for i := range file.Imports().Len() {
		if file.Imports().Get(i).Path() == path {
			return true
		}
	}
	return false
}
