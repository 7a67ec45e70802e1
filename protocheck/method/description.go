package method

import (
	"slices"
	"strings"
)

// A Description is what is known of a method, from whatever source.
type Description struct {
	Service string // "package.Service"; "" if unknown
	Method  string // "CreateOrder"

	ClientStreaming, ServerStreaming bool

	Level Level      // option idempotency_level
	HTTP  []HTTPRule // option (google.api.http), additional bindings included

	// Request is the message that the client sends, nil if its fields are
	// not known.
	Request *Message

	// Comment is what the source says above the method, "" if unknown.
	Comment string

	// Declared is the reason that a //grpclint:idempotent directive gives,
	// "" without one.
	Declared string
}

// FullName is how a method is written for people: "package.Service/Method".
func (d *Description) FullName() string {
	if d.Service == "" {
		return d.Method
	}
	return d.Service + "/" + d.Method
}

// Streams reports whether either side sends a stream.
func (d *Description) Streams() bool { return d.ClientStreaming || d.ServerStreaming }

// A Level is a google.protobuf.MethodOptions.IdempotencyLevel.
type Level int

// Levels, by their numbers in descriptor.proto.
const (
	LevelUnknown  Level = iota // IDEMPOTENCY_UNKNOWN, the default
	NoSideEffects              // NO_SIDE_EFFECTS
	Idempotent                 // IDEMPOTENT
)

// An HTTPRule is one binding of a google.api.HttpRule.
type HTTPRule struct {
	Verb string // upper case: "GET"; of a custom pattern, its kind
	Path string // "/v1/{name=orders/*}:cancel"
	Body string // "", "*" or a field's name
}

// custom returns the custom verb of a path: "cancel" of ".../*}:cancel".
func (r HTTPRule) custom() string {
	tail := r.Path[max(strings.LastIndexByte(r.Path, '/'), strings.LastIndexByte(r.Path, '}'))+1:]
	_, verb, _ := strings.Cut(tail, ":")
	return verb
}

// A Message is a message type with its fields in the order of the source.
type Message struct {
	Name     string // full: "package.CreateOrderRequest"
	Resource bool   // has option (google.api.resource)
	Partial  bool   // the type of a field is not known: its file is not there
	Fields   []Field
}

// Field returns the field with that name, or nil. A nil message has none.
func (m *Message) Field(name string) *Field {
	if m == nil {
		return nil
	}
	for i := range m.Fields {
		if m.Fields[i].Name == name {
			return &m.Fields[i]
		}
	}
	return nil
}

// A Field is one field of a message.
type Field struct {
	Name     string
	Kind     Kind
	Repeated bool // a list or a map
	Required bool // proto2's label; see also Behavior
	// Oneof is the oneof that the field is a member of, "" if it is none.
	// The oneof that makes a proto3 field optional does not count.
	Oneof    string
	Behavior Behavior
	UUID4    bool // (google.api.field_info).format = UUID4
	Mask     bool // a google.protobuf.FieldMask

	// Message is the type of a field of Kind MessageKind. Only that of the
	// request's own fields is known, and without the types of its fields.
	Message *Message
}

// A Kind says what a field holds, as far as it matters here.
type Kind uint8

// Kinds.
const (
	OtherKind   Kind = iota // bool, enum, float, double
	StringKind              // string
	BytesKind               // bytes
	IntegerKind             // all integers
	MessageKind             // message or group
)

// Behavior is a set of google.api.field_behavior values: the bit 1<<n is set
// for the value n.
type Behavior uint16

// Behaviors.
const (
	Optional   Behavior = 1 << 1
	Required   Behavior = 1 << 2
	OutputOnly Behavior = 1 << 3
	InputOnly  Behavior = 1 << 4
	Immutable  Behavior = 1 << 5
	Identifier Behavior = 1 << 8 // AIP-203: what identifies a resource; no input of Create
)

// Has reports whether the set has one of the given behaviors.
func (b Behavior) Has(other Behavior) bool { return b&other != 0 }

// required reports whether the caller has to set the field.
func (f *Field) required() bool { return f.Required || f.Behavior.Has(Required) }

// scalar reports whether the field holds one string, bytes or integer.
func (f *Field) scalar() bool {
	return !f.Repeated && (f.Kind == StringKind || f.Kind == BytesKind || f.Kind == IntegerKind)
}

// input reports whether the server looks at what the caller sets.
func (f *Field) input() bool { return !f.Behavior.Has(OutputOnly | Identifier) }

// Trim drops from d what no verdict depends on: what is carried from package
// to package is better small. Of paths the last segment is left, of the
// messages of fields what can be an id, a token or an etag.
func (d *Description) Trim() {
	rules := d.HTTP
	d.HTTP = nil
	for _, rule := range rules {
		rule.Path = rule.Path[strings.LastIndex(rule.Path, "/")+1:]
		rule.Body = ""
		if !slices.Contains(d.HTTP, rule) {
			d.HTTP = append(d.HTTP, rule)
		}
	}
	if d.Request == nil {
		return
	}
	trimmed := &Message{Name: d.Request.Name, Resource: d.Request.Resource}
	for _, f := range d.Request.Fields {
		switch {
		case f.Kind == OtherKind:
			continue
		case f.Kind != MessageKind && f.Repeated:
			continue
		case f.Kind == MessageKind:
			inner := f.Message
			f.Message = nil
			if inner != nil {
				f.Message = &Message{Resource: inner.Resource}
				for _, g := range inner.Fields {
					if matters(&g) {
						g.Message = nil
						f.Message.Fields = append(f.Message.Fields, g)
					}
				}
			}
		}
		trimmed.Fields = append(trimmed.Fields, f)
	}
	d.Request = trimmed
}

// matters reports whether a field of a field's message can bear on a
// verdict.
func matters(f *Field) bool {
	return f.scalar() && (isEtag(f.Name) || isIdentity(f.Name) || isToken(f.Name, DefaultTokens()))
}
