package protocheck

import (
	"strings"
	"unicode"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/annotation"
	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/method/describe"
)

// An rpc is a method with what rules ask of it again and again.
type rpc struct {
	protoreflect.MethodDescriptor
	http  []method.HTTPRule
	level method.Level
	// verdict is how the method is classified, undeclared how it would be
	// if it had no idempotency_level.
	verdict, undeclared method.Verdict
	verb, noun          string // of the name: Create and Book of CreateBook
}

// rpcsOf returns the methods of a file whose requests and options are known.
func (p *pass) rpcsOf(file protoreflect.FileDescriptor) []*rpc {
	if p.rpcs != nil {
		return p.rpcs
	}
	p.rpcs = []*rpc{}
	for service := range all(file.Services()) {
		for m := range all(service.Methods()) {
			if m.Input().IsPlaceholder() || m.Output().IsPlaceholder() || !annotation.Resolved(m) {
				continue
			}
			p.rpcs = append(p.rpcs, describeRPC(m, p.opts.Tokens))
		}
	}
	return p.rpcs
}

func (r *rpc) unary() bool { return !r.IsStreamingClient() && !r.IsStreamingServer() }

func describeRPC(m protoreflect.MethodDescriptor, tokens []string) *rpc {
	r := &rpc{MethodDescriptor: m}
	r.verb, r.noun = splitVerb(string(m.Name()))
	d := describe.Method(m)
	r.http, r.level = d.HTTP, d.Level
	r.verdict = method.Classify(d, method.Options{Tokens: tokens})
	r.undeclared = r.verdict
	if r.level == method.LevelUnknown {
		return r
	}
	d.Level = method.LevelUnknown
	r.undeclared = method.Classify(d, method.Options{Tokens: tokens})
	return r
}

// mutates reports whether a second call may change something. It is false
// for methods of which nobody knows.
func (r *rpc) mutates() bool {
	switch r.undeclared.Class {
	case method.Unknown, method.Safe:
		return false
	}
	return true
}

// customVerb returns what follows the colon in a path, "merge" in
// "/v1/{name=shelves/*}:merge" (AIP-136).
func customVerb(path string) string {
	depth := 0
	for i, c := range path {
		switch {
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == ':' && depth == 0:
			return path[i+1:]
		}
	}
	return ""
}

// resource returns the field of the request that holds the resource which
// the method is about, nil if there is none: the body of the HTTP request,
// or the message that the method is called after.
func (r *rpc) resource() protoreflect.FieldDescriptor {
	for f := range all(r.Input().Fields()) {
		if m := singularMessage(f); m != nil && string(m.Name()) == r.noun {
			return f
		}
	}
	for _, rule := range r.http {
		if rule.Body == "" || rule.Body == "*" {
			continue
		}
		if f := r.Input().Fields().ByName(protoreflect.Name(rule.Body)); f != nil && singularMessage(f) != nil {
			return f
		}
	}
	return nil
}

// singularMessage returns a field's message. It is nil for scalars, lists
// and maps, for types that are not known, and for the well-known types.
func singularMessage(f protoreflect.FieldDescriptor) protoreflect.MessageDescriptor {
	m := f.Message()
	if m == nil || f.Cardinality() == protoreflect.Repeated || m.IsPlaceholder() || isWellKnown(m) {
		return nil
	}
	return m
}

func isWellKnown(d protoreflect.Descriptor) bool { return within(d.FullName(), "google.protobuf") }

// within reports whether a name is in a package or a package below it.
func within(name protoreflect.FullName, pkg string) bool {
	rest, ok := strings.CutPrefix(string(name), pkg)
	return ok && (rest == "" || rest[0] == '.')
}

// splitVerb splits a method's name after its first word.
func splitVerb(name string) (verb, noun string) {
	for i, c := range name {
		if i > 0 && unicode.IsUpper(c) {
			return name[:i], name[i:]
		}
	}
	return name, ""
}

// inRealOneof reports whether a field excludes others; proto3's optional
// makes a oneof of one.
func inRealOneof(f protoreflect.FieldDescriptor) bool {
	oneof := f.ContainingOneof()
	return oneof != nil && !oneof.IsSynthetic()
}

// isDeprecated reports whether a field has the option of that name: nobody
// changes what is on its way out.
func isDeprecated(f protoreflect.FieldDescriptor) bool {
	options, ok := f.Options().(interface{ GetDeprecated() bool })
	return ok && options.GetDeprecated()
}

// typeName is a field's type as it is written, with its label.
func typeName(f protoreflect.FieldDescriptor) string {
	if f.IsMap() {
		return "a map"
	}
	name := f.Kind().String()
	switch {
	case f.Message() != nil:
		name = string(f.Message().Name())
	case f.Enum() != nil:
		name = string(f.Enum().Name())
	}
	if f.IsList() {
		return "repeated " + name
	}
	return name
}

// singular is how a field's type is written if it is to be one string.
func singular(f protoreflect.FieldDescriptor) string {
	if f.HasOptionalKeyword() {
		return "optional string"
	}
	return "string"
}
