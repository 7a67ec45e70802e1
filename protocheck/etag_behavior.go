package protocheck

import (
	"fmt"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/annotation"
	"github.com/grpclint/grpclint/protocheck/method"
)

// behaviors are those that contradict what a resource's etag is for: it is
// read from the server and sent back unchanged (AIP-154). A REQUIRED one
// may be meant, an OPTIONAL one does no harm.
var behaviors = []struct {
	behavior  method.Behavior
	name, why string
}{
	{method.OutputOnly, "OUTPUT_ONLY", "which tools drop from requests"},
	{method.InputOnly, "INPUT_ONLY", "so clients get none to send"},
	{method.Immutable, "IMMUTABLE", "which a current one cannot be"},
}

// etagBehavior reports updates that are unconditional because of what is
// said of the resource's etag, and that have no other.
func etagBehavior(p *pass, r *rpc) {
	if r.verb != "Update" || !r.unary() || etagOf(r.Input()) != nil {
		return
	}
	if slices.ContainsFunc(r.http, func(binding method.HTTPRule) bool { return binding.Verb == "PUT" }) {
		return // the etag may go in If-Match, as HTTP has it
	}
	resource := r.resource()
	if resource == nil {
		return
	}
	f := etagOf(resource.Message())
	if f == nil || f.Kind() != protoreflect.StringKind || !annotation.Resolved(f) {
		return
	}
	for _, b := range behaviors {
		if !annotation.BehaviorOf(f).Has(b.behavior) {
			continue
		}
		issue := Issue{Message: fmt.Sprintf("%s may overwrite what others changed: the etag of %s is %s, %s", r.Name(), resource.Message().Name(), b.name, b.why)}
		at := Element{Descriptor: f, Part: Option, Option: "(google.api.field_behavior)"}
		if f.ParentFile().Path() == r.ParentFile().Path() {
			issue.At = at
			issue.Fixes = []Fix{{Message: "Remove the behavior", Edits: []Edit{{At: at}}}}
		} else {
			issue.At = Element{Descriptor: r.MethodDescriptor, Part: Input}
			issue.Related = []Related{{At: at, Message: "the etag"}}
		}
		p.report(issue)
		return
	}
}
