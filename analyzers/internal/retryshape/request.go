package retryshape

import (
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/loops"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/protocheck/method"
)

// A region is the code that runs again for another attempt: a loop, or a
// whole function.
type region struct {
	fn   *ssa.Function
	loop *loops.Loop // or nil
}

func (rg region) holds(instr ssa.Instruction) bool {
	if instr.Block() == nil || instr.Parent() != rg.fn {
		return false
	}
	return rg.loop == nil || rg.loop.Blocks[instr.Block()]
}

// root resolves a message to where it comes from, through local variables.
func (sh *shapes) root(v ssa.Value) ssa.Value {
	for range 20 {
		switch x := v.(type) {
		case *ssa.ChangeType:
			v = x.X
			continue
		case *ssa.UnOp:
			if x.Op != token.MUL {
				return v
			}
			if origin := sh.origin(x); origin != v {
				v = origin
				continue
			}
			if cell := cellOf(x.X); cell != nil {
				return sh.captured(cell) // written more than once
			}
		case *ssa.Call:
			// proto.Clone(x).(*T) has x's content.
			if obj := calledObject(x); obj != nil && obj.Name() == "Clone" && len(x.Call.Args) == 1 {
				v = x.Call.Args[0]
				continue
			}
		case *ssa.TypeAssert:
			v = x.X
			continue
		case *ssa.MakeInterface:
			v = x.X
			continue
		}
		return v
	}
	return v
}

// A write is an assignment to a field of a message.
type write struct {
	*ssa.Store
	field int
}

// writes lists the assignments to fields of a message, or to what a
// variable holds, that are visible: in the function, in those around it and
// in their literals.
func (sh *shapes) writes(message ssa.Value) []write {
	fn := parentOf(message)
	if fn == nil {
		return nil
	}
	for fn.Parent() != nil {
		fn = fn.Parent()
	}
	if sh.fieldWrites[fn] == nil {
		found := make(map[ssa.Value][]write)
		sh.fieldWrites[fn] = found
		var visit func(*ssa.Function)
		visit = func(fn *ssa.Function) {
			for _, block := range fn.Blocks {
				for _, instr := range block.Instrs {
					store, ok := instr.(*ssa.Store)
					if !ok {
						continue
					}
					switch addr := store.Addr.(type) {
					case *ssa.FieldAddr:
						base := sh.root(addr.X)
						found[base] = append(found[base], write{store, addr.Field})
					case *ssa.IndexAddr:
						base := sh.root(addr.X)
						found[base] = append(found[base], write{store, -1})
					}
				}
			}
			for _, literal := range fn.AnonFuncs {
				visit(literal)
			}
		}
		visit(fn)
	}
	return sh.fieldWrites[fn][message]
}

func parentOf(v ssa.Value) *ssa.Function {
	if instr, ok := v.(ssa.Instruction); ok {
		return instr.Parent()
	}
	if p, ok := v.(*ssa.Parameter); ok {
		return p.Parent()
	}
	if p, ok := v.(*ssa.FreeVar); ok {
		return p.Parent()
	}
	return nil
}

// same reports whether another attempt in the region sends the same request:
// every part of it is, but for what generators make anew.
func (sh *shapes) same(r *request, rg region) bool {
	if r.varies {
		return false
	}
	for _, part := range r.parts {
		if !sh.steady(part, rg, nil) {
			return false
		}
	}
	if r.message == nil {
		return true
	}
	if !sh.steady(r.message, rg, nil) {
		return false
	}
	for _, w := range sh.writes(sh.root(r.message)) {
		if rg.holds(w) && !sh.steady(w.Val, rg, nil) {
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
		if !sh.steady(client, rg, nil) || sh.looksUp(client, rg) {
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
		obj := calledObject(call)
		if obj == nil {
			return true
		}
		if sh.stubs.ServiceOf(obj) != "" || pathOf(obj) == stub.GRPCPath {
			return false
		}
		fn := sh.declared(obj)
		return fn == nil || len(fn.Blocks) != 1 || writesAnything(fn)
	})
}

// steady reports whether v is the same in every run of the region. What a
// generator of ids makes counts as the same: it names the attempt, it is not
// its subject.
func (sh *shapes) steady(v ssa.Value, rg region, seen map[ssa.Value]bool) bool {
	if seen == nil {
		seen = make(map[ssa.Value]bool)
	}
	if v == nil || seen[v] {
		return true // one that is not has ended the search
	}
	if len(seen) > maxValues {
		return false
	}
	seen[v] = true
	instr, ok := v.(ssa.Instruction)
	if !ok {
		return true // a constant, a parameter, something captured
	}
	if !rg.holds(instr) {
		return true
	}
	all := func() bool {
		var buffer [8]*ssa.Value
		for _, operand := range instr.Operands(buffer[:0]) {
			if *operand != nil && !sh.steady(*operand, rg, seen) {
				return false
			}
		}
		return true
	}
	switch v := v.(type) {
	case *ssa.Phi:
		if rg.loop != nil && v.Block() == rg.loop.Header {
			return false
		}
		return all()
	case *ssa.Next, *ssa.Select, *ssa.Range:
		return false
	case *ssa.UnOp:
		switch v.Op {
		case token.ARROW:
			return false
		case token.MUL:
			return sh.steadyLoad(v, rg, seen)
		}
		return all()
	case *ssa.Alloc:
		for _, w := range sh.writes(v) {
			if !sh.steady(w.Val, rg, seen) {
				return false
			}
		}
		for _, user := range *v.Referrers() {
			if store, ok := user.(*ssa.Store); ok && store.Addr == v && !sh.steady(store.Val, rg, seen) {
				return false
			}
		}
		return true
	case *ssa.Call:
		return sh.steadyCall(v) && all()
	}
	return all()
}

// steadyLoad: nothing in the region writes what is read.
func (sh *shapes) steadyLoad(load *ssa.UnOp, rg region, seen map[ssa.Value]bool) bool {
	switch addr := load.X.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		cell := sh.captured(addr)
		for _, store := range sh.storesTo(cell) {
			if rg.holds(store) && !sh.steady(store.Val, rg, seen) {
				return false
			}
		}
		for _, w := range sh.writes(cell) {
			if rg.holds(w) {
				return false // a struct that is changed between the attempts
			}
		}
		return true
	case *ssa.FieldAddr:
		if !sh.steady(addr.X, rg, seen) {
			return false
		}
		field := fieldOf(addr.X.Type(), addr.Field)
		return !sh.writesField(rg, field)
	case *ssa.Global:
		return !sh.writesGlobal(rg, addr)
	}
	return sh.steady(load.X, rg, seen)
}

// storesTo is stores with the instructions.
func (sh *shapes) storesTo(addr ssa.Value) []*ssa.Store {
	var found []*ssa.Store
	if addr == nil || addr.Referrers() == nil {
		return nil
	}
	for _, user := range *addr.Referrers() {
		switch user := user.(type) {
		case *ssa.Store:
			if user.Addr == addr {
				found = append(found, user)
			}
		case *ssa.MakeClosure:
			for i, binding := range user.Bindings {
				if binding == addr {
					found = append(found, sh.storesTo(user.Fn.(*ssa.Function).FreeVars[i])...)
				}
			}
		}
	}
	return found
}

// writesField: the region, or a function of this package that it calls,
// assigns to the field: it connects anew, or goes on to the next.
func (sh *shapes) writesField(rg region, field *types.Var) bool {
	return sh.anyInstr(rg, 3, func(instr ssa.Instruction) bool {
		store, ok := instr.(*ssa.Store)
		if !ok {
			return false
		}
		addr, ok := store.Addr.(*ssa.FieldAddr)
		return ok && fieldOf(addr.X.Type(), addr.Field) == field
	})
}

func (sh *shapes) writesGlobal(rg region, global *ssa.Global) bool {
	return sh.anyInstr(rg, 3, func(instr ssa.Instruction) bool {
		store, ok := instr.(*ssa.Store)
		return ok && store.Addr == global
	})
}

// anyInstr looks through the region and, to a depth, the functions of this
// package that it calls.
func (sh *shapes) anyInstr(rg region, depth int, holds func(ssa.Instruction) bool) bool {
	seen := make(map[*ssa.Function]bool)
	var visit func(rg region, depth int) bool
	visit = func(rg region, depth int) bool {
		for _, block := range rg.fn.Blocks {
			if rg.loop != nil && !rg.loop.Blocks[block] {
				continue
			}
			for _, instr := range block.Instrs {
				if holds(instr) {
					return true
				}
				call, ok := instr.(ssa.CallInstruction)
				if !ok || depth == 0 {
					continue
				}
				fn := sh.function(call.Common().Value)
				if call.Common().IsInvoke() || fn == nil || seen[fn] {
					continue
				}
				seen[fn] = true
				if visit(region{fn: fn}, depth-1) {
					return true
				}
			}
		}
		return false
	}
	return visit(rg, depth)
}

// steadyCall: the result depends on nothing but the arguments.
func (sh *shapes) steadyCall(call *ssa.Call) bool {
	obj := calledObject(call)
	if obj == nil {
		_, builtin := call.Call.Value.(*ssa.Builtin)
		return builtin
	}
	if sh.stubs.ServiceOf(obj) != "" || sh.generates(call) {
		return true
	}
	sig := obj.Signature()
	for p := range sig.Params().Variables() {
		if isContext(p.Type()) {
			return false // asks somebody
		}
	}
	if sig.Recv() == nil {
		return !call.Call.IsInvoke() && sig.Params().Len() > 0
	}
	if call.Call.IsInvoke() {
		return false
	}
	if _, pointer := types.Unalias(sig.Recv().Type()).(*types.Pointer); !pointer {
		return true
	}
	if strings.HasPrefix(obj.Name(), "Get") && sig.Params().Len() == 0 && isMessage(sig.Recv().Type()) {
		return true
	}
	fn := sh.declared(obj)
	return fn != nil && len(fn.Blocks) == 1 && !writesAnything(fn) // returns a field
}

func writesAnything(fn *ssa.Function) bool {
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr.(type) {
			case *ssa.Store, *ssa.MapUpdate, *ssa.Send, *ssa.Call, *ssa.Go, *ssa.Defer:
				return true
			}
		}
	}
	return false
}

// isMessage: a pointer to a struct with the methods of a generated message.
func isMessage(t types.Type) bool {
	obj, _, _ := types.LookupFieldOrMethod(t, true, nil, "ProtoMessage")
	_, ok := obj.(*types.Func)
	return ok
}

func isContext(t types.Type) bool {
	return isNamed(t, "context", "Context") || isNamed(t, "golang.org/x/net/context", "Context")
}

// fieldOf returns field number i of a struct or pointer to struct.
func fieldOf(t types.Type, i int) *types.Var {
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	return t.Underlying().(*types.Struct).Field(i).Origin()
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
	// Value is what the field is set to, nil if unknown.
	Value ssa.Value
	// Store sets the field, and Call makes the value, if both are in the
	// analysed package.
	Store     *ssa.Store
	Call      *ssa.Call
	Generator string // "uuid.NewString"
	Field     string // Go name
	Metadata  string // the key, if it travels as metadata
}

// keyOf finds out about the token of a request whose message is in sight.
func (sh *shapes) keyOf(r *request, rg region) Key {
	if use, ok := sh.metadataKey(r, rg); ok {
		return use
	}
	tokens := r.rpc.Verdict.Tokens
	if len(tokens) == 0 && r.rpc.FullMethod != "" && r.rpc.Verdict.Class != method.Unknown {
		return Key{State: NoKey}
	}
	if r.message == nil {
		use := r.key
		if use.Value != nil {
			if call := sh.freshIn(use.Value, rg); call != nil {
				use.State, use.Call, use.Generator = KeyFresh, call, generatorName(call)
			} else {
				use.State = KeySet
			}
		}
		return use
	}
	fields := tokenFields(r.message.Type(), tokens)
	if len(fields) == 0 {
		return Key{}
	}
	message := sh.root(r.message)
	use := Key{}
	for _, w := range sh.writes(message) {
		name, ok := fields[w.field]
		if !ok {
			continue
		}
		use = Key{State: KeySet, Value: w.Val, Store: w.Store, Field: name}
		if !rg.holds(w) || sh.onlyIfEmpty(w) {
			return use
		}
		if call := sh.freshIn(w.Val, rg); call != nil {
			use.State, use.Call, use.Generator = KeyFresh, call, generatorName(call)
		}
		return use
	}
	if alloc, ok := message.(*ssa.Alloc); ok && !sh.handedOn(alloc, r.call) {
		for _, name := range fields {
			use.Field = name
		}
		use.State = KeyUnset
	}
	return use
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
				obj := calledObject(v)
				return obj != nil && obj.Name() == "Get"+fieldOf(field.X.Type(), field.Field).Name()
			}
			return false
		}) {
			return true
		}
	}
	return false
}

// maxValues bounds how many values one search looks at.
const maxValues = 200

// dependsOn searches what a value is computed from, through local variables.
// Every value is looked at once.
func (sh *shapes) dependsOn(v ssa.Value, holds func(ssa.Value) bool) bool {
	seen := make(map[ssa.Value]bool)
	var visit func(ssa.Value) bool
	visit = func(v ssa.Value) bool {
		if v == nil || seen[v] || len(seen) > maxValues {
			return false
		}
		seen[v] = true
		if holds(v) {
			return true
		}
		instr, ok := v.(ssa.Instruction)
		if !ok {
			return false
		}
		switch v := v.(type) {
		case *ssa.Alloc:
			return slices.ContainsFunc(contents(v), visit)
		case *ssa.UnOp:
			if cell := cellOf(v.X); cell != nil && v.Op == token.MUL {
				return slices.ContainsFunc(sh.stores(sh.captured(cell)), visit) || visit(v.X)
			}
		}
		var buffer [8]*ssa.Value
		return slices.ContainsFunc(instr.Operands(buffer[:0]), func(operand *ssa.Value) bool { return visit(*operand) })
	}
	return visit(v)
}

// dependsOnRequest: a condition looks at what the request is made of: whether
// the operation is a read, say.
func (sh *shapes) dependsOnRequest(cond ssa.Value, r *request) bool {
	roots := make([]ssa.Value, 0, len(r.parts)+1)
	for _, v := range append(slices.Clone(r.parts), r.message) {
		if v == nil {
			continue
		}
		v = sh.root(v)
		if load, ok := v.(*ssa.UnOp); ok {
			if field, ok := load.X.(*ssa.FieldAddr); ok {
				v = sh.root(field.X) // op.request: op tells about it
			}
		}
		roots = append(roots, v)
	}
	return sh.dependsOn(cond, func(v ssa.Value) bool { return slices.Contains(roots, sh.root(v)) })
}

// contents lists what is stored to a variable, its fields and its elements.
func contents(alloc *ssa.Alloc) []ssa.Value {
	var values []ssa.Value
	add := func(addr ssa.Value) {
		for _, user := range *addr.Referrers() {
			if store, ok := user.(*ssa.Store); ok && store.Addr == addr {
				values = append(values, store.Val)
			}
		}
	}
	add(alloc)
	for _, user := range *alloc.Referrers() {
		switch user := user.(type) {
		case *ssa.IndexAddr:
			add(user)
		case *ssa.FieldAddr:
			add(user)
		}
	}
	return values
}

// handedOn: a message is given to somebody besides the RPC who may set its
// fields.
func (sh *shapes) handedOn(alloc *ssa.Alloc, rpc *ssa.Call) bool {
	seen := make(map[ssa.Value]bool)
	var escapes func(v ssa.Value, depth int) bool
	escapes = func(v ssa.Value, depth int) bool {
		if v.Referrers() == nil || depth > 6 {
			return true
		}
		if seen[v] {
			return false
		}
		seen[v] = true
		for _, user := range *v.Referrers() {
			switch user := user.(type) {
			case *ssa.FieldAddr, *ssa.DebugRef:
			case *ssa.Store:
				if user.Addr == v {
					continue
				}
				cell := cellOf(user.Addr)
				if cell == nil || sh.readsEscape(sh.captured(cell), rpc, depth, escapes) {
					return true
				}
			case *ssa.Call:
				if user == rpc {
					continue
				}
				if obj := calledObject(user); obj == nil || !isMessageMethod(obj) && sh.stubs.RPC(obj) == nil {
					return true
				}
			case *ssa.UnOp, *ssa.BinOp:
			default:
				return true
			}
		}
		return false
	}
	return escapes(alloc, 0)
}

// readsEscape looks at what is read from a variable.
func (sh *shapes) readsEscape(cell ssa.Value, rpc *ssa.Call, depth int, escapes func(ssa.Value, int) bool) bool {
	if cell.Referrers() == nil {
		return true
	}
	for _, user := range *cell.Referrers() {
		switch user := user.(type) {
		case *ssa.UnOp:
			if escapes(user, depth+1) {
				return true
			}
		case *ssa.MakeClosure:
			for i, binding := range user.Bindings {
				if binding == cell && sh.readsEscape(user.Fn.(*ssa.Function).FreeVars[i], rpc, depth+1, escapes) {
					return true
				}
			}
		}
	}
	return false
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
		obj := calledObject(call)
		if obj == nil || pathOf(obj) != "google.golang.org/grpc/metadata" {
			return false
		}
		var pairs []ssa.Value
		switch obj.Name() {
		case "AppendToOutgoingContext":
			pairs = elements(program.SignatureArg(call, 1))
		case "Pairs":
			pairs = elements(program.SignatureArg(call, 0))
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
			use = Key{State: KeySet, Value: pairs[i+1], Metadata: key}
			if !rg.holds(call) {
				return true
			}
			if generator := sh.freshIn(pairs[i+1], rg); generator != nil {
				use.State, use.Call, use.Generator = KeyFresh, generator, generatorName(generator)
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
	obj := calledObject(call)
	if obj == nil {
		return false
	}
	if isGenerator(obj) {
		return true
	}
	fn := sh.declared(obj)
	if fn == nil || call.Call.IsInvoke() {
		return false
	}
	if known, ok := sh.generators[fn]; ok {
		return known
	}
	sh.generators[fn] = false
	for _, block := range fn.Blocks {
		ret, ok := block.Instrs[len(block.Instrs)-1].(*ssa.Return)
		if !ok || len(ret.Results) == 0 {
			continue
		}
		if sh.freshIn(ret.Results[0], region{fn: fn}) != nil {
			sh.generators[fn] = true
		}
	}
	return sh.generators[fn]
}

// isGenerator knows the functions that make ids.
func isGenerator(obj *types.Func) bool {
	if obj.Pkg() == nil {
		return false
	}
	name := obj.Name()
	switch versionless(obj.Pkg().Path()) {
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
	obj := calledObject(call)
	if obj == nil {
		return ""
	}
	if obj.Pkg() != nil && obj.Signature().Recv() == nil && obj.Pkg() != call.Parent().Pkg.Pkg {
		return obj.Pkg().Name() + "." + obj.Name()
	}
	return obj.Name()
}

// versionless removes the major version from an import path.
func versionless(path string) string {
	elements := strings.Split(path, "/")
	elements = slices.DeleteFunc(elements, func(e string) bool {
		return len(e) >= 2 && e[0] == 'v' && strings.Trim(e[1:], "0123456789") == ""
	})
	return strings.Join(elements, "/")
}
