package protocheck

import (
	"fmt"
	"regexp"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/annotation"
)

// restriction are words in comments that say what a token may look like.
var restriction = regexp.MustCompile(`(?i)uuid|guid|ulid|character|byte|length|long|format|ascii|base64|hex|digit|regex|pattern|RFC ?\d`)

// idempotencyTokenDoc reports tokens whose format nobody can know: servers
// refuse those that have another (AIP-155).
func idempotencyTokenDoc(p *pass, r *rpc) {
	for _, f := range p.tokens(r) {
		if f.Kind() != protoreflect.StringKind || !annotation.Resolved(f) || annotation.FormatOf(f) != 0 || annotation.ValidatesForm(f) || restriction.MatchString(p.source.Comment(f)) {
			continue
		}
		p.report(Issue{
			At:      Element{Descriptor: f, Part: Name},
			Message: fmt.Sprintf("clients have to guess what %s of %s may look like: neither a format nor a comment says it", f.Name(), r.Name()),
		})
	}
}
