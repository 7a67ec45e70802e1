package protocheck

import (
	"fmt"
	"regexp"
	"slices"
	"strings"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/annotation"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/method/describe"
)

// idempotencyNoToken reports methods that do their work again when they are
// called again, and whose requests hold nothing by which a server could tell
// a repetition. Whether anybody repeats them is for others to find out.
func idempotencyNoToken(p *pass, r *rpc) {
	if !r.unary() || r.verdict.Class != method.Mutating || r.verdict.Doubt || len(r.verdict.Tokens) > 0 || len(r.verdict.Etags) > 0 {
		return
	}
	if anyField(r.Input(), 0, p.isToken) {
		return // of a type that makes it none: idempotency/token-type
	}
	if !repeats(r) || hasKey(r) || p.saysUnique(r) {
		return
	}
	p.report(Issue{
		At:      Element{Descriptor: r.MethodDescriptor, Part: Name},
		Message: fmt.Sprintf("a repeated %s takes effect twice: its request has no request_id or the like", r.Name()),
	})
}

// Verbs that do it again for certain. Others do so in most APIs, and not in
// some: Register and Import look for what is there, Run may run a query,
// Commit and Submit end with the first time.
var (
	makes  = []string{"Clone", "Create", "Place"}
	sends  = []string{"Append", "Enqueue", "Send"}
	counts = []string{"Add", "Buy", "Charge", "Credit", "Debit", "Decrement", "Deposit", "Increment", "Pay", "Purchase", "Refund", "Transfer", "Withdraw"}
)

// repeats reports whether the second call of a method does the same as the
// first, by its name and by what is in its request.
func repeats(r *rpc) bool {
	switch {
	case anyField(r.Input(), 1, isSequence):
		return false
	case slices.Contains(sends, r.verb):
		return true
	case r.verb == "Publish":
		return (r.noun == "" || strings.Contains(r.noun, "Event") || strings.Contains(r.noun, "Message")) && !anyField(r.Input(), 0, isOpaque)
	case slices.Contains(counts, r.verb):
		return anyField(r.Input(), 1, isAmount)
	case slices.Contains(makes, r.verb):
		return !choice.MatchString(r.noun) && hasContent(r)
	}
	return false
}

var amount = regexp.MustCompile(`(^|_)(amount|cents|quantity)(_|$)`)

// isAmount reports whether a field says how much of something is added.
func isAmount(f protoreflect.FieldDescriptor) bool { return amount.MatchString(string(f.Name())) }

var sequence = regexp.MustCompile(`(^|_)(seq|seqno|sequence|offset)(_|$)`)

// isSequence reports whether a field gives the request its place among
// others.
func isSequence(f protoreflect.FieldDescriptor) bool { return sequence.MatchString(string(f.Name())) }

// choice is in CreateOrUpdateBook and GetOrCreateBook, not in CreateOrder.
var choice = regexp.MustCompile(`Or[A-Z]`)

// hasContent reports whether what is made is more than a relation between
// things that exist, such as a membership: relations are made once.
func hasContent(r *rpc) bool {
	if relation.MatchString(r.noun) || passing.MatchString(string(r.Output().Name())) || anyField(r.Input(), 0, isOpaque) {
		return false
	}
	content := func(f protoreflect.FieldDescriptor) bool {
		return !isReference(f) && !annotation.BehaviorOf(f).Has(method.OutputOnly|method.Identifier)
	}
	if resource := r.resource(); resource != nil {
		return anyField(resource.Message(), 0, content)
	}
	return anyField(r.Input(), 0, content)
}

// relation ends the names of what relates things that exist, of what each
// has one of, and of what is nothing but its name.
var relation = regexp.MustCompile(`(Access|Alias|Assignment|Association|Attachment|Bindings?|Folder|Follow|Grant|Label|Likes?|Link|Lock|Mapping|Members?|Membership|Permission|Reaction|Relation|Relationship|Schema|Settings|Subscription|Tag)$`)

// passing ends the names of replies that are all that a method makes.
var passing = regexp.MustCompile(`(Challenge|Credentials?|Tokens?|Ticket|Ur[il])(Response|Reply|Result)?$`)

// isOpaque reports whether a field may hold anything, such as a name.
func isOpaque(f protoreflect.FieldDescriptor) bool {
	if f.Message() == nil {
		return strings.HasSuffix(string(f.Name()), "yaml") || strings.HasSuffix(string(f.Name()), "json")
	}
	switch f.Message().FullName() {
	case "google.api.HttpBody", "google.protobuf.Any", "google.protobuf.Struct":
		return true
	}
	return f.Message().IsPlaceholder()
}

// isReference reports whether a field names something that exists.
func isReference(f protoreflect.FieldDescriptor) bool {
	return f.Name() == "parent" || isIdentity(f) || annotation.IsReference(f)
}

// isIdentity reports whether a field's name is one of something that is
// identified by it.
func isIdentity(f protoreflect.FieldDescriptor) bool {
	name := method.Snake(string(f.Name()))
	return slices.Contains([]string{"id", "uid", "uuid", "guid", "name", "ids", "names"}, name) || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_ids")
}

// hasKey reports whether a server may know a repetition by something that
// the client sets and that no two of its kind share.
func hasKey(r *rpc) bool {
	if !slices.Contains(makes, r.verb) {
		return false
	}
	isKey := func(f protoreflect.FieldDescriptor) bool {
		if of := f.Message(); of != nil {
			return of.IsPlaceholder() && !describe.IsValue(of) // who knows what it holds
		}
		if describe.IsValue(f.ContainingMessage()) {
			return false // a currency_code identifies nothing that is made
		}
		behavior := annotation.BehaviorOf(f)
		if f.Cardinality() == protoreflect.Repeated || behavior.Has(method.OutputOnly|method.Identifier) || f.Name() == "parent" {
			return false
		}
		if f.Kind() != protoreflect.StringKind && f.Kind() != protoreflect.BytesKind {
			return false
		}
		name := method.Snake(string(f.Name()))
		return key.MatchString(name) && name != "display_name" || behavior.Has(method.Immutable)
	}
	if anyField(r.Input(), 0, isKey) || anyField(r.Input(), 3, isObjectName) {
		return true
	}
	resource := r.resource()
	if resource == nil {
		return false
	}
	return anyField(resource.Message(), 1, isKey)
}

// isObjectName reports whether a field is the name in what comes with every
// object of an API, however deep in its specification: of such, each kind has
// one with that name.
func isObjectName(f protoreflect.FieldDescriptor) bool {
	return f.Name() == "name" && f.Kind() == protoreflect.StringKind && objectMeta.MatchString(string(f.ContainingMessage().Name()))
}

var objectMeta = regexp.MustCompile(`^(Annotations|(Object)?Meta(data)?)$`)

// key is in the names of fields that identify what they belong to.
var key = regexp.MustCompile(`(?i)(^|_)(account|address|alias|code|collection|digest|domain|email|file|fingerprint|handle|host|hostname|identifier|key|login|namespace|nonce|number|path|pattern|phone|sha256|sha|sku|slug|statement|transaction|uri|url|user|username)$|._name$`)

// saysUnique reports whether a comment says that something of what is made
// is so once only, or that the method may be repeated.
func (p *pass) saysUnique(r *rpc) bool {
	says := func(d protoreflect.Descriptor) bool { return unique.MatchString(p.source.Comment(d)) }
	if says(r.MethodDescriptor) || says(r.Input()) {
		return true
	}
	field := func(f protoreflect.FieldDescriptor) bool {
		return !annotation.BehaviorOf(f).Has(method.OutputOnly) && says(f)
	}
	if anyField(r.Input(), 0, field) {
		return true
	}
	resource := r.resource()
	return resource != nil && (says(resource.Message()) || anyField(resource.Message(), 0, field))
}

// unique is in comments on what can be there only once.
var unique = regexp.MustCompile(`(?i)\bunique(ly|ness)?\b|already[ _]?exist|\bduplicates?\b|idempoten|upsert|no-op|if (it|one|the \w+) does(n't| not) exist|creates? or (update|replace)|only one|at most|singleton|(caller|client|user)[- ](specified|assigned|supplied|provided)`)
