package rawdesc

import (
	"bytes"
	"slices"
	"strings"

	"google.golang.org/protobuf/encoding/protowire"
)

// Field numbers of the options by which validators know what to ask for. Both
// libraries have one extension of a number for each kind of options.
const (
	protovalidate = 1159 // buf.validate.message, .oneof and .field
	pgv           = 1071 // validate.disabled, .required and .rules
)

// Required returns the fields, "Outer.Inner.field" without the package, that
// a validator refuses a message without: by (buf.validate.field).required,
// by the rules of protoc-gen-validate, by an expression that speaks of the
// field, or as the only member of a oneof that is required. Whether somebody
// runs a validator is not to be seen here. The list is sorted. validated says
// whether there are options of a validator at all.
func (f *Files) Required() (required []string, validated bool) {
	for name, raw := range f.top {
		list, found := requiredIn(name, raw, 0)
		required = append(required, list...)
		validated = validated || found
	}
	slices.Sort(required)
	return required, validated
}

// mostNested is how deep messages may be inside of others: a parser's own bound.
const mostNested = 100

func requiredIn(message string, raw []byte, depth int) (required []string, validated bool) {
	var rules []byte                 // of the message
	var members = map[int][]string{} // of oneofs
	var asked []int                  // oneofs that are required
	var names []string
	oneofs := 0
	_ = fields(raw, func(num protowire.Number, v value) error { // what is broken requires nothing
		switch num {
		case 2: // field
			f, oneof, _, err := parseField(v.bytes)
			if err != nil {
				return err
			}
			names = append(names, f.Name)
			if oneof >= 0 {
				members[oneof] = append(members[oneof], f.Name)
			}
			is, found := fieldRequired(v.bytes)
			if is {
				required = append(required, message+"."+f.Name)
			}
			validated = validated || found
		case 3: // nested_type
			name, err := nameOf(v.bytes)
			if err != nil || depth == mostNested {
				return err
			}
			list, found := requiredIn(message+"."+name, v.bytes, depth+1)
			required = append(required, list...)
			validated = validated || found
		case 7: // options
			rules = slices.Concat(rules, option(v.bytes, protovalidate))
		case 8: // oneof_decl
			if oneofRequired(v.bytes) {
				asked = append(asked, oneofs)
			}
			oneofs++
		}
		return nil
	})
	for _, i := range asked {
		if len(members[i]) == 1 {
			required = append(required, message+"."+members[i][0])
		}
	}
	// An expression of the language that such rules have: it may ask for the
	// field, or speak of it otherwise.
	for _, name := range names {
		if mentions(rules, "this."+name) {
			required = append(required, message+"."+name)
		}
	}
	slices.Sort(required)
	return slices.Compact(required), validated || rules != nil || asked != nil
}

// fieldRequired reads a FieldDescriptorProto.
func fieldRequired(raw []byte) (required, validated bool) {
	_ = fields(raw, func(num protowire.Number, v value) error {
		if num != 8 { // options
			return nil
		}
		if rules := option(v.bytes, protovalidate); rules != nil {
			const ignoreAlways = 3
			validated = true
			required = required || number(rules, 25) == 1 && number(rules, 27) != ignoreAlways && number(rules, 24) == 0
		}
		if rules := option(v.bytes, pgv); rules != nil {
			validated = true
			required = required || number(option(rules, 17), 2) == 1 // MessageRules
			for _, known := range []protowire.Number{20, 21, 22} {   // AnyRules, DurationRules, TimestampRules
				required = required || number(option(rules, known), 1) == 1
			}
		}
		return nil
	})
	return required, validated
}

// oneofRequired reads a OneofDescriptorProto.
func oneofRequired(raw []byte) bool {
	options := option(raw, 2)
	return number(option(options, protovalidate), 1) == 1 || number(options, pgv) == 1
}

// option returns the bytes of a field of a message, those of several one
// behind the other, as a parser would merge them.
func option(raw []byte, want protowire.Number) []byte {
	var found []byte
	_ = fields(raw, func(num protowire.Number, v value) error {
		if num == want {
			found = append(found, v.bytes...)
			if found == nil {
				found = []byte{} // present and empty
			}
		}
		return nil
	})
	return found
}

func number(raw []byte, want protowire.Number) uint64 {
	var found uint64
	_ = fields(raw, func(num protowire.Number, v value) error {
		if num == want {
			found = v.number
		}
		return nil
	})
	return found
}

// mentions looks for a name that no other character of names follows.
func mentions(text []byte, name string) bool {
	for i := bytes.Index(text, []byte(name)); i >= 0; {
		rest := text[i+len(name):]
		if len(rest) == 0 || !strings.ContainsRune("_abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789", rune(rest[0])) {
			return true
		}
		text = rest
		i = bytes.Index(text, []byte(name))
	}
	return false
}
