package streams

import (
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/place"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/finding"
)

// A Fact is what a package tells its importers about functions that use the
// streams that they get. A package without such functions exports none.
type Fact struct{ fact.Of[told] }

type told struct{ Funcs fact.Table[FuncFact] }

// A FuncFact describes one function.
type FuncFact struct {
	Uses []RemoteUse
	Call *RemoteCall // of a wrapper
	// Keeps are the parameters, the receiver first, whose stream may be
	// kept beyond the call; Masks those of which it returns the error of
	// Send although the status has not been asked for.
	Keeps, Masks []int
}

// A RemoteUse is a Use of the stream in a parameter, counted with the
// receiver as 0, or in a field of it.
type RemoteUse struct {
	Op     Op
	Side   Side
	Param  int
	Fields []string
	Async  bool
	Loose  bool
	Locked bool
	At     finding.Remote
	Chain  []string
}

const maxRemoteUses = 12

// summaries describes the functions that importers can call.
func (info *Info) summaries() fact.Table[FuncFact] {
	var table fact.Table[FuncFact]
	for _, fn := range info.SSA.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || testcode.Is(info.pass, fn.Pos()) || info.stubs.RPC(obj) != nil {
			continue
		}
		f := FuncFact{Call: info.remoteCall(fn)}
		for _, u := range info.Uses(fn) {
			if len(f.Uses) < maxRemoteUses {
				f.Uses = appendRemote(f.Uses, info.remoteUse(fn, &u))
			}
		}
		for i, p := range fn.Params {
			if SideOf(p.Type()) == NoStream {
				continue
			}
			if info.Escapes(p) || KeptByLiteral(p) {
				f.Keeps = append(f.Keeps, i)
			}
			if SideOf(p.Type()) == Client && slices.Contains(info.masks(fn), info.Place(p)) {
				f.Masks = append(f.Masks, i)
			}
		}
		if len(f.Uses) > 0 || len(f.Keeps) > 0 || len(f.Masks) > 0 || f.Call != nil || takesStream(fn) {
			table.AddFunc(obj, f)
		}
	}
	table.Sort()
	return table
}

func takesStream(fn *ssa.Function) bool {
	return slices.ContainsFunc(fn.Params, func(p *ssa.Parameter) bool { return SideOf(p.Type()) != NoStream })
}

func appendRemote(list []RemoteUse, u *RemoteUse) []RemoteUse {
	if u == nil {
		return list
	}
	return append(list, *u)
}

// remoteUse describes a use for importers; nil if it is of no stream that
// they pass.
func (info *Info) remoteUse(fn *ssa.Function, u *Use) *RemoteUse {
	param, ok := u.Place.Root.(*ssa.Parameter)
	if !ok || param.Parent() != fn {
		return nil
	}
	if held, _ := Held(u.Place); held {
		return nil
	}
	r := &RemoteUse{
		Op: u.Op, Side: u.Side, Param: slices.Index(fn.Params, param), Loose: u.Loose, Locked: len(u.Locks) > 0,
		Async: u.Async || u.Go && info.Outlives(u.At), Chain: append([]string{funcName(fn)}, u.Chain...),
	}
	for _, field := range u.Place.Fields() {
		r.Fields = append(r.Fields, field.Name())
	}
	if u.Remote != nil {
		r.At = *u.Remote
	} else {
		pos, end := info.callRange(u.Call)
		r.At = info.remote(pos, end)
	}
	return r
}

func (info *Info) callRange(c *Call) (from, to token.Pos) {
	if expr := info.SSA.CallExpr(c.Instr); expr != nil {
		return expr.Pos(), expr.End()
	}
	return c.Instr.Pos(), c.Instr.Pos()
}

func (info *Info) remote(from, to token.Pos) finding.Remote {
	return finding.RemoteAt(info.pass.Fset, info.pass.Pkg.Path(), from, to)
}

// factOf returns what the package of a function tells about it, or nil.
func (info *Info) factOf(fn *types.Func) *FuncFact {
	if told := info.known.Of(fn); told != nil && fn.Pkg() != info.pass.Pkg {
		return told.Funcs.Of(fn)
	}
	return nil
}

// imported returns the uses of a call of another package's function.
func (info *Info) imported(call ssa.CallInstruction) []Use {
	common := call.Common()
	if common.IsInvoke() {
		return nil // which function it is, is not known
	}
	fact := info.factOf(called(common))
	if fact == nil {
		return nil
	}
	var uses []Use
	for i := range fact.Uses {
		r := &fact.Uses[i]
		if r.Param >= len(common.Args) {
			continue
		}
		p := info.fieldsByName(common.Args[r.Param], r.Fields, called(common).Pkg())
		if p.IsZero() {
			continue
		}
		u := Use{Op: r.Op, Side: r.Side, Place: p, At: call, Async: r.Async, Loose: r.Loose, Remote: &r.At, Chain: r.Chain}
		_, u.Go = call.(*ssa.Go)
		_, u.Deferred = call.(*ssa.Defer)
		if !u.Go && !u.Async {
			u.Locks = info.held(call)
		}
		if r.Locked {
			u.Locks = append(u.Locks, Lock{Of: p})
		}
		uses = append(uses, u)
	}
	return uses
}

// fieldsByName returns the place of a field of a field of a value, as a package
// calls them; nothing if there is none.
func (info *Info) fieldsByName(v ssa.Value, fields []string, pkg *types.Package) place.Place {
	p, t := info.Place(v), v.Type()
	for _, name := range fields {
		obj, _, _ := types.LookupFieldOrMethod(t, true, pkg, name)
		field, ok := obj.(*types.Var)
		if !ok {
			return place.Place{}
		}
		if p, t = info.field(p, []*types.Var{field.Origin()}), field.Type(); p.IsZero() {
			break
		}
	}
	return p
}

// findWrappers notes the stream interfaces that types which somebody has
// written become: what is behind such an interface may lock, or reconnect.
func (info *Info) findWrappers() {
	info.wrapped = make(map[types.Type]bool)
	for instr := range info.SSA.Instructions {
		made, ok := instr.(*ssa.MakeInterface)
		if ok && info.sideOf(made.Type()) != NoStream && !info.Generated(derefed(made.X.Type())) && !testcode.Is(info.pass, made.Pos()) {
			info.wrapped[types.Unalias(made.Type())] = true
		}
	}
}

func derefed(t types.Type) types.Type {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		return p.Elem()
	}
	return t
}

// Raw reports whether what the place holds is a stream as grpc-go makes it:
// no type of one's own, and no interface that such a type becomes here.
func (info *Info) Raw(p place.Place) bool {
	t := p.Type()
	if info.sideOf(t) == NoStream || !info.Generated(t) && !info.isNarrow(t) {
		return false
	}
	if info.OpenedBy(p) != nil || info.Served(p) != nil {
		return true
	}
	return !info.wrapped[types.Unalias(t)]
}
