package health

import (
	"go/constant"
	"go/token"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/healthstate"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/finding"
)

// A service is a health service that the package makes with
// health.NewServer, and what happens to it.
type service struct {
	new *ssa.Call
	// sets are the calls of SetServingStatus, ends those of Shutdown.
	sets, ends []*ssa.Call
	// registered are the calls that register it.
	registered map[ssa.Instruction]bool
	// escapes: others may do something to it.
	escapes bool
}

// services returns the health services of the package.
func services(pass *report.Pass, info *serving.Info) []*service {
	var list []*service
	if !imports(pass, healthstate.Path) || !info.Uses["NewServer"] {
		return nil // makes no server, or says nothing of its health
	}
	x := info.SSA()
	for _, fn := range x.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				call, ok := instr.(*ssa.Call)
				if !ok {
					continue
				}
				if _, obj := x.Callee(&call.Call); obj != nil && obj.Name() == "NewServer" && obj.Pkg() != nil && obj.Pkg().Path() == healthstate.Path {
					s := &service{new: call, registered: make(map[ssa.Instruction]bool)}
					f := &follower{Program: x, service: s, seen: make(map[ssa.Value]bool)}
					f.follow(call)
					list = append(list, s)
				}
			}
		}
	}
	return list
}

func imports(pass *report.Pass, path string) bool {
	for _, p := range pass.Pkg.Imports() {
		if p.Path() == path {
			return true
		}
	}
	return false
}

// A follower follows a health service through a package.
type follower struct {
	*program.Program
	*service
	seen map[ssa.Value]bool
}

func (f *follower) follow(v ssa.Value) {
	if f.seen[v] || v.Referrers() == nil {
		return
	}
	f.seen[v] = true
	for _, r := range *v.Referrers() {
		switch r := r.(type) {
		case *ssa.DebugRef, *ssa.BinOp:
		case *ssa.Phi:
			f.follow(r)
		case *ssa.ChangeType:
			f.follow(r)
		case *ssa.MakeInterface:
			f.follow(r)
		case *ssa.MakeClosure:
			f.captured(v, r)
		case *ssa.Store:
			f.stored(v, r)
		case *ssa.UnOp:
			if r.Op == token.MUL {
				f.follow(r) // of a variable
			}
		case ssa.CallInstruction:
			f.called(v, r)
		default:
			f.escapes = true
		}
	}
}

// captured: a function literal shares the variable, or a method of the
// service is taken as a value.
func (f *follower) captured(v ssa.Value, closure *ssa.MakeClosure) {
	fn := closure.Fn.(*ssa.Function)
	if fn.Parent() == nil {
		f.escapes = true // whoever has the method calls it as it likes
		return
	}
	for i, binding := range closure.Bindings {
		if binding == v && i < len(fn.FreeVars) {
			f.follow(fn.FreeVars[i])
		}
	}
}

// stored: in a variable, or in a field of a struct of this package that
// nothing else is stored in.
func (f *follower) stored(v ssa.Value, store *ssa.Store) {
	if store.Val != v {
		return
	}
	switch addr := store.Addr.(type) {
	case *ssa.Alloc, *ssa.FreeVar:
		f.follow(addr.(ssa.Value))
	case *ssa.Global:
		f.escapes = true
	case *ssa.FieldAddr:
		f.field(addr)
	default:
		f.escapes = true
	}
}

func (f *follower) field(stored *ssa.FieldAddr) {
	field := program.FieldOf(stored.X.Type(), stored.Field)
	if field.Exported() || field.Pkg() != f.Pkg.Pkg {
		f.escapes = true
		return
	}
	for instr := range f.Instructions {
		if addr, ok := instr.(*ssa.FieldAddr); ok && program.FieldOf(addr.X.Type(), addr.Field) == field && addr != stored {
			f.follow(addr)
		}
	}
}

func (f *follower) called(v ssa.Value, call ssa.CallInstruction) {
	local, obj := f.Callee(call.Common())
	if obj != nil && healthstate.IsServer(obj) {
		c, ok := call.(*ssa.Call)
		switch obj.Name() {
		case "SetServingStatus":
			if ok {
				f.sets = append(f.sets, c)
				return
			}
			f.escapes = true
		case "Shutdown":
			f.ends = append(f.ends, c) // nil if it is deferred, which will do
		case "Resume":
			f.escapes = true
		}
		return
	}
	if obj != nil && obj.Name() == "RegisterHealthServer" {
		f.registered[call] = true
		return
	}
	args := call.Common().Args
	for i, arg := range args {
		if arg != v {
			continue
		}
		if local == nil || call.Common().IsInvoke() || i >= len(local.Params) {
			f.escapes = true
			return
		}
		f.follow(local.Params[i])
	}
}

// says returns what a call of SetServingStatus says, if that is constant.
func says(set *ssa.Call) (name string, status int64, ok bool) {
	args := set.Call.Args
	if len(args) != 3 {
		return "", 0, false
	}
	text, isText := args[1].(*ssa.Const)
	number, isNumber := args[2].(*ssa.Const)
	if !isText || !isNumber || text.Value == nil || number.Value == nil || text.Value.Kind() != constant.String {
		return "", 0, false
	}
	return constant.StringVal(text.Value), number.Int64(), true
}

// isServing is HealthCheckResponse_SERVING.
const isServing = 1

// registeredOn returns the servers of the package on which a health service is
// registered.
func (s *service) registeredOn(servers []*serving.Server) []*serving.Server {
	var list []*serving.Server
	for _, server := range servers {
		for _, d := range server.Does(serving.Register) {
			if d.IsHealth() && s.registered[d.Instr] {
				list = append(list, server)
				break
			}
		}
	}
	return list
}

// business are the registrations of other services than those about the
// server itself.
func business(server *serving.Server) []serving.Done {
	var list []serving.Done
	for _, d := range server.Does(serving.Register) {
		if !d.IsHealth() && !d.IsReflection() && d.Service != "" {
			list = append(list, d)
		}
	}
	return list
}

// at begins a finding about a call.
func at(x *program.Program, call ssa.CallInstruction, subject string) (finding.Finding, bool) {
	expr := x.CallExpr(call)
	if expr == nil {
		return finding.Finding{}, false // made by the compiler
	}
	return finding.Finding{Pos: expr.Pos(), End: expr.End(), Subject: subject}, true
}
