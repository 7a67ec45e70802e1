package rawdesc

import (
	"google.golang.org/protobuf/encoding/protowire"

	"github.com/grpclint/grpclint/protocheck/method"
)

// Field numbers of options.
const (
	idempotencyLevel = 34        // google.protobuf.MethodOptions
	httpExtension    = 72295728  // google.api.http
	fieldBehavior    = 1052      // google.api.field_behavior
	fieldInfo        = 291403980 // google.api.field_info
	resource         = 1053      // google.api.resource
)

// MethodOptions reads serialized google.protobuf.MethodOptions.
func MethodOptions(raw []byte, d *method.Description) error {
	return fields(raw, func(num protowire.Number, v value) error {
		switch num {
		case idempotencyLevel:
			if v.number <= uint64(method.Idempotent) {
				d.Level = method.Level(v.number)
			}
		case httpExtension:
			return httpRule(v.bytes, d, true)
		}
		return nil
	})
}

// httpVerbs are the verbs that fields of a google.api.HttpRule stand for.
var httpVerbs = map[protowire.Number]string{2: "GET", 3: "PUT", 4: "POST", 5: "DELETE", 6: "PATCH"}

// httpRule reads a google.api.HttpRule and, at the top, its additional
// bindings, which have none themselves.
func httpRule(raw []byte, d *method.Description, top bool) error {
	var rule method.HTTPRule
	var additional [][]byte
	err := fields(raw, func(num protowire.Number, v value) error {
		switch num {
		case 2, 3, 4, 5, 6:
			rule.Verb, rule.Path = httpVerbs[num], string(v.bytes)
		case 7:
			rule.Body = string(v.bytes)
		case 8: // custom
			return fields(v.bytes, func(num protowire.Number, v value) error {
				switch num {
				case 1:
					rule.Verb = string(v.bytes)
				case 2:
					rule.Path = string(v.bytes)
				}
				return nil
			})
		case 11:
			additional = append(additional, v.bytes)
		}
		return nil
	})
	if err != nil {
		return err
	}
	if rule.Verb != "" {
		d.HTTP = append(d.HTTP, rule)
	}
	if !top {
		return nil
	}
	for _, raw := range additional {
		if err := httpRule(raw, d, false); err != nil {
			return err
		}
	}
	return nil
}

// FieldOptions reads serialized google.protobuf.FieldOptions.
func FieldOptions(raw []byte, f *method.Field) error {
	return fields(raw, func(num protowire.Number, v value) error {
		switch num {
		case fieldBehavior:
			if v.bytes == nil {
				f.Behavior |= behavior(v.number)
				return nil
			}
			for packed := v.bytes; len(packed) > 0; {
				number, n := protowire.ConsumeVarint(packed)
				if n < 0 {
					return protowire.ParseError(n)
				}
				f.Behavior |= behavior(number)
				packed = packed[n:]
			}
		case fieldInfo:
			return fields(v.bytes, func(num protowire.Number, v value) error {
				if num == 1 { // format
					f.UUID4 = v.number == 1
				}
				return nil
			})
		}
		return nil
	})
}

func behavior(number uint64) method.Behavior {
	if number == 0 || number > 15 {
		return 0
	}
	return 1 << number
}

// IsResource reports whether serialized google.protobuf.MessageOptions say
// that the message is a resource.
func IsResource(raw []byte) (is bool, err error) {
	err = fields(raw, func(num protowire.Number, _ value) error {
		is = is || num == resource
		return nil
	})
	return is, err
}
