package request

import (
	"go/constant"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/protocheck/method"
)

// A KeyState says what is known of a request's idempotency token.
type KeyState uint8

// States of a token.
const (
	KeyUnknown KeyState = iota
	NoKey               // the request has no field for one
	KeyUnset            // the request is built in sight and leaves it out
	KeySet              // the same for all attempts
	KeyFresh            // made anew for each
)

// A Key says how a request's token comes about.
type Key struct {
	State KeyState
	// Store sets the field, and Call makes the value, if both are in the
	// function that makes the request.
	Store     *ssa.Store
	Call      *ssa.Call
	Generator string // "uuid.NewString"
	Field     string // Go name
	Metadata  string // the key, if it travels as metadata

	from []ssa.Value // what it is made of, if that is known
}

// KeyOf finds out about the token of a request whose message is in sight.
func (x *Index) KeyOf(r *Request, rg Region) Key {
	if key, ok := x.metadataKey(r, rg); ok {
		return key
	}
	tokens := r.RPC.Verdict.Tokens
	if len(tokens) == 0 && r.RPC.FullMethod != "" && r.RPC.Verdict.Class != method.Unknown {
		return Key{State: NoKey}
	}
	if r.Message == nil || r.key.State == KeySet || r.key.State == KeyFresh {
		return x.renewed(r.key, rg)
	}
	fields := tokenFields(r.Message.Type(), tokens)
	if len(fields) == 0 {
		return Key{}
	}
	key := x.keyIn(x.Root(r.Message), fields, r.Call, rg)
	if key.State == KeyUnset && r.handed {
		return Key{}
	}
	return key
}

// renewed is a key as it is for the attempts in a region, in which what it is
// made of may be made anew.
func (x *Index) renewed(key Key, rg Region) Key {
	if key.State == KeyFresh {
		return key
	}
	for _, v := range key.from {
		if call := x.freshIn(v, rg); call != nil {
			key.State, key.Call, key.Generator = KeyFresh, call, x.generatorName(call)
		}
	}
	return key
}

// keyIn finds the token in a message that is used by a call, or returned.
func (x *Index) keyIn(message ssa.Value, fields map[int]string, use ssa.Instruction, rg Region) Key {
	for _, w := range x.Writes(message) {
		name, ok := fields[w.field]
		if !ok {
			continue
		}
		key := Key{State: KeySet, Store: w.Store, Field: name, from: []ssa.Value{w.Val}}
		if !rg.Holds(w) || x.onlyIfEmpty(w) {
			key.from = nil
			return key
		}
		return x.renewed(key, rg)
	}
	switch message := message.(type) {
	case *ssa.Alloc:
		if !x.handedOn(message, use) {
			key := Key{State: KeyUnset}
			for _, name := range fields {
				key.Field = name
			}
			return key
		}
	case *ssa.Call:
		return x.keyBuilt(message, 0, fields, use, rg)
	case *ssa.Extract:
		if call, ok := message.Tuple.(*ssa.Call); ok {
			return x.keyBuilt(call, message.Index, fields, use, rg)
		}
	}
	return Key{}
}

// tokenFields maps the indices of the token fields of a message's struct to
// their Go names.
func tokenFields(t types.Type, tokens []string) map[int]string {
	p, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return nil
	}
	s, ok := p.Elem().Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	fields := make(map[int]string)
	for i := range s.NumFields() {
		for part := range strings.SplitSeq(reflect.StructTag(s.Tag(i)).Get("protobuf"), ",") {
			if name, ok := strings.CutPrefix(part, "name="); ok && slices.Contains(tokens, name) {
				fields[i] = s.Field(i).Name()
			}
		}
	}
	return fields
}

// onlyIfEmpty: the field is set behind a condition that looks at it, so that
// the second attempt keeps what the first one has set.
func (x *Index) onlyIfEmpty(w Write) bool {
	field := w.Addr.(*ssa.FieldAddr)
	for block := w.Block(); block.Idom() != nil; block = block.Idom() {
		before := block.Idom()
		test, ok := before.Instrs[len(before.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if x.dependsOn(test.Cond, func(v ssa.Value) bool {
			switch v := v.(type) {
			case *ssa.FieldAddr:
				return v.Field == field.Field && types.Identical(v.X.Type(), field.X.Type())
			case *ssa.Call:
				obj := program.CalledObject(v.Common())
				return obj != nil && obj.Name() == "Get"+program.FieldOf(field.X.Type(), field.Field).Name()
			}
			return false
		}) {
			return true
		}
	}
	return false
}

// handedOn: a message is given to somebody besides the use of it who may set
// its fields.
func (x *Index) handedOn(message ssa.Value, use ssa.Instruction) bool {
	seen := make(map[ssa.Value]bool)
	var escapes func(v ssa.Value) bool
	escapes = func(v ssa.Value) bool {
		if v.Referrers() == nil || len(seen) > maxValues {
			return true
		}
		if seen[v] {
			return false
		}
		seen[v] = true
		for _, user := range *v.Referrers() {
			if user == use {
				continue
			}
			switch user := user.(type) {
			case *ssa.FieldAddr, *ssa.DebugRef, *ssa.UnOp, *ssa.BinOp:
			case *ssa.Store:
				if user.Addr == v {
					continue
				}
				if escapes, ok := x.keptIn(user.Addr, use, escapes); ok {
					if escapes {
						return true
					}
					continue
				}
				variable := x.Program.Variable(user.Addr)
				if variable == nil {
					return true
				}
				for _, name := range x.Program.Names(variable) {
					if slices.ContainsFunc(loadsOf(name), escapes) {
						return true
					}
				}
			case *ssa.Call:
				if obj := program.CalledObject(&user.Call); obj == nil || !IsMessageMethod(obj) && x.stubs.RPC(obj) == nil {
					return true
				}
			default:
				return true
			}
		}
		return false
	}
	return escapes(message)
}

// keptIn: a message is kept in a field of a local struct, and given to somebody
// besides the use of it from there; ok is false if addr is no such field.
func (x *Index) keptIn(addr ssa.Value, use ssa.Instruction, escapes func(ssa.Value) bool) (_, ok bool) {
	field, ok := addr.(*ssa.FieldAddr)
	if !ok {
		return false, false
	}
	owner, ok := field.X.(*ssa.Alloc)
	if !ok {
		return false, false
	}
	for _, user := range *owner.Referrers() {
		switch user := user.(type) {
		case *ssa.FieldAddr, *ssa.UnOp, *ssa.DebugRef:
		default:
			if user != use {
				return true, true
			}
		}
	}
	return slices.ContainsFunc(loadsOf(owner), escapes), true
}

// loadsOf are the values that are read from a variable, or from its fields.
func loadsOf(addr ssa.Value) []ssa.Value {
	var loads []ssa.Value
	for _, user := range *addr.Referrers() {
		switch user := user.(type) {
		case *ssa.UnOp:
			loads = append(loads, user)
		case *ssa.FieldAddr:
			loads = append(loads, loadsOf(user)...)
		}
	}
	return loads
}

// IsMessageMethod: a method of a generated message that reads it.
func IsMessageMethod(obj *types.Func) bool {
	recv := obj.Signature().Recv()
	return recv != nil && isMessage(recv.Type()) && !strings.HasPrefix(obj.Name(), "Set")
}

// metadataKey finds an idempotency key that is sent as metadata.
func (x *Index) metadataKey(r *Request, rg Region) (Key, bool) {
	if r.Context == nil {
		return Key{}, false
	}
	var use Key
	found := x.dependsOn(r.Context, func(v ssa.Value) bool {
		call, ok := v.(*ssa.Call)
		if !ok {
			return false
		}
		obj := program.CalledObject(call.Common())
		if obj == nil || codeflow.PathOf(obj) != "google.golang.org/grpc/metadata" {
			return false
		}
		var pairs []ssa.Value
		switch obj.Name() {
		case "AppendToOutgoingContext":
			pairs = x.Elements(program.SignatureArg(call, 1))
		case "Pairs":
			pairs = x.Elements(program.SignatureArg(call, 0))
		}
		for i := 0; i+1 < len(pairs); i += 2 {
			c, ok := pairs[i].(*ssa.Const)
			if !ok || c.Value == nil || c.Value.Kind() != constant.String {
				continue
			}
			key := constant.StringVal(c.Value)
			switch strings.ToLower(key) {
			case "idempotency-key", "x-idempotency-key":
			default:
				continue
			}
			use = Key{State: KeySet, Metadata: key}
			if rg.Holds(call) {
				use.from = pairs[i+1 : i+2]
				use = x.renewed(use, rg)
			}
			return true
		}
		return false
	})
	return use, found
}
