package source

import (
	"strings"

	"github.com/bufbuild/protocompile/ast"
	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"
)

// An option is one as it is written, without the tree that it was parsed
// from.
type option struct {
	name  []namePart
	value value
}

type namePart struct {
	name      string
	extension bool
}

// String is the option's name as it is written.
func (o *option) String() string {
	var parts []string
	for _, p := range o.name {
		if p.extension {
			parts = append(parts, "("+p.name+")")
		} else {
			parts = append(parts, p.name)
		}
	}
	return strings.Join(parts, ".")
}

// A value is an option's value: an ast.Identifier, a string, a number
// (uint64, int64 or float64), a list ([]value) or a message ([]valueField).
type value any

type valueField struct {
	name      string
	extension bool
	value     value
}

func newOption(node *ast.OptionNode) option {
	o := option{value: newValue(node.Val)}
	for _, part := range node.Name.Parts {
		o.name = append(o.name, namePart{string(part.Name.AsIdentifier()), part.IsExtension()})
	}
	return o
}

// newValue copies a value. How deep it may nest the scanner has limited.
func newValue(node ast.ValueNode) value {
	if node == nil {
		return nil
	}
	switch v := node.Value().(type) {
	case []ast.ValueNode:
		list := make([]value, 0, len(v))
		for _, item := range v {
			list = append(list, newValue(item))
		}
		return list
	case []*ast.MessageFieldNode:
		fields := make([]valueField, 0, len(v))
		for _, field := range v {
			if field.Name.IsAnyTypeReference() {
				fields = append(fields, valueField{value: nil}) // nobody asks for these
				continue
			}
			fields = append(fields, valueField{string(field.Name.Name.AsIdentifier()), field.Name.IsExtension(), newValue(field.Val)})
		}
		return fields
	default:
		return v
	}
}

// An optionsMessage is a google.protobuf.*Options.
type optionsMessage interface {
	proto.Message
	GetUninterpretedOption() []*descriptorpb.UninterpretedOption
}

func setUninterpreted(on optionsMessage, options []*descriptorpb.UninterpretedOption) {
	switch on := on.(type) {
	case *descriptorpb.FileOptions:
		on.UninterpretedOption = options
	case *descriptorpb.MessageOptions:
		on.UninterpretedOption = options
	case *descriptorpb.FieldOptions:
		on.UninterpretedOption = options
	case *descriptorpb.OneofOptions:
		on.UninterpretedOption = options
	case *descriptorpb.ExtensionRangeOptions:
		on.UninterpretedOption = options
	case *descriptorpb.EnumOptions:
		on.UninterpretedOption = options
	case *descriptorpb.EnumValueOptions:
		on.UninterpretedOption = options
	case *descriptorpb.ServiceOptions:
		on.UninterpretedOption = options
	case *descriptorpb.MethodOptions:
		on.UninterpretedOption = options
	}
}

// eachOptions visits the options of everything in a file that has some, with
// the full name of what encloses it; of a field, also the field.
func eachOptions(file *descriptorpb.FileDescriptorProto, visit func(scope string, on optionsMessage, field *descriptorpb.FieldDescriptorProto)) {
	w := optionsWalk{visit}
	pkg := file.GetPackage()
	if file.Options != nil {
		visit(pkg, file.Options, nil)
	}
	for _, m := range file.MessageType {
		w.message(pkg, m)
	}
	for _, e := range file.EnumType {
		w.enum(pkg, e)
	}
	w.fields(pkg, file.Extension)
	for _, s := range file.Service {
		if s.Options != nil {
			visit(pkg, s.Options, nil)
		}
		for _, m := range s.Method {
			if m.Options != nil {
				visit(join(pkg, s.GetName()), m.Options, nil)
			}
		}
	}
}

type optionsWalk struct {
	visit func(scope string, on optionsMessage, field *descriptorpb.FieldDescriptorProto)
}

func (w optionsWalk) message(scope string, m *descriptorpb.DescriptorProto) {
	if m.Options != nil {
		w.visit(scope, m.Options, nil)
	}
	scope = join(scope, m.GetName())
	w.fields(scope, m.Field)
	w.fields(scope, m.Extension)
	for _, o := range m.OneofDecl {
		if o.Options != nil {
			w.visit(scope, o.Options, nil)
		}
	}
	for _, r := range m.ExtensionRange {
		if r.Options != nil {
			w.visit(scope, r.Options, nil)
		}
	}
	for _, e := range m.EnumType {
		w.enum(scope, e)
	}
	for _, nested := range m.NestedType {
		w.message(scope, nested)
	}
}

func (w optionsWalk) fields(scope string, fields []*descriptorpb.FieldDescriptorProto) {
	for _, f := range fields {
		if f.Options != nil {
			w.visit(scope, f.Options, f)
		}
	}
}

func (w optionsWalk) enum(scope string, e *descriptorpb.EnumDescriptorProto) {
	if e.Options != nil {
		w.visit(scope, e.Options, nil)
	}
	scope = join(scope, e.GetName())
	for _, v := range e.Value {
		if v.Options != nil {
			w.visit(scope, v.Options, nil)
		}
	}
}

func join(scope, name string) string {
	if scope == "" {
		return name
	}
	return scope + "." + name
}

// interpret sets the custom, or the other, options of an element. What cannot
// be interpreted is kept as it is written if rules could want it, so that
// they know that they do not know.
func (p *pending) interpret(e *encoder, custom bool) {
	var encoded fields
	for i := range p.options {
		o := &p.options[i]
		if len(o.name) == 0 || o.name[0].extension != custom || p.pseudo(o) {
			continue
		}
		known := len(encoded)
		var ok bool
		if encoded, ok = e.option(encoded, p.on.ProtoReflect().Descriptor(), p.scope, o.name, o.value); !ok {
			encoded = encoded[:known]
			if wanted(o) {
				setUninterpreted(p.on, append(p.on.GetUninterpretedOption(), uninterpreted(o)))
			}
		}
	}
	if len(encoded) > 0 {
		// The resolver that knows nothing keeps custom options as they
		// are encoded.
		_ = proto.UnmarshalOptions{Merge: true, AllowPartial: true, Resolver: noExtensions}.Unmarshal(encoded.bytes(), p.on)
	}
	if custom && p.field != nil && proto.Size(p.on) == 0 {
		p.field.Options = nil // json_name alone is no option
	}
}

// pseudo sets what is written as an option of a field and is none.
func (p *pending) pseudo(o *option) bool {
	if p.field == nil || len(o.name) != 1 || o.name[0].extension {
		return false
	}
	switch o.name[0].name {
	case "json_name":
		if name, ok := o.value.(string); ok && p.field.Extendee == nil {
			p.field.JsonName = proto.String(name)
		}
		return true
	case "default":
		return true // no rule asks for it
	}
	return false
}

// wanted reports whether an option that is not known may be one that rules
// ask for. Names may be relative, so the last word decides.
func wanted(o *option) bool {
	if !o.name[0].extension {
		return false
	}
	name := o.name[0].name
	switch name[strings.LastIndexByte(name, '.')+1:] {
	case "http", "field_behavior", "field_info", "resource", "resource_reference", "method_signature", "operation_info":
		return true
	}
	return false
}

func uninterpreted(o *option) *descriptorpb.UninterpretedOption {
	u := new(descriptorpb.UninterpretedOption)
	for _, part := range o.name {
		u.Name = append(u.Name, &descriptorpb.UninterpretedOption_NamePart{
			NamePart: proto.String(part.name), IsExtension: proto.Bool(part.extension),
		})
	}
	return u
}

// noExtensions resolves nothing.
var noExtensions = nothing{}

type nothing struct{}

func (nothing) FindExtensionByName(protoreflect.FullName) (protoreflect.ExtensionType, error) {
	return nil, errNotFound
}

func (nothing) FindExtensionByNumber(protoreflect.FullName, protoreflect.FieldNumber) (protoreflect.ExtensionType, error) {
	return nil, errNotFound
}
