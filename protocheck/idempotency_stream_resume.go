package protocheck

import (
	"fmt"
	"regexp"
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// position is in the names of fields by which a stream goes on where it
// broke off, or by which the server knows what it has.
var position = regexp.MustCompile(`(^|_)(ack|after|chunk|cookie|cursor|end|finish|from|generation|id|index|last|ledger|nonce|number|offset|page|part|position|resource_?versions?|resume|revision|seq|seqno|sequence|session|since|start|time|timestamp|token|version|versions|xid)(_|$)`)

// watches are verbs of methods that stream for as long as the client listens.
var watches = []string{"Follow", "Listen", "Subscribe", "Tail", "Watch"}

// idempotencyStreamResume reports streams that start from the beginning
// whenever a connection breaks.
func idempotencyStreamResume(p *pass, r *rpc) {
	verb, _ := splitVerb(string(r.Name()))
	switch {
	case hasPosition(r.Input(), 2):
	case r.IsStreamingClient() && hasBytes(r.Input(), 2):
		p.report(Issue{
			At:      Element{Descriptor: r.MethodDescriptor, Part: Input},
			Message: fmt.Sprintf("an interrupted %s starts over: %s has no offset or sequence number to go on from", r.Name(), r.Input().Name()),
		})
	case r.IsStreamingServer() && !r.IsStreamingClient() && slices.Contains(watches, verb):
		p.report(Issue{
			At:      Element{Descriptor: r.MethodDescriptor, Part: Input},
			Message: fmt.Sprintf("an interrupted %s misses what happens until it is back: %s has no revision or token to go on from", r.Name(), r.Input().Name()),
		})
	}
}

// hasPosition looks for a position in a message and, down to a depth, in
// those of its fields.
func hasPosition(m protoreflect.MessageDescriptor, depth int) bool {
	return m.IsPlaceholder() || anyField(m, depth, func(f protoreflect.FieldDescriptor) bool {
		return position.MatchString(string(f.Name())) || f.Message() != nil && f.Message().IsPlaceholder()
	})
}

func hasBytes(m protoreflect.MessageDescriptor, depth int) bool {
	return anyField(m, depth, func(f protoreflect.FieldDescriptor) bool { return f.Kind() == protoreflect.BytesKind })
}

func anyField(m protoreflect.MessageDescriptor, depth int, is func(protoreflect.FieldDescriptor) bool) bool {
	for f := range all(m.Fields()) {
		if is(f) {
			return true
		}
		if inner := f.Message(); inner != nil && depth > 0 && anyField(inner, depth-1, is) {
			return true
		}
	}
	return false
}
