package streams

import (
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// A Mask is a way on which the error of Send is returned, logged, asked for
// its code, or ends the program, although it may be io.EOF and nobody has
// asked for the status.
type Mask struct {
	Send *ssa.Call       // Send, or a function that returns its error
	At   ssa.Instruction // Send as the function sees it: what starts its goroutine, else itself
	Out  ssa.Instruction // the return, or the call that gets the error
	asks func(*ssa.Call) bool
}

// AsksCode reports whether the error is asked for the code of its status.
func (m *Mask) AsksCode() bool {
	call, ok := m.Out.(*ssa.Call)
	return ok && m.asks(call)
}

// asksStatus: a call of status.Code and its like, or of what does nothing else.
func (info *Info) asksStatus(call *ssa.Call) bool {
	obj := called(&info.innermost(call).inner.Call)
	if obj == nil || obj.Pkg() == nil || obj.Pkg().Path() != stub.GRPCPath+"/status" {
		return false
	}
	return obj.Name() == "Code" || obj.Name() == "FromError" || obj.Name() == "Convert"
}

// A sent is a call whose error may be that of a Send.
type sent struct {
	call *ssa.Call       // whose error it is
	send *ssa.Call       // Send, or the call itself
	at   ssa.Instruction // by which it comes about in the function
}

// A maskState is what is known on a way behind a failed Send.
type maskState struct {
	err  control.ErrorState
	told *ssa.Call // that has got the error
}

// Masked returns, of each Send of a function on a client's stream that has
// one, the first such way.
func (info *Info) Masked(fn *ssa.Function, p place.Place) []Mask {
	var masks []Mask
	for _, s := range info.sends(fn, p) {
		if out := info.leaves(s, p); out != nil {
			masks = append(masks, Mask{s.send, s.at, out, info.asksStatus})
		}
	}
	return masks
}

// leaves returns where the error of a Send goes.
func (info *Info) leaves(sent sent, p place.Place) ssa.Instruction {
	err := control.ErrorOf(sent.call)
	if err == nil {
		return nil // dropped
	}
	var reopens ssa.Instruction
	if root, ok := p.Root.(*ssa.Extract); ok {
		reopens, _ = root.Tuple.(ssa.Instruction)
	}
	var out ssa.Instruction
	w := control.Ways[maskState]{
		Step: func(s maskState, instr ssa.Instruction) (maskState, bool) {
			if out != nil || instr == sent.call || info.mayReceive(instr, p) {
				return s, false
			}
			if s.err&control.MayBeEOF == 0 || s.err&control.MayBeNil != 0 {
				return s, true
			}
			if info.SSA.NeverReturns(instr) {
				if gets(instr.(*ssa.Call), err) {
					out = instr
				}
				return s, false
			}
			switch instr := instr.(type) {
			case *ssa.Return:
				if returns(instr, err) {
					out = instr
				}
				if s.told != nil && (out == nil || info.asksStatus(s.told)) {
					out = s.told
				}
			case *ssa.Call:
				if instr == reopens && s.told != nil {
					out = s.told
				} else if info.asksStatus(instr) && control.Sees(instr, info.SSA.Is(err)) || s.told == nil && gets(instr, err) && logs(&instr.Call) {
					s.told = instr
				}
			}
			return s, true
		},
		Branch: func(s maskState, cond ssa.Value, outcome bool) (maskState, bool) {
			possible := true
			s.err, possible = s.err.Refine(cond, outcome, info.SSA.Is(err))
			return s, possible
		},
	}
	// The way begins where the error has been found.
	w.After(sent.call, maskState{err: control.Failed})
	return out
}

func returns(ret *ssa.Return, err ssa.Value) bool {
	return slices.ContainsFunc(ret.Results, func(result ssa.Value) bool {
		return control.IsError(result.Type()) && !control.IsNil(result) && control.DependsOn(result, err)
	})
}

// gets: an argument of a call is an error or made of it.
func gets(call *ssa.Call, err ssa.Value) bool {
	return slices.ContainsFunc(program.Args(&call.Call), func(arg ssa.Value) bool { return control.DependsOn(arg, err) })
}

// logs: the name of a called function says that it writes something down.
func logs(common *ssa.CallCommon) bool {
	obj := called(common)
	if obj == nil || obj.Signature().Results().Len() > 0 && obj.Pkg() != nil && obj.Pkg().Path() != "fmt" {
		return false
	}
	name := strings.ToLower(obj.Name())
	for _, word := range []string{"error", "warn", "info", "debug", "print", "log", "trace", "msg"} {
		if strings.HasPrefix(name, word) {
			return obj.Name() != "Errorf" || obj.Signature().Results().Len() == 0
		}
	}
	return false
}

// sends returns the calls of Send on a stream in one function, and of those
// that return the error of one.
func (info *Info) sends(fn *ssa.Function, p place.Place) []sent {
	var list []sent
	direct := func(call *ssa.Call) { list = append(list, sent{call, call, call}) }
	for _, c := range info.byFunc[fn] {
		if c.Op == Send && c.Side == Client && c.Place == p && c.Value() != nil {
			direct(c.Value())
		}
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			call, ok := instr.(ssa.CallInstruction)
			if !ok {
				continue
			}
			if value, ok := call.(*ssa.Call); ok && (info.returnsMask(value, p) || info.adapted(value, p)) {
				direct(value)
			}
			list = append(list, info.groupSends(call, p)...)
		}
	}
	return list
}

// returnsMask: a function that a call runs, or hands to one that returns what
// it returns, returns the error of a Send on p.
func (info *Info) returnsMask(call *ssa.Call, p place.Place) bool {
	if info.importMasks(call, p) {
		return true
	}
	targets := info.targets(call)
	if handed, ok := info.onlyTarget(call); ok {
		targets = append(targets, handed)
	}
	return slices.Contains(info.masksOf(targets, call.Parent()), p)
}

// masksOf returns on what the functions that a call in caller runs send, and
// return the error.
func (info *Info) masksOf(targets []target, caller *ssa.Function) []place.Place {
	var list []place.Place
	for i := range targets {
		for _, inner := range info.masks(targets[i].fn) {
			if p := info.outside(inner, &targets[i], caller); !p.IsZero() {
				list = append(list, p)
			}
		}
	}
	return list
}

func (info *Info) importMasks(call *ssa.Call, p place.Place) bool {
	if call.Call.IsInvoke() {
		return false
	}
	fact := info.factOf(called(&call.Call))
	return fact != nil && slices.ContainsFunc(fact.Masks, func(i int) bool {
		return i < len(call.Call.Args) && info.Place(call.Call.Args[i]) == p
	})
}

// adapted: the error of a call is that of a Send by an adapter, which the
// function gets, or with which its receiver was made:
//
//	io.Copy(&writer{stream}, file)
//	json.NewEncoder(&writer{stream}).Encode(v)
func (info *Info) adapted(call *ssa.Call, p place.Place) bool {
	if !failing(call) {
		return false
	}
	w := info.innermost(call)
	if info.adapts(&w, w.inner, p, call.Parent()) {
		return true
	}
	args := program.Args(&w.inner.Call)
	if len(args) == 0 {
		return false
	}
	receiver := info.outer(&w, info.Place(args[0]), call.Parent())
	maker, ok := receiver.Root.(*ssa.Call)
	return ok && len(receiver.Fields()) == 0 && !failing(maker) && info.adapts(new(wrapper), maker, p, call.Parent())
}

// adapts: what a call gets as an interface sends on p, which is caller's.
func (info *Info) adapts(w *wrapper, call *ssa.Call, p place.Place, caller *ssa.Function) bool {
	return slices.ContainsFunc(call.Call.Args, func(arg ssa.Value) bool {
		return slices.ContainsFunc(info.masksOf(info.methods(arg), call.Parent()), func(inner place.Place) bool {
			return info.outer(w, inner, caller) == p
		})
	})
}

// failing: a call returns an error.
func failing(call *ssa.Call) bool {
	results := call.Call.Signature().Results()
	return results.Len() > 0 && control.IsError(results.At(results.Len()-1).Type())
}

// groupSends: a group runs a function literal that sends, and its Wait returns
// the error, before anything is received.
func (info *Info) groupSends(start ssa.CallInstruction, p place.Place) []sent {
	common := start.Common()
	if !spawns(common) || common.IsInvoke() || len(common.Args) != 2 {
		return nil
	}
	var list []sent
	for _, t := range info.functions(common.Args[1]) {
		if !slices.Contains(info.masksOf([]target{t}, start.Parent()), p) {
			continue
		}
		for _, user := range control.Uses(common.Args[0]) {
			wait, ok := user.(*ssa.Call)
			if !ok || wait.Call.IsInvoke() || called(&wait.Call) == nil || called(&wait.Call).Name() != "Wait" || !failing(wait) {
				continue
			}
			inner := info.Masked(t.fn, info.inside(t.fn, p))
			if len(inner) > 0 && !info.receivesBetween(start, wait, p) {
				list = append(list, sent{wait, inner[0].Send, start})
			}
		}
	}
	return list
}

// inside returns the place that a function sends on which is p for its caller.
func (info *Info) inside(fn *ssa.Function, p place.Place) place.Place {
	t := target{fn: fn}
	for _, inner := range info.masks(fn) {
		if info.outside(inner, &t, fn.Parent()) == p {
			return inner
		}
	}
	return p
}

// receivesBetween: something receives from a stream before an instruction that
// comes behind another one.
func (info *Info) receivesBetween(from, to ssa.Instruction, p place.Place) bool {
	found := false
	w := control.Ways[struct{}]{Step: func(s struct{}, instr ssa.Instruction) (struct{}, bool) {
		found = found || info.mayReceive(instr, p)
		return s, !found && instr != to
	}}
	w.After(from, struct{}{})
	return found
}

// masks returns the streams, as a function sees them, on which it sends,
// returns the error, and never receives.
func (info *Info) masks(fn *ssa.Function) []place.Place {
	if known, ok := info.masking[fn]; ok {
		return known
	}
	info.masking[fn] = nil
	results := fn.Signature.Results()
	if results.Len() == 0 || !control.IsError(results.At(results.Len()-1).Type()) {
		return nil
	}
	var list, seen []place.Place
	for _, u := range info.Uses(fn) {
		p := u.Place
		if u.Op != Send || u.Side != Client || slices.Contains(seen, p) {
			continue
		}
		seen = append(seen, p)
		returned := slices.ContainsFunc(info.Masked(fn, p), func(m Mask) bool {
			_, isReturn := m.Out.(*ssa.Return)
			return isReturn
		})
		if returned && !info.Receives(fn, p) {
			list = append(list, p)
		}
	}
	info.masking[fn] = list
	return list
}

// Receives reports whether a function, what it calls, or a goroutine that it
// starts may receive from a stream.
func (info *Info) Receives(fn *ssa.Function, p place.Place) bool {
	if slices.ContainsFunc(info.Uses(fn), func(u Use) bool { return u.Place == p && u.Op.Receives() }) {
		return true
	}
	// In a literal that is called who knows when.
	return slices.ContainsFunc(info.Calls, func(c *Call) bool {
		return c.Place == p && c.Op.Receives() && program.IsWithin(c.Func(), fn)
	})
}

// mayReceive: an instruction receives from the stream at p, or hands it to
// something that may.
func (info *Info) mayReceive(instr ssa.Instruction, p place.Place) bool {
	if _, ok := instr.(ssa.CallInstruction); !ok {
		return false
	}
	return slices.ContainsFunc(info.UsesAt(instr), func(u Use) bool { return u.Place == p && u.Op.Receives() })
}
