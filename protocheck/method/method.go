// Package method judges what happens when an RPC method is called twice.
//
// The judgement needs no .proto file: a [Description] can be filled from
// compiled protos and from the descriptors that generated code embeds, so
// the rules for Go, for protos and for service configs all ask the same
// question and get the same answer.
package method

// A Class says what a second call of a method with the same request does.
type Class int

// Classes.
const (
	// Unknown: nothing is known of the method.
	Unknown Class = iota
	// Safe methods change nothing (RFC 9110, 9.2.1; NO_SIDE_EFFECTS).
	Safe
	// Declared idempotent, by idempotency_level or by a directive.
	Declared
	// Natural idempotence: PUT, DELETE, full replacement, or an id that
	// the client assigns (AIP-133).
	Natural
	// Token: idempotent if the caller sets the request's token (AIP-155).
	Token
	// Conditional: an etag makes a second call fail (AIP-154).
	Conditional
	// Mutating: a second call changes something again.
	Mutating
)

var classNames = [...]string{
	Unknown: "unknown", Safe: "safe", Declared: "idempotent by declaration", Natural: "idempotent by nature",
	Token: "idempotent with a token", Conditional: "conditional", Mutating: "mutating",
}

func (c Class) String() string { return classNames[c] }

// A Verdict is how a method is classified, and why.
type Verdict struct {
	Class   Class
	Reasons []string // in words, the weightiest first
	// Tokens are the request's token fields, by their proto names, whatever
	// the class: "request_id".
	Tokens []string
	// Etags are the request's etag fields as paths of proto names, those of
	// its resource included: "etag", "order.etag".
	Etags []string
	// Doubt is set where a report at full severity is not warranted:
	// Update, Patch, a client-assigned id, a mutating verb that is not
	// known to do harm when repeated.
	Doubt bool
	// Partial is set where the class is Mutating for want of knowledge: what
	// is not known of the request may protect from repeated calls.
	Partial bool
}

// Repeatable reports whether calling the method again with the same request
// is known to do no harm. A token counts only if the caller sets it, which
// is for the caller of Repeatable to find out.
func (v Verdict) Repeatable() bool {
	switch v.Class {
	case Safe, Declared, Natural, Conditional:
		return true
	}
	return false
}
