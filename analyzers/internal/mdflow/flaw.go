package mdflow

import (
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
)

// A Flaw is a constant key or value that cannot be sent as it is.
type Flaw struct {
	Kind FlawKind
	Key  string
}

// A FlawKind says what is wrong.
type FlawKind uint8

// Kinds of flaws.
const (
	NoFlaw   FlawKind = iota
	Case              // upper-case letters in the key of a map written by hand
	BadKey            // characters that no key may have
	BadValue          // control characters in a value of a key without "-bin"
	NotASCII          // other bytes in it that are not ASCII
	Reserved          // gRPC drops the key
)

// JudgeKey says what is wrong with a key. Functions that put metadata together
// lower its case, maps written by hand keep it.
func JudgeKey(key string, lowered bool) FlawKind {
	lower := strings.ToLower(key)
	switch {
	case strings.HasPrefix(key, ":"):
		return Reserved
	case key == "" || strings.ContainsFunc(lower, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '.' || r == '-' || r == '_')
	}):
		return BadKey
	case !lowered && lower != key:
		return Case
	case slices.Contains(reserved, lower):
		return Reserved
	}
	return NoFlaw
}

// reserved lists the keys that grpc-go leaves out when it sends metadata
// (internal/transport/http_util.go, isReservedHeader).
var reserved = []string{
	"content-type", "grpc-encoding", "grpc-message", "grpc-message-type", "grpc-status", "grpc-timeout", "te", "user-agent",
}

// JudgeValue says what is wrong with a value of a key.
func JudgeValue(key, value string) FlawKind {
	if strings.HasSuffix(strings.ToLower(key), "-bin") {
		return NoFlaw // sent in base64
	}
	kind := NoFlaw
	for i := range len(value) {
		switch {
		case value[i] < 0x20 || value[i] == 0x7f:
			return BadValue
		case value[i] > 0x7e:
			kind = NotASCII
		}
	}
	return kind
}

// A Flawed is a place at which a flaw is written.
type Flawed struct {
	Flaw
	// Instr puts the key in: the call of a function of package metadata,
	// or the update of a map.
	Instr ssa.Instruction
	// Arg is the index of the key or value among the call's arguments in
	// the source, -1 for the key and -2 for the value of a map update.
	Arg int
	// Via is where another package writes it, if Instr is a call of a
	// function of that.
	Via *finding.Remote
	// Sink is how it is sent.
	Sink Sink

	md ssa.Value // the metadata that has it; nil if it is sent at once
}

// Flawed returns the flaws in metadata that the function puts together and
// the package is seen to send.
func (e *engine) Flawed(fn *ssa.Function) []Flawed {
	var list []Flawed
	for _, f := range e.written(fn) {
		if f.md != nil {
			f.Sink = e.sinkOf(f.md)
			if _, isCall := f.md.(*ssa.Call); !isCall && f.Sink == NotSent {
				for _, md := range e.Sources(f.md) { // of the caller, perhaps
					f.Sink = max(f.Sink, e.sinkOf(md))
				}
			}
		}
		// Nobody looks at the bytes of a header that is not ASCII.
		if f.Sink != NotSent && !(f.Kind == NotASCII && f.Sink == Headers) {
			list = append(list, f)
		}
	}
	return list
}

// written returns the flaws that a function writes, sent or not.
func (e *engine) written(fn *ssa.Function) []Flawed {
	var list []Flawed
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.MapUpdate:
				if !IsMD(instr.Map.Type()) {
					continue
				}
				key, ok := e.text(instr.Key)
				if !ok {
					continue
				}
				if kind := JudgeKey(key, false); kind != NoFlaw {
					list = append(list, Flawed{Flaw: Flaw{kind, key}, Instr: instr, Arg: -1, md: instr.Map})
					continue
				}
				for _, v := range e.Elements(instr.Value).Values {
					if kind := e.badValue(key, v); kind != NoFlaw {
						list = append(list, Flawed{Flaw: Flaw{kind, key}, Instr: instr, Arg: -2, md: instr.Map})
						break
					}
				}
			case *ssa.Call:
				list = append(list, e.writtenBy(instr)...)
			}
		}
	}
	return list
}

// text returns the one string that a value is.
func (e *engine) text(v ssa.Value) (string, bool) {
	sources := e.Sources(v)
	if len(sources) != 1 {
		return "", false
	}
	return ConstString(sources[0])
}

func (e *engine) badValue(key string, v ssa.Value) FlawKind {
	if text, ok := e.text(v); ok {
		return JudgeValue(key, text)
	}
	return NoFlaw
}

// writtenBy returns the flaws that a call writes.
func (e *engine) writtenBy(call *ssa.Call) []Flawed {
	obj := program.CalledObject(&call.Call)
	args := call.Call.Args
	switch Func(obj) {
	case "Pairs":
		return e.pairFlaws(call, args[0], 0, call, NotSent)
	case "AppendToOutgoingContext":
		return e.pairFlaws(call, args[1], 1, nil, Outgoing)
	case "New":
		sources := e.Sources(args[0])
		if len(sources) != 1 {
			return nil
		}
		m, ok := sources[0].(*ssa.MakeMap)
		if !ok {
			return nil
		}
		var list []Flawed
		for _, r := range *m.Referrers() {
			update, ok := r.(*ssa.MapUpdate)
			if !ok {
				continue
			}
			key, ok := e.text(update.Key)
			if !ok {
				continue
			}
			if kind := JudgeKey(key, true); kind != NoFlaw {
				list = append(list, Flawed{Flaw: Flaw{kind, key}, Instr: update, Arg: -1, md: call})
			} else if kind := e.badValue(key, update.Value); kind != NoFlaw {
				list = append(list, Flawed{Flaw: Flaw{kind, key}, Instr: update, Arg: -2, md: call})
			}
		}
		return list
	case "MD.Set", "MD.Append":
		key, ok := e.text(args[1])
		if !ok {
			return nil
		}
		if kind := JudgeKey(key, true); kind != NoFlaw {
			return []Flawed{{Flaw: Flaw{kind, key}, Instr: call, Arg: 0, md: args[0]}}
		}
		for i, v := range e.Elements(args[2]).Values {
			if kind := e.badValue(key, v); kind != NoFlaw {
				return []Flawed{{Flaw: Flaw{kind, key}, Instr: call, Arg: 1 + i, md: args[0]}}
			}
		}
		return nil
	}
	var list []Flawed
	if fact := e.told(call, obj); fact != nil {
		for _, f := range fact.Flaws {
			if md := program.Result(call, f.Result); md != nil {
				list = append(list, Flawed{Flaw: f.Flaw, Instr: call, Via: &f.At, md: md})
			}
		}
	}
	return list
}

// pairFlaws judges the keys and values of Pairs and AppendToOutgoingContext.
func (e *engine) pairFlaws(call *ssa.Call, slice ssa.Value, offset int, md ssa.Value, sink Sink) []Flawed {
	held := e.Elements(slice)
	if !held.Complete {
		return nil
	}
	var list []Flawed
	for i, values := 0, held.Values; i+1 < len(values); i += 2 {
		key, ok := e.text(values[i])
		if !ok {
			continue
		}
		if kind := JudgeKey(key, true); kind != NoFlaw {
			list = append(list, Flawed{Flaw: Flaw{kind, key}, Instr: call, Arg: offset + i, md: md, Sink: sink})
		} else if kind := e.badValue(key, values[i+1]); kind != NoFlaw {
			list = append(list, Flawed{Flaw: Flaw{kind, key}, Instr: call, Arg: offset + i + 1, md: md, Sink: sink})
		}
	}
	return list
}

// sinkOf follows metadata forward to where it is sent. Values that are handed
// to something unknown, are not seen to be sent.
func (e *engine) sinkOf(v ssa.Value) Sink {
	return e.sinks.Of(v, func() Sink {
		sink := NotSent
		e.Follow(v, func(v ssa.Value, by ssa.Instruction) bool {
			if call, ok := by.(*ssa.Call); ok {
				sink = e.sinkOfCall(v, call)
			}
			return sink == NotSent
		})
		return sink
	})
}

func (e *engine) sinkOfCall(v ssa.Value, call *ssa.Call) Sink {
	args := program.Args(&call.Call)
	if sink, arg := sinkOf(&call.Call); sink != NotSent && arg < len(args) && args[arg] == v {
		return sink
	}
	obj := program.CalledObject(&call.Call)
	switch Func(obj) {
	case "MD.Copy", "Join":
		return e.sinkOf(call)
	}
	fact := e.told(call, obj)
	if fact == nil {
		return NotSent
	}
	for _, s := range fact.Sent {
		if s.Param < len(args) && args[s.Param] == v {
			return s.Sink
		}
	}
	return NotSent
}

// export describes the functions that other packages can call.
func (e *engine) export() *told {
	own := new(told)
	for _, fn := range e.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || testcode.InTestFile(e.info.pass.Fset, fn.Pos()) {
			continue // not callable from elsewhere
		}
		f := e.describe(fn)
		if f.Results != nil || f.Indexed != nil || f.Sent != nil || f.Flaws != nil || f.Fresh != nil || f.Contexts != nil || f.Looks != nil || f.Through != nil {
			own.Funcs.AddFunc(obj, f)
		}
	}
	own.Bridges = e.bridges()
	own.Funcs.Sort()
	return own
}

func (e *engine) describe(fn *ssa.Function) FuncFact {
	var f FuncFact
	for i, kind := range e.Results(fn) {
		if kind != Unknown && kind != Built {
			f.Results = append(f.Results, ResultFact{i, kind})
		}
	}
	for _, p := range e.IndexedParams(fn) {
		at := p.Via
		if at == nil {
			here := e.info.remote(p.Instr.Pos(), p.Instr.Pos())
			at = &here
		}
		if !slices.ContainsFunc(f.Indexed, func(known IndexedFact) bool { return known.Param == p.Param && known.Key == p.Key }) {
			f.Indexed = append(f.Indexed, IndexedFact{p.Param, p.Key, *at})
		}
	}
	for i, p := range fn.Params {
		if IsMD(p.Type()) {
			if sink := e.sinkOf(p); sink != NotSent {
				f.Sent = append(f.Sent, SentFact{i, sink})
			}
		}
	}
	f.Flaws = e.resultFlaws(fn)
	for i := range fn.Signature.Results().Len() {
		if !IsMD(fn.Signature.Results().At(i).Type()) {
			continue
		}
		if e.isFresh(fn, i) {
			f.Fresh = append(f.Fresh, i)
		}
	}
	f.Contexts = e.contextFacts(fn)
	f.Looks = e.lookFacts(fn)
	f.Through = e.throughFacts(fn)
	return f
}

// resultFlaws returns the flaws of metadata that a function writes and
// returns.
func (e *engine) resultFlaws(fn *ssa.Function) []FlawFact {
	var list []FlawFact
	for _, w := range e.written(fn) {
		if w.md == nil {
			continue
		}
		for i := range fn.Signature.Results().Len() {
			if !slices.ContainsFunc(program.Returned(fn, i), func(r program.Return) bool { return slices.Contains(e.Sources(r.Value), w.md) }) {
				continue
			}
			at := w.Via
			if at == nil {
				here := e.info.remote(w.Instr.Pos(), w.Instr.Pos())
				at = &here
			}
			list = append(list, FlawFact{i, w.Flaw, *at})
		}
	}
	return list
}
