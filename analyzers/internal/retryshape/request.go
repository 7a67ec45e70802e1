package retryshape

import (
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/protocheck/method"
)

// A region is the code that runs again for another attempt: a loop, or a
// whole function.
type region struct {
	fn   *ssa.Function
	Loop *loops.Loop // or nil
}

func (rg region) holds(instr ssa.Instruction) bool {
	if instr.Block() == nil || instr.Parent() != rg.fn {
		return false
	}
	return rg.Loop == nil || rg.Loop.Blocks[instr.Block()]
}

// A write is an assignment to a field of a message, or to an element.
type write struct {
	*ssa.Store
	field int // -1 for an element
}

// writes lists the assignments to fields of a message, or of what a variable
// holds, that the package shows.
func (sh *shapes) writes(message ssa.Value) []write {
	if sh.fieldWrites == nil {
		sh.fieldWrites = make(map[ssa.Value][]write)
		for instr := range sh.Program.Instructions {
			store, ok := instr.(*ssa.Store)
			if !ok {
				continue
			}
			switch addr := store.Addr.(type) {
			case *ssa.FieldAddr:
				base := sh.Root(addr.X)
				sh.fieldWrites[base] = append(sh.fieldWrites[base], write{store, addr.Field})
			case *ssa.IndexAddr:
				base := sh.Root(addr.X)
				sh.fieldWrites[base] = append(sh.fieldWrites[base], write{store, -1})
			}
		}
	}
	return sh.fieldWrites[message]
}

// same reports whether another attempt in the region sends the same request:
// every part of it is, but for what generators make anew.
func (sh *shapes) same(r *request, rg region) bool {
	if r.varies {
		return false
	}
	for _, part := range r.parts {
		if !sh.steady(part, rg) {
			return false
		}
	}
	if r.message == nil {
		return true
	}
	if !sh.steady(r.message, rg) {
		return false
	}
	for _, w := range sh.writes(sh.Root(r.message)) {
		if rg.holds(w) && !sh.steady(w.Val, rg) {
			return false // read anew, counted up, the next page
		}
	}
	return true
}

// sameClient reports whether another attempt goes to the same server, as far
// as the program knows.
func (sh *shapes) sameClient(r *request, rg region) bool {
	if r.elsewhere {
		return false
	}
	for _, client := range r.client {
		if !sh.steady(client, rg) || sh.looksUp(client, rg) {
			return false
		}
	}
	return true
}

// looksUp: the connection comes from a function that is asked anew for every
// attempt and may name another server. One that dials, or makes a client of
// a connection, or returns a field, does not.
func (sh *shapes) looksUp(v ssa.Value, rg region) bool {
	return sh.dependsOn(v, func(v ssa.Value) bool {
		call, ok := v.(*ssa.Call)
		if !ok || !rg.holds(call) {
			return false
		}
		obj := program.CalledObject(&call.Call)
		if obj == nil {
			return true
		}
		if sh.stubs.ServiceOf(obj) != "" || codeflow.PathOf(obj) == stub.GRPCPath {
			return false
		}
		fn := sh.Program.Declared(obj)
		return fn == nil || !onlyReads(fn)
	})
}

// A steadiness is the question whether values are the same in every run of a
// region. What a generator of ids makes counts as the same: it names the
// attempt, it is not its subject.
type steadiness struct {
	*shapes
	region
	seen map[ssa.Value]bool
	open map[*ssa.Alloc]bool // variables that are being looked at
}

func (sh *shapes) steady(v ssa.Value, rg region) bool {
	return (&steadiness{sh, rg, make(map[ssa.Value]bool), make(map[*ssa.Alloc]bool)}).of(v)
}

func (s *steadiness) of(v ssa.Value) bool {
	if v == nil || s.seen[v] {
		return true // one that is not has ended the search
	}
	if len(s.seen) > maxValues {
		return false
	}
	s.seen[v] = true
	if variable := s.Program.Variable(v); variable != nil {
		return s.variable(variable, false) // its address: of a message, or captured
	}
	instr, ok := v.(ssa.Instruction)
	if !ok || !s.holds(instr) {
		return true // a constant, a parameter, something made before
	}
	switch v := v.(type) {
	case *ssa.Phi:
		if s.Loop != nil && v.Block() == s.Loop.Header {
			return false
		}
	case *ssa.Next, *ssa.Select, *ssa.Range:
		return false
	case *ssa.UnOp:
		switch v.Op {
		case token.ARROW:
			return false
		case token.MUL:
			return s.load(v)
		}
	case *ssa.Call:
		if !s.call(v) {
			return false
		}
	}
	return !slices.ContainsFunc(operands(v), func(operand ssa.Value) bool { return !s.of(operand) })
}

// variable: what the region stores in a variable, and in the fields of what
// it holds, is the same every time. If it is from before and read as a whole,
// the region must not touch its fields.
func (s *steadiness) variable(variable *ssa.Alloc, read bool) bool {
	if s.open[variable] {
		return false // made of what it was before
	}
	s.open[variable] = true
	defer delete(s.open, variable)
	for _, store := range s.Program.StoresTo(variable) {
		if s.holds(store) && !s.of(store.Val) {
			return false
		}
	}
	for _, w := range s.writes(variable) {
		if s.holds(w) && (read && !s.holds(variable) || !s.of(w.Val)) {
			return false
		}
	}
	return true
}

// load: nothing in the region writes what is read.
func (s *steadiness) load(load *ssa.UnOp) bool {
	switch addr := load.X.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		variable := s.Program.Variable(addr)
		return variable == nil || s.variable(variable, true)
	case *ssa.FieldAddr:
		// It connects anew, or goes on to the next.
		field := program.FieldOf(addr.X.Type(), addr.Field)
		return s.of(addr.X) && !s.stores(func(to ssa.Value) bool {
			addr, ok := to.(*ssa.FieldAddr)
			return ok && program.FieldOf(addr.X.Type(), addr.Field) == field
		})
	case *ssa.Global:
		return !s.stores(func(to ssa.Value) bool { return to == addr })
	}
	return s.of(load.X)
}

// maxCalls bounds how deep calls are followed in search of assignments.
const maxCalls = 3

// stores: the region, or a function of this package that it calls, assigns to
// such an address.
func (s *steadiness) stores(to func(addr ssa.Value) bool) bool {
	seen := make(map[*ssa.Function]bool)
	var visit func(rg region, depth int) bool
	visit = func(rg region, depth int) bool {
		for _, block := range rg.fn.Blocks {
			if rg.Loop != nil && !rg.Loop.Blocks[block] {
				continue
			}
			for _, instr := range block.Instrs {
				switch instr := instr.(type) {
				case *ssa.Store:
					if to(instr.Addr) {
						return true
					}
				case ssa.CallInstruction:
					for _, fn := range s.Program.Callees(instr) {
						if depth > 0 && !seen[fn] {
							seen[fn] = true
							if visit(region{fn: fn}, depth-1) {
								return true
							}
						}
					}
				}
			}
		}
		return false
	}
	return visit(s.region, maxCalls)
}

// call: the result depends on nothing but the arguments.
func (s *steadiness) call(call *ssa.Call) bool {
	obj := program.CalledObject(&call.Call)
	if obj == nil {
		_, builtin := call.Call.Value.(*ssa.Builtin)
		return builtin
	}
	if s.stubs.ServiceOf(obj) != "" || s.generates(call) {
		return true
	}
	sig := obj.Signature()
	for p := range sig.Params().Variables() {
		if stub.IsContext(p.Type()) {
			return false // asks somebody
		}
	}
	if call.Call.IsInvoke() {
		return false
	}
	if sig.Recv() == nil && sig.Params().Len() > 0 {
		return true
	}
	if sig.Recv() != nil {
		if _, pointer := types.Unalias(sig.Recv().Type()).(*types.Pointer); !pointer {
			return true
		}
		if strings.HasPrefix(obj.Name(), "Get") && sig.Params().Len() == 0 && isMessage(sig.Recv().Type()) {
			return true
		}
	}
	fn := s.Program.Declared(obj)
	return fn != nil && (onlyReads(fn) || s.builds(fn))
}

// builds: what a function returns is the same at every call.
func (s *steadiness) builds(fn *ssa.Function) bool {
	known, ok := s.builders[fn]
	if ok {
		return known
	}
	s.builders[fn] = false // recursion
	for i := range fn.Signature.Results().Len() {
		for _, ret := range program.Returned(fn, i) {
			if !s.steady(ret.Value, region{fn: fn}) {
				return false
			}
		}
	}
	s.builders[fn] = len(fn.Blocks) > 0
	return s.builders[fn]
}

// onlyReads: a function without branches that returns a field, say.
func onlyReads(fn *ssa.Function) bool {
	if len(fn.Blocks) != 1 {
		return false
	}
	return !slices.ContainsFunc(fn.Blocks[0].Instrs, func(instr ssa.Instruction) bool {
		switch instr.(type) {
		case *ssa.Store, *ssa.MapUpdate, *ssa.Send, *ssa.Call, *ssa.Go, *ssa.Defer:
			return true
		}
		return false
	})
}

// isMessage: a pointer to a struct with the methods of a generated message.
func isMessage(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "ProtoMessage")
	_, ok := obj.(*types.Func)
	return ok
}

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

// keyOf finds out about the token of a request whose message is in sight.
func (sh *shapes) keyOf(r *request, rg region) Key {
	if key, ok := sh.metadataKey(r, rg); ok {
		return key
	}
	tokens := r.rpc.Verdict.Tokens
	if len(tokens) == 0 && r.rpc.FullMethod != "" && r.rpc.Verdict.Class != method.Unknown {
		return Key{State: NoKey}
	}
	if r.message == nil {
		return sh.renewed(r.key, rg)
	}
	fields := tokenFields(r.message.Type(), tokens)
	if len(fields) == 0 {
		return Key{}
	}
	return sh.keyIn(sh.Root(r.message), fields, r.call, rg)
}

// renewed is a key as it is for the attempts in a region, in which what it is
// made of may be made anew.
func (sh *shapes) renewed(key Key, rg region) Key {
	if key.State == KeyFresh {
		return key
	}
	for _, v := range key.from {
		if call := sh.freshIn(v, rg); call != nil {
			key.State, key.Call, key.Generator = KeyFresh, call, generatorName(call)
		}
	}
	return key
}

// keyIn finds the token in a message that is used by a call, or returned.
func (sh *shapes) keyIn(message ssa.Value, fields map[int]string, use ssa.Instruction, rg region) Key {
	for _, w := range sh.writes(message) {
		name, ok := fields[w.field]
		if !ok {
			continue
		}
		key := Key{State: KeySet, Store: w.Store, Field: name, from: []ssa.Value{w.Val}}
		if !rg.holds(w) || sh.onlyIfEmpty(w) {
			key.from = nil
			return key
		}
		return sh.renewed(key, rg)
	}
	switch message := message.(type) {
	case *ssa.Alloc:
		if !sh.handedOn(message, use) {
			key := Key{State: KeyUnset}
			for _, name := range fields {
				key.Field = name
			}
			return key
		}
	case *ssa.Call:
		return sh.keyBuilt(message, 0, fields, use, rg)
	case *ssa.Extract:
		if call, ok := message.Tuple.(*ssa.Call); ok {
			return sh.keyBuilt(call, message.Index, fields, use, rg)
		}
	}
	return Key{}
}

// keyBuilt finds the token in the message that a function of this package
// builds.
func (sh *shapes) keyBuilt(call *ssa.Call, i int, fields map[int]string, use ssa.Instruction, rg region) Key {
	callees := sh.Program.Callees(call)
	if len(callees) == 0 && i == 0 {
		return sh.keyImported(call, fields, rg)
	}
	if len(callees) != 1 || sh.building[callees[0]] {
		return Key{}
	}
	fn := callees[0]
	sh.building[fn] = true
	defer delete(sh.building, fn)
	var only Key
	for _, ret := range program.Returned(fn, i) {
		if c, ok := ret.Value.(*ssa.Const); ok && c.IsNil() {
			continue // beside an error
		}
		key := sh.keyIn(sh.Root(ret.Value), fields, ret.Return, region{fn: fn})
		if only.State != KeyUnknown && key.State != only.State || key.State == KeyUnknown {
			return Key{}
		}
		only = key
	}
	switch only.State {
	case KeyFresh:
		if !rg.holds(call) {
			return Key{State: KeySet, Field: only.Field} // built once, before the first attempt
		}
		only.Call, only.Generator = call, generatorName(call)
	case KeySet:
		var from []ssa.Value
		for _, v := range only.from {
			for _, input := range sh.inputs(v, fn) {
				if p, ok := input.(*ssa.Parameter); ok && p.Parent() == fn {
					from = append(from, sh.Program.ArgOf(call, p))
				}
			}
		}
		only.from, only.Store = from, nil
		if rg.holds(call) {
			return sh.renewed(only, rg)
		}
	case KeyUnset:
		if sh.handedOn(message(call, i), use) {
			return Key{}
		}
	}
	only.Store = nil
	return only
}

// keyImported is the same for a function of another package.
func (sh *shapes) keyImported(call *ssa.Call, fields map[int]string, rg region) Key {
	obj := program.CalledObject(&call.Call)
	told := sh.toldOf(obj)
	if told == nil || call.Call.IsInvoke() {
		return Key{}
	}
	built := told.Built.Of(obj)
	if built == nil {
		return Key{}
	}
	for _, b := range *built {
		name, ok := fields[b.Field]
		if !ok {
			continue
		}
		key := Key{State: KeySet, Field: name}
		switch {
		case !rg.holds(call):
		case b.Fresh:
			key.State, key.Call, key.Generator = KeyFresh, call, generatorName(call)
		default:
			for _, i := range b.From {
				if i < len(call.Call.Args) {
					key.from = append(key.from, call.Call.Args[i])
				}
			}
			key = sh.renewed(key, rg)
		}
		return key
	}
	return Key{}
}

// A Built is a field of the message that a function returns: made anew every
// time, or from parameters, which count the receiver.
type Built struct {
	Field int
	Fresh bool
	From  []int
}

// builtBy tells importers about the texts in the message that a function
// builds, one of which may be a token.
func (sh *shapes) builtBy(fn *ssa.Function) []Built {
	var built ssa.Value
	for _, ret := range program.Returned(fn, 0) {
		message := sh.Root(ret.Value)
		if c, ok := message.(*ssa.Const); ok && c.IsNil() {
			continue // beside an error
		}
		if _, ok := message.(*ssa.Alloc); !ok || built != nil && built != message {
			return nil
		}
		built = message
	}
	var list []Built
	for _, w := range sh.writes(built) {
		if w.field < 0 || !isString(w.Val.Type()) {
			continue
		}
		b := Built{Field: w.field, Fresh: sh.freshIn(w.Val, region{fn: fn}) != nil}
		if !b.Fresh {
			b.From = paramsAmong(fn, sh.inputs(w.Val, fn))
		}
		if b.Fresh || len(b.From) > 0 {
			list = append(list, b)
		}
	}
	return list
}

// buildsMessage: a function returns a message, and is no method of one.
func buildsMessage(sig *types.Signature) bool {
	return sig.Results().Len() > 0 && isMessage(sig.Results().At(0).Type()) && (sig.Recv() == nil || !isMessage(sig.Recv().Type()))
}

func isString(t types.Type) bool {
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Kind() == types.String
}

// message is the result of a call that builds one.
func message(call *ssa.Call, i int) ssa.Value {
	if v := program.Result(call, i); v != nil {
		return v
	}
	return call
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
func (sh *shapes) onlyIfEmpty(w write) bool {
	field := w.Addr.(*ssa.FieldAddr)
	for block := w.Block(); block.Idom() != nil; block = block.Idom() {
		before := block.Idom()
		test, ok := before.Instrs[len(before.Instrs)-1].(*ssa.If)
		if !ok {
			continue
		}
		if sh.dependsOn(test.Cond, func(v ssa.Value) bool {
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

// dependsOnRequest: a condition looks at what the request is made of: whether
// the operation is a read, say.
func (sh *shapes) dependsOnRequest(cond ssa.Value, r *request) bool {
	roots := make([]ssa.Value, 0, len(r.parts)+1)
	for _, v := range append(slices.Clone(r.parts), r.message) {
		if v == nil {
			continue
		}
		v = sh.Root(v)
		if load, ok := v.(*ssa.UnOp); ok {
			if field, ok := load.X.(*ssa.FieldAddr); ok {
				v = sh.Root(field.X) // op.request: op tells about it
			}
		}
		roots = append(roots, v)
	}
	return sh.dependsOn(cond, func(v ssa.Value) bool { return slices.Contains(roots, sh.Root(v)) })
}

// handedOn: a message is given to somebody besides the use of it who may set
// its fields.
func (sh *shapes) handedOn(message ssa.Value, use ssa.Instruction) bool {
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
				variable := sh.Program.Variable(user.Addr)
				if variable == nil {
					return true
				}
				for _, name := range sh.Program.Names(variable) {
					for _, read := range *name.Referrers() {
						if load, ok := read.(*ssa.UnOp); ok && escapes(load) {
							return true
						}
					}
				}
			case *ssa.Call:
				if obj := program.CalledObject(&user.Call); obj == nil || !isMessageMethod(obj) && sh.stubs.RPC(obj) == nil {
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

func isMessageMethod(obj *types.Func) bool {
	recv := obj.Signature().Recv()
	return recv != nil && isMessage(recv.Type()) && !strings.HasPrefix(obj.Name(), "Set")
}

// metadataKey finds an idempotency key that is sent as metadata.
func (sh *shapes) metadataKey(r *request, rg region) (Key, bool) {
	if r.ctx == nil {
		return Key{}, false
	}
	var use Key
	found := sh.dependsOn(r.ctx, func(v ssa.Value) bool {
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
			pairs = sh.Elements(program.SignatureArg(call, 1))
		case "Pairs":
			pairs = sh.Elements(program.SignatureArg(call, 0))
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
			if rg.holds(call) {
				use.from = pairs[i+1 : i+2]
				use = sh.renewed(use, rg)
			}
			return true
		}
		return false
	})
	return use, found
}

// freshIn returns the call in the region that makes v anew in every run, or
// nil.
func (sh *shapes) freshIn(v ssa.Value, rg region) *ssa.Call {
	var generator *ssa.Call
	sh.dependsOn(v, func(v ssa.Value) bool {
		call, ok := v.(*ssa.Call)
		if ok && rg.holds(call) && sh.generates(call) {
			generator = call
		}
		return generator != nil
	})
	return generator
}

// generates: the call, or a function of this package that it is a call of,
// returns something new every time.
func (sh *shapes) generates(call *ssa.Call) bool {
	obj := program.CalledObject(call.Common())
	if obj == nil {
		return false
	}
	if isGenerator(obj) {
		return true
	}
	fn := sh.Program.Declared(obj)
	if fn == nil || call.Call.IsInvoke() {
		return false
	}
	if known, ok := sh.generators[fn]; ok {
		return known
	}
	sh.generators[fn] = false
	sh.generators[fn] = slices.ContainsFunc(program.Returned(fn, 0), func(ret program.Return) bool {
		return sh.freshIn(ret.Value, region{fn: fn}) != nil
	})
	return sh.generators[fn]
}

// isGenerator knows the functions that make ids.
func isGenerator(obj *types.Func) bool {
	if obj.Pkg() == nil {
		return false
	}
	name := obj.Name()
	switch codeflow.Versionless(obj.Pkg().Path()) {
	case "github.com/google/uuid", "github.com/gofrs/uuid", "github.com/satori/go.uuid", "github.com/pborman/uuid", "github.com/hashicorp/go-uuid", "k8s.io/apimachinery/pkg/util/uuid":
		switch name {
		case "New", "NewString", "NewRandom", "NewUUID", "NewV1", "NewV4", "NewV6", "NewV7", "GenerateUUID":
			return true
		}
	case "github.com/oklog/ulid":
		return name == "Make" || name == "MustNew" || name == "New"
	case "github.com/rs/xid", "github.com/segmentio/ksuid", "github.com/lithammer/shortuuid":
		return name == "New" || name == "NewRandom"
	case "github.com/matoous/go-nanoid", "github.com/jaevor/go-nanoid":
		return name == "New" || name == "Must" || name == "Nanoid"
	case "math/rand", "crypto/rand":
		return name != "New" && name != "NewSource" && name != "Read"
	case "time":
		return name == "Now"
	}
	return false
}

func generatorName(call *ssa.Call) string {
	obj := program.CalledObject(call.Common())
	if obj == nil {
		return ""
	}
	if obj.Pkg() != nil && obj.Signature().Recv() == nil && obj.Pkg() != call.Parent().Pkg.Pkg {
		return obj.Pkg().Name() + "." + obj.Name()
	}
	return obj.Name()
}
