// Package rawdesc describes methods from serialized file descriptors, such
// as generated code embeds.
//
// It decodes the few fields that matter by their numbers. So it needs
// neither protobuf's run-time types, which the analyzers would carry into
// the programs of those who link them, nor the definitions of the options:
// they are read alike whether or not somebody has resolved them.
package rawdesc

import (
	"bytes"
	"compress/gzip"
	"fmt"
	"io"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"

	"github.com/grpclint/grpclint/protocheck/method"
)

// Files holds file descriptors, and describes the methods in them.
type Files struct {
	messages map[string][]byte // DescriptorProtos that are not nested, by full name
	methods  map[string]rawMethod
	top      map[string][]byte // as messages, by the name without the package
}

type rawMethod struct {
	service string
	raw     []byte // a MethodDescriptorProto
}

// mostInflated is the size, in bytes, of the largest descriptor that is
// unpacked. The largest in googleapis has a tenth of it.
const mostInflated = 32 << 20

// Add adds a FileDescriptorProto, gzipped or not. What stands in it before
// something that cannot be decoded is kept.
func (f *Files) Add(raw []byte) error {
	if IsGzip(raw) {
		r, err := gzip.NewReader(bytes.NewReader(raw))
		if err != nil {
			return err
		}
		raw, err = io.ReadAll(io.LimitReader(r, mostInflated+1))
		if err != nil {
			return err
		}
		if len(raw) > mostInflated {
			return fmt.Errorf("a descriptor of more than %d bytes", mostInflated)
		}
	}
	if f.messages == nil {
		f.messages = make(map[string][]byte)
		f.methods = make(map[string]rawMethod)
		f.top = make(map[string][]byte)
	}
	pkg := ""
	if err := fields(raw, func(num protowire.Number, v value) error {
		if num == 2 {
			pkg = string(v.bytes)
		}
		return nil
	}); err != nil {
		return err
	}
	return fields(raw, func(num protowire.Number, v value) error {
		switch num {
		case 4: // message_type
			name, err := nameOf(v.bytes)
			if err == nil {
				f.messages[qualified(pkg, name)] = v.bytes
				f.top[name] = v.bytes
			}
			return err
		case 6: // service
			return f.addService(pkg, v.bytes)
		}
		return nil
	})
}

// IsGzip reports whether b begins as gzipped data does. No file descriptor
// does.
func IsGzip(b []byte) bool { return len(b) > 2 && b[0] == 0x1f && b[1] == 0x8b }

func (f *Files) addService(pkg string, raw []byte) error {
	name, err := nameOf(raw)
	if err != nil {
		return err
	}
	service := qualified(pkg, name)
	return fields(raw, func(num protowire.Number, v value) error {
		if num != 2 { // method
			return nil
		}
		name, err := nameOf(v.bytes)
		if err == nil {
			f.methods[service+"/"+name] = rawMethod{service, v.bytes}
		}
		return err
	})
}

func qualified(pkg, name string) string {
	if pkg == "" {
		return name
	}
	return pkg + "." + name
}

// Method describes a method by its full name, "package.Service/Method", and
// names its request's message. The request is described if it is among the
// messages of the files.
func (f *Files) Method(name string) (d method.Description, request string, err error) {
	m, ok := f.methods[name]
	if !ok {
		return d, "", fmt.Errorf("no method %s", name)
	}
	d.Service = m.service
	d.Method = strings.TrimPrefix(name, m.service+"/")
	err = fields(m.raw, func(num protowire.Number, v value) error {
		switch num {
		case 2: // input_type
			request = strings.TrimPrefix(string(v.bytes), ".")
		case 4: // options
			return MethodOptions(v.bytes, &d)
		case 5:
			d.ClientStreaming = v.number != 0
		case 6:
			d.ServerStreaming = v.number != 0
		}
		return nil
	})
	if err != nil {
		return d, "", err
	}
	d.Request, err = f.message(request, true)
	return d, request, err
}

// FieldMask is the full name of the message that says which fields others
// are about.
const FieldMask = "google.protobuf.FieldMask"

// message describes a message, nil if it is in none of the files.
func (f *Files) message(name string, deep bool) (*method.Message, error) {
	raw := f.find(name)
	if raw == nil {
		return nil, nil
	}
	m := &method.Message{Name: name}
	var oneofs []string // names
	var members []int   // for each field, its oneof, or -1
	var types []string  // for each field, its message's name, or ""
	err := fields(raw, func(num protowire.Number, v value) error {
		switch num {
		case 2: // field
			field, oneof, typeName, err := parseField(v.bytes)
			m.Fields, members, types = append(m.Fields, field), append(members, oneof), append(types, typeName)
			return err
		case 7: // options
			resource, err := IsResource(v.bytes)
			m.Resource = m.Resource || resource
			return err
		case 8: // oneof_decl
			name, err := nameOf(v.bytes)
			oneofs = append(oneofs, name)
			return err
		}
		return nil
	})
	if err != nil {
		return nil, err
	}
	for i := range m.Fields {
		if j := members[i]; j >= 0 && j < len(oneofs) {
			m.Fields[i].Oneof = oneofs[j]
		}
		if deep && types[i] != "" {
			m.Fields[i].Mask = types[i] == FieldMask
			if m.Fields[i].Message, err = f.message(types[i], false); err != nil {
				return nil, err
			}
		}
	}
	return m, nil
}

// find returns the descriptor of a message by its full name, nested ones
// included, as deep as a parser reads them.
func (f *Files) find(name string) []byte {
	outer := name
	for range mostNested {
		if raw, ok := f.messages[outer]; ok {
			return nested(raw, strings.TrimPrefix(name[len(outer):], "."))
		}
		i := strings.LastIndexByte(outer, '.')
		if i < 0 {
			return nil
		}
		outer = outer[:i]
	}
	return nil
}

// nested returns the descriptor of a message inside of another, which is the
// other itself if the name is empty.
func nested(raw []byte, name string) []byte {
	for name != "" {
		var first string
		first, name, _ = strings.Cut(name, ".")
		var found []byte
		_ = fields(raw, func(num protowire.Number, v value) error { // what is broken is not found
			if num == 3 { // nested_type
				if inner, err := nameOf(v.bytes); err == nil && inner == first {
					found = v.bytes
				}
			}
			return nil
		})
		if found == nil {
			return nil
		}
		raw = found
	}
	return raw
}

// parseField reads a FieldDescriptorProto.
func parseField(raw []byte) (f method.Field, oneof int, typeName string, err error) {
	oneof = -1
	optional := false
	err = fields(raw, func(num protowire.Number, v value) error {
		switch num {
		case 1:
			f.Name = string(v.bytes)
		case 4: // label
			f.Repeated, f.Required = v.number == 3, v.number == 2
		case 5: // type
			f.Kind = KindOf(int(min(v.number, 100)))
		case 6:
			typeName = strings.TrimPrefix(string(v.bytes), ".")
		case 8:
			return FieldOptions(v.bytes, &f)
		case 9:
			oneof = int(min(v.number, 1<<30))
		case 17: // proto3_optional
			optional = v.number != 0
		}
		return nil
	})
	if optional {
		oneof = -1 // its oneof is there for the generated code
	}
	if f.Kind != method.MessageKind {
		typeName = "" // of an enum
	}
	return f, oneof, typeName, err
}

// KindOf converts a FieldDescriptorProto.Type, of which protoreflect.Kind
// has the same numbers.
func KindOf(fieldType int) method.Kind {
	switch fieldType {
	case 9:
		return method.StringKind
	case 12:
		return method.BytesKind
	case 10, 11:
		return method.MessageKind
	case 3, 4, 5, 6, 7, 13, 15, 16, 17, 18:
		return method.IntegerKind
	}
	return method.OtherKind
}

func nameOf(raw []byte) (name string, err error) {
	err = fields(raw, func(num protowire.Number, v value) error {
		if num == 1 {
			name = string(v.bytes)
		}
		return nil
	})
	return name, err
}

// A value is that of one field, as it stands on the wire: a number or bytes.
type value struct {
	number uint64
	bytes  []byte
}

// fields calls visit for each field of a message that is a number or bytes.
// The numbers of fields are enough to tell them apart: a field of the wrong
// wire type has a zero value, as an unset one.
func fields(raw []byte, visit func(protowire.Number, value) error) error {
	for len(raw) > 0 {
		num, typ, n := protowire.ConsumeTag(raw)
		if n < 0 {
			return protowire.ParseError(n)
		}
		raw = raw[n:]
		var v value
		switch typ {
		case protowire.VarintType:
			v.number, n = protowire.ConsumeVarint(raw)
		case protowire.BytesType:
			v.bytes, n = protowire.ConsumeBytes(raw)
		default:
			n = protowire.ConsumeFieldValue(num, typ, raw)
		}
		if n < 0 {
			return protowire.ParseError(n)
		}
		raw = raw[n:]
		if err := visit(num, v); err != nil {
			return err
		}
	}
	return nil
}
