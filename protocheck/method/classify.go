package method

import (
	"fmt"
	"slices"
	"strings"
)

// Options of [Classify]. The zero value is what most want.
type Options struct {
	// Tokens are the names of the fields that tell a repeated request from
	// a new one, nil for [DefaultTokens].
	Tokens []string
}

// DefaultTokens returns the field names that stand for AIP-155's request_id.
func DefaultTokens() []string {
	return []string{"request_id", "idempotency_key", "client_token", "request_token", "client_request_id", "insert_id"}
}

// Classify judges what a second call of a method does. What people state
// comes before what protocols require, and that before what names suggest;
// where they contradict each other, the verdict has Doubt.
func Classify(d Description, opts Options) Verdict {
	tokens := opts.Tokens
	if tokens == nil {
		tokens = DefaultTokens()
	}
	c := classifier{d: &d, tokens: tokens}
	c.verb, c.effect = Verb(d.Method)
	c.http = httpVerb(d.HTTP)
	return c.verdict()
}

type classifier struct {
	d      *Description
	tokens []string
	verb   string
	effect Effect
	http   string // the one verb of all bindings, else ""
}

func (c *classifier) verdict() Verdict {
	v := c.stated()
	if v.Class == Unknown {
		v = c.repeated()
	}
	v.Tokens, v.Etags = c.tokenFields(), c.etagFields()
	if v.Class == Mutating || v.Class == Unknown {
		c.protected(&v)
	}
	if v.Class == Mutating && (c.d.Request == nil || c.d.Request.Partial) {
		v.because("not all fields of its request are known: one may tell repeated calls from new ones")
		v.Doubt, v.Partial = true, true
	}
	if v.Class == Unknown {
		v.because("neither its name nor an option tells what it does")
	}
	return v
}

func (v *Verdict) because(format string, args ...any) {
	v.Reasons = append(v.Reasons, fmt.Sprintf(format, args...))
}

// aboveAll adds the weightiest reason.
func (v *Verdict) aboveAll(format string, args ...any) {
	v.Reasons = slices.Insert(v.Reasons, 0, fmt.Sprintf(format, args...))
}

// stated is what the method's authors say of it.
func (c *classifier) stated() (v Verdict) {
	if c.d.Declared != "" {
		v.Class = Declared
		v.because("//grpclint:idempotent: %s", c.d.Declared)
	}
	switch c.d.Level {
	case NoSideEffects:
		if v.Class == Unknown {
			v.Class = Safe
		}
		v.because("its idempotency_level is NO_SIDE_EFFECTS")
		switch {
		case c.effect > Reads:
			v.because("but its name says otherwise: %s", c.verb)
			v.Doubt = v.Class == Safe
		case c.http != "" && c.http != "GET" && c.http != "POST":
			v.because("but it is called with HTTP %s", c.http)
			v.Doubt = v.Class == Safe
		}
	case Idempotent:
		if v.Class == Unknown {
			v.Class = Declared
		}
		v.because("its idempotency_level is IDEMPOTENT")
	}
	return v
}

// repeated is what the method does by HTTP's rules and by its name.
func (c *classifier) repeated() (v Verdict) {
	switch c.http {
	case "GET", "HEAD":
		return c.get()
	case "PUT":
		return c.put()
	case "DELETE":
		v.Class = Natural
		v.because("it is called with HTTP DELETE")
		return v
	}
	if c.http == "PATCH" && c.effect != Multiply {
		v.Class, v.Doubt = Mutating, true
		v.because("it is called with HTTP PATCH")
		return v
	}
	return c.named()
}

// get judges a method that is called with HTTP GET.
func (c *classifier) get() (v Verdict) {
	if c.effect <= Reads {
		v.Class = Safe
		v.because("it is called with HTTP %s", c.http)
		return v
	}
	v = c.named()
	v.Doubt = true
	v.because("but it is called with HTTP %s, for what changes nothing", c.http)
	return v
}

// additive verbs mean more each time, whatever they are called with.
var additive = []string{
	"Append", "Buy", "Charge", "Credit", "Debit", "Decrement", "Deposit", "Enqueue", "Execute", "Increment", "Issue", "Mint", "Pay", "Publish",
	"Purchase", "Redeem", "Refund", "Sell", "Send", "Transfer", "Withdraw",
}

// put judges a method that is called with HTTP PUT.
func (c *classifier) put() (v Verdict) {
	if slices.Contains(additive, c.verb) {
		v = c.named()
		v.Doubt = true
		v.because("but it is called with HTTP PUT, for what can be repeated")
		return v
	}
	v.Class = Natural
	v.because("it is called with HTTP PUT")
	return v
}

// named judges a method by its name.
func (c *classifier) named() (v Verdict) {
	switch c.effect {
	case Reads:
		v.Class = Safe
		v.because("its name says that it reads: %s", c.verb)
		if c.http != "" && c.http != "GET" && !c.custom() {
			v.Doubt = true
			v.because("but it is called with HTTP %s", c.http)
		}
	case Sets:
		v.Class, v.Doubt = Natural, true
		v.because("its name says that the second time changes nothing: %s", c.verb)
	case Multiply:
		v.Class = Mutating
		v.because("its name says that it does something each time: %s", c.verb)
		if c.d.ClientStreaming {
			// No retry sends a stream again as it sends a request.
			v.Doubt = true
			v.because("but its requests come as a stream")
		}
		c.clientAssigned(&v)
	case Mutates:
		v.Class, v.Doubt = Mutating, true
		v.because("its name says that it changes something: %s", c.verb)
	default:
		// POST may be there for want of a better verb: as for all RPCs of
		// some APIs, reads included.
		if c.http != "" && c.http != "GET" {
			v.because("it is called with HTTP %s", c.http)
		}
	}
	return v
}

// custom reports whether POST is there for want of a better verb: all
// bindings have a custom one (":search", AIP-136), or end in the verb
// ("/orders/search"), as reads whose request does not fit in a URL do.
func (c *classifier) custom() bool {
	for _, rule := range c.d.HTTP {
		last := rule.custom()
		if last == "" {
			last = rule.Path[strings.LastIndex(rule.Path, "/")+1:]
		}
		if _, effect := Verb(last); effect != Reads {
			return false
		}
	}
	return true
}

// creating verbs make something that has an id.
var creating = []string{"Add", "Book", "Clone", "Create", "Import", "Insert", "Issue", "Place", "Register", "Start", "Submit", "Upload"}

// clientAssigned weighs whether the client chooses the id of what is made:
// then a second call ends with ALREADY_EXISTS (AIP-133).
func (c *classifier) clientAssigned(v *Verdict) {
	if !slices.Contains(creating, c.verb) || c.d.Request == nil || c.d.ClientStreaming {
		return
	}
	object := bare(objectOf(c.d.Method, c.verb))
	for i := range c.d.Request.Fields {
		f := &c.d.Request.Fields[i]
		if !f.scalar() || !f.input() || isToken(f.Name, c.tokens) {
			continue
		}
		switch {
		case identifies(f.Name, object):
			// Of a part of the name it may be another's: group_id of CreateOrderGroup.
			if f.required() && strings.HasPrefix(bare(f.Name), object) {
				v.Class, v.Doubt = Natural, true
				v.aboveAll("the client chooses the id, %s: a second call finds that it exists", f.Name)
				return
			}
			v.Doubt = true
			v.because("the client can choose the id, %s: a second call then finds that it exists", f.Name)
			return
		case slices.Contains(ownIDs, Snake(f.Name)):
			v.Doubt = true
			v.because("the client seems to choose the id, %s: a second call may find that it exists", f.Name)
			return
		}
	}
	for i := range c.d.Request.Fields {
		f := &c.d.Request.Fields[i]
		if f.Kind != MessageKind || f.Repeated || f.Message == nil || f.Message.Resource && !f.Message.nameIsInput() {
			continue
		}
		if !strings.HasSuffix(object, bare(f.Name)) && object != "" {
			continue // not what is made
		}
		for j := range f.Message.Fields {
			g := &f.Message.Fields[j]
			if g.scalar() && (slices.Contains(ownIDs, Snake(g.Name)) || identifies(g.Name, object)) && g.input() {
				v.Doubt = true
				v.because("the client may choose the id, %s.%s", f.Name, g.Name)
				return
			}
		}
	}
}

// objectOf returns what a method makes: "Item" for AddItemToOrder, whose
// order_id is that of an order that exists.
func objectOf(name, verb string) string {
	words := splitName(name)
	if i := slices.Index(words, verb); i >= 0 && i < len(words)-1 {
		words = words[i+1:]
	} else { // OrderCreate
		words = words[:max(0, len(words)-1)]
	}
	for i, word := range words {
		if i > 0 && slices.Contains(prepositions, word) {
			words = words[:i]
			break
		}
	}
	return strings.Join(words, "")
}

var prepositions = []string{"As", "At", "By", "For", "From", "In", "Into", "Of", "On", "To", "Using", "With"}

// nameIsInput: the name of a resource is the server's to set, says AIP-133,
// unless it is marked as something to give.
func (m *Message) nameIsInput() bool {
	f := m.Field("name")
	return f != nil && f.input() && (f.required() || f.Behavior.Has(Immutable))
}

// ownIDs are fields that name what is made.
var ownIDs = []string{"id", "uid", "uuid", "guid", "key", "name"}

// isIdentity reports whether a field's name says that it identifies
// something.
func isIdentity(name string) bool {
	name = Snake(name)
	return slices.Contains(ownIDs, name) || strings.HasSuffix(name, "_id") || strings.HasSuffix(name, "_key") || strings.HasSuffix(name, "name")
}

// identifies reports whether a field's name is that of the id of what is
// made, be it without an adjective: order_id for CreateBigOrder.
func identifies(field, object string) bool {
	field = Snake(field)
	for _, suffix := range []string{"_id", "_key"} {
		if of, ok := strings.CutSuffix(field, suffix); ok && object != "" && of != "" && strings.HasSuffix(object, bare(of)) {
			return true
		}
	}
	return object != "" && bare(field) == object+"name"
}

// bare makes names comparable, whose words people cut in different places.
func bare(name string) string { return strings.ToLower(strings.ReplaceAll(name, "_", "")) }

// protected weighs what in a request prevents that a second call does harm.
func (c *classifier) protected(v *Verdict) {
	if c.d.Streams() {
		return // ids of requests in streams are there to correlate
	}
	if len(v.Tokens) > 0 {
		if v.Class == Unknown {
			v.Doubt = true
		}
		v.Class = Token
		v.aboveAll("%s tells repeated calls from new ones, if the caller sets it", v.Tokens[0])
		return
	}
	for _, path := range v.Etags {
		if strings.Contains(path, ".") && c.effect != Sets && !slices.Contains(editing, c.verb) {
			continue // a resource that is made, or is a mere argument
		}
		v.Class = Conditional
		v.aboveAll("%s makes a second call fail, if the caller sets it", path)
		return
	}
	if v.Class != Mutating {
		return
	}
	if said := saysRepeatable(c.d.Comment); said != "" {
		v.Class, v.Doubt = Natural, true
		v.aboveAll("its comment says so: %s", said)
		return
	}
	if mask := c.fieldMask(); mask != "" {
		v.Class, v.Doubt = Natural, true
		v.aboveAll("it gives the fields that %s names the values of the request: the second time changes nothing", mask)
		return
	}
	if v.Doubt {
		return
	}
	if path := c.mark(); path != "" {
		v.Doubt = true
		v.because("%s may tell repeated calls from new ones", path)
	}
	if words := splitName(c.d.Method); slices.Contains(passing, words[len(words)-1]) {
		v.Doubt = true
		v.because("what it makes seems to end by itself")
	}
}

// passing things do little harm when there is one too many, because they
// end when nobody uses them: transactions that a server begins, sessions.
var passing = []string{"Session", "Sessions", "Stream", "Streams", "Token", "Tokens", "Transaction", "Transactions", "Upload", "Uploads"}

// marks are fields that place a request among others: a server that reads
// them finds a repeated one out of place, or part of what is done already.
var marks = []string{
	"expected_revision", "expected_version", "nonce", "offset", "seqno", "sequence", "sequence_number", "sequence_token",
	"transaction", "transaction_id", "txn", "txn_id", "write_offset",
}

func isMark(name string) bool { return slices.Contains(marks, name) || strings.Contains(name, "dedup") }

// editing verbs take the resource that they change.
var editing = []string{"Modify", "Patch", "Update", "Apply", "Save", "Store", "Merge"}

// tokenFields lists the fields of the request that are tokens. One of a
// type that AIP-155 forbids is none: an integer request_id, and one among
// alternatives, is there to correlate.
func (c *classifier) tokenFields() []string {
	var names []string
	if c.d.Request == nil || c.d.Streams() {
		return nil
	}
	for i := range c.d.Request.Fields {
		f := &c.d.Request.Fields[i]
		if f.Repeated || f.Oneof != "" || f.Kind != StringKind && f.Kind != BytesKind || f.Behavior.Has(OutputOnly) {
			continue
		}
		if isToken(f.Name, c.tokens) {
			names = append(names, f.Name)
		}
	}
	return names
}

// isToken reports whether a field's name is one of the given ones, or says
// what it is for.
func isToken(name string, tokens []string) bool {
	name = Snake(name)
	return slices.Contains(tokens, name) || strings.Contains(name, "idempoten")
}

// mark finds what places a request among others, and tokens in messages or
// lists of messages of the request: in a header, or in log entries each with
// its insert_id.
func (c *classifier) mark() string {
	if c.d.Request == nil {
		return ""
	}
	for i := range c.d.Request.Fields {
		f := &c.d.Request.Fields[i]
		if !f.Repeated && f.Kind != OtherKind && f.input() && isMark(f.Name) {
			return f.Name
		}
		if f.Message == nil {
			continue
		}
		for j := range f.Message.Fields {
			g := &f.Message.Fields[j]
			if (g.Kind == StringKind || g.Kind == BytesKind) && !g.Repeated && isToken(g.Name, c.tokens) {
				return f.Name + "." + g.Name
			}
		}
	}
	return ""
}

// fieldMask returns the field that says which fields of a resource an update
// sets (AIP-134, AIP-161). What a request adds or takes away it says in other
// fields, which no mask is for.
func (c *classifier) fieldMask() string {
	if c.d.Request == nil || !slices.Contains(editing, c.verb) {
		return ""
	}
	for i := range c.d.Request.Fields {
		f := &c.d.Request.Fields[i]
		if f.Mask && !f.Repeated {
			return f.Name
		}
	}
	return ""
}

func isEtag(name string) bool { return name == "etag" || strings.HasSuffix(name, "_etag") }

// etagFields lists the request's etags, those of its resource included.
func (c *classifier) etagFields() []string {
	var paths []string
	if c.d.Request == nil || c.d.ClientStreaming {
		return nil
	}
	for i := range c.d.Request.Fields {
		f := &c.d.Request.Fields[i]
		switch {
		case f.Repeated:
		case isEtag(f.Name) && (f.Kind == StringKind || f.Kind == BytesKind):
			paths = append(paths, f.Name)
		case f.Kind == MessageKind && f.Message != nil:
			for j := range f.Message.Fields {
				g := &f.Message.Fields[j]
				if g.Name == "etag" && !g.Repeated && (g.Kind == StringKind || g.Kind == BytesKind) {
					paths = append(paths, f.Name+"."+g.Name)
				}
			}
		}
	}
	return paths
}

// httpVerb returns the verb that all bindings share, "" if there is none.
func httpVerb(rules []HTTPRule) string {
	verb := ""
	for i, rule := range rules {
		if i > 0 && rule.Verb != verb {
			return "" // GET for short requests, POST for long ones: neither promises anything
		}
		verb = rule.Verb
	}
	return verb
}
