package status

import (
	"fmt"
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/control"
	"github.com/grpclint/grpclint/analyzers/internal/errflow"
	"github.com/grpclint/grpclint/analyzers/internal/flow"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// lostEtag finds a resource that is read, and then written from a new
// literal that leaves its etag out:
//
//	order, err := client.GetOrder(ctx, ...)
//	client.UpdateOrder(ctx, &pb.UpdateOrderRequest{Order: &pb.Order{Name: order.Name, State: paid}})
func lostEtag(pass *report.Pass) error {
	p := flowOf(pass).Program
	if !stubs(pass).Reaches || p == nil {
		return nil
	}
	u := &updates{pass: pass, flow: flowOf(pass)}
	u.tracer = u.newTracer()
	for instr := range p.Instructions {
		call, ok := instr.(*ssa.Call)
		if !ok || pass.InTest(call.Pos()) {
			continue
		}
		if rpc := stubs(pass).RPC(calledFunc(call)); rpc != nil && rpc.Unary() && strings.HasPrefix(rpc.Name, "Update") {
			if u.settled == nil {
				u.settled = u.versioned()
			}
			u.judge(call, rpc)
		}
	}
	return nil
}

// updates judges the RPCs that change something.
type updates struct {
	pass    *report.Pass
	flow    *errflow.Flow
	tracer  *flow.Tracer[resource]
	settled map[*ssa.Alloc]bool // literals with an etag, and those that are reported
}

// A resource says what a message with an etag may be, or what a request sends.
type resource struct {
	read    *ssa.Call // what this call has read
	given   []given
	rewrite []rewrite
}

// A given is a parameter, and the request that it is put into; nil for none.
type given struct {
	param   *ssa.Parameter
	request *ssa.Alloc
}

// A rewrite is a literal that is made of what was read, or of a parameter, and
// the request that it is put into.
type rewrite struct {
	literal *ssa.Alloc
	by      *ssa.Call // of another package's function, which makes the literal
	read    *ssa.Call
	param   *ssa.Parameter
	request *ssa.Alloc
}

// join is a resource that is either. Few of each are told apart.
func (r resource) join(other resource) resource {
	if r.read == nil {
		r.read = other.read
	}
	r.given, r.rewrite = union(r.given, other.given), union(r.rewrite, other.rewrite)
	return r
}

func union[T comparable](a, b []T) []T {
	const most = 8
	a = slices.Clip(a)
	for _, x := range b {
		if len(a) < most && !slices.Contains(a, x) {
			a = append(a, x)
		}
	}
	return a
}

// in is a literal, a new resource or a request, that is made of a resource.
func (r resource) in(literal *ssa.Alloc) resource {
	var made resource
	if len(sent(literal)) > 0 {
		for _, g := range r.given {
			g.request = literal
			made.given = append(made.given, g)
		}
		for _, w := range r.rewrite {
			w.request = literal
			made.rewrite = append(made.rewrite, w)
		}
		return made
	}
	if r.read != nil {
		made.rewrite = append(made.rewrite, rewrite{literal: literal, read: r.read})
	}
	for _, g := range r.given {
		made.rewrite = append(made.rewrite, rewrite{literal: literal, param: g.param})
	}
	return made
}

// newTracer makes what follows resources and requests.
func (u *updates) newTracer() *flow.Tracer[resource] {
	return flow.New(u.flow.Program, flow.Domain[resource]{
		Unknown: func(ssa.Value) resource { return resource{} },
		Bodies:  true,
		Join:    resource.join,
		Param:   func(p *ssa.Parameter) resource { return resource{given: []given{{param: p}}} },
		Source: func(t flow.Trace[resource], v ssa.Value) (made resource, ok bool) {
			switch v := v.(type) {
			case *ssa.Extract:
				call, ok := v.Tuple.(*ssa.Call)
				return resource{read: call}, ok && v.Index == 0 && u.reads(call)
			case *ssa.Alloc:
				of := sent(v)
				if len(of) == 0 {
					of = madeOf(v)
				}
				for _, from := range of {
					made = made.join(t.Of(from).in(v))
				}
				return made, true
			}
			return made, false
		},
		Bind: func(t flow.Trace[resource], r resource, call *ssa.Call) resource {
			passed := func(p *ssa.Parameter) resource {
				if arg := t.Arg(call, p); arg != nil {
					return t.Of(arg)
				}
				return resource{}
			}
			var bound resource
			if r.read != nil {
				bound.read = call // a helper that reads
			}
			for _, g := range r.given {
				of := passed(g.param)
				if g.request != nil {
					of = of.in(g.request)
				}
				bound = bound.join(of)
			}
			for _, w := range r.rewrite {
				if body := u.flow.Program.Body(call); body != nil && (body == w.literal.Parent() || w.by != nil && body == w.by.Parent()) {
					w.by = call
				}
				of := resource{rewrite: []rewrite{w}}
				if w.param != nil {
					of = passed(w.param).in(w.literal)
					for i := range of.rewrite {
						of.rewrite[i].by = w.by
					}
					if w.request != nil {
						of = of.in(w.request)
					}
				}
				bound = bound.join(of)
			}
			return bound
		},
	})
}

// sent returns the messages with an etag that a request is given.
func sent(request *ssa.Alloc) []ssa.Value {
	var list []ssa.Value
	for store := range control.PartStores(request) {
		if named := stub.NamedOf(store.Val.Type()); named != nil && hasEtag(named) {
			list = append(list, store.Val)
		}
	}
	return list
}

// reads: the call makes an RPC that gets something with an etag, or calls a
// function of another package that does and returns its error.
func (u *updates) reads(call *ssa.Call) bool {
	tuple, ok := call.Type().(*types.Tuple)
	if !ok || tuple.Len() != 2 {
		return false
	}
	if named := stub.NamedOf(tuple.At(0).Type()); named == nil || !hasEtag(named) {
		return false
	}
	if rpc := stubs(u.pass).RPC(calledFunc(call)); rpc != nil {
		return rpc.Unary() && strings.HasPrefix(rpc.Name, "Get")
	}
	err := control.Result(call, 1)
	if err == nil || len(u.flow.Program.Callees(call)) > 0 {
		return false
	}
	sources := u.flow.Of(err).Sources
	return len(sources) > 0 && !slices.ContainsFunc(sources, func(s errflow.Source) bool {
		_, method, _ := strings.Cut(strings.TrimPrefix(s.Name, "/"), "/")
		return s.Kind != errflow.RPC || !strings.HasPrefix(method, "Get")
	})
}

func hasEtag(named *types.Named) bool {
	s, ok := named.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for field := range s.Fields() {
		if field.Name() == "Etag" && types.Identical(field.Type(), types.Typ[types.String]) {
			return true
		}
	}
	return false
}

// madeOf returns the messages of its own type that a literal takes its fields
// from.
func madeOf(literal *ssa.Alloc) []ssa.Value {
	const most = 100
	var found []ssa.Value
	seen := make(map[ssa.Value]bool)
	var visit func(v ssa.Value)
	visit = func(v ssa.Value) {
		if v == nil || seen[v] || len(seen) > most {
			return
		}
		seen[v] = true
		if v != literal && types.Identical(v.Type(), literal.Type()) {
			found = append(found, v)
			return
		}
		if alloc, ok := v.(*ssa.Alloc); ok {
			for stored := range control.PartStores(alloc) {
				visit(stored.Val)
			}
		}
		if instr, ok := v.(ssa.Instruction); ok {
			for _, operand := range instr.Operands(nil) {
				visit(*operand)
			}
		}
	}
	visit(literal)
	return found
}

// judge: client.UpdateX(ctx, &UpdateXRequest{X: &X{...}}).
func (u *updates) judge(call *ssa.Call, rpc *stub.Method) {
	arg := program.SignatureArg(call, 1)
	if arg == nil {
		return
	}
	for _, w := range u.tracer.Closed(arg).rewrite {
		if w.read == nil || w.request == nil || u.settled[w.literal] || !staysAsMade(w.literal, call) || !staysAsMade(w.request, call) {
			continue
		}
		fields := fieldsOf(w.request)
		if !fields["Etag"] && !fieldsOf(w.literal)["Etag"] {
			u.settled[w.literal] = true
			u.report(call, rpc, w, fields["UpdateMask"])
		}
	}
}

// fieldsOf returns the names of the fields that a literal gives.
func fieldsOf(literal *ssa.Alloc) map[string]bool {
	fields := make(map[string]bool)
	for store := range control.PartStores(literal) {
		if addr, ok := store.Addr.(*ssa.FieldAddr); ok {
			fields[program.FieldOf(addr.X.Type(), addr.Field).Name()] = true
		}
	}
	return fields
}

// staysAsMade: nobody gets a message who could change it, but for who sends it.
func staysAsMade(alloc *ssa.Alloc, sender *ssa.Call) bool {
	return !slices.ContainsFunc(control.Uses(alloc), func(user ssa.Instruction) bool {
		switch user := user.(type) {
		case *ssa.FieldAddr, *ssa.Store, *ssa.MapUpdate, *ssa.Return, *ssa.Phi:
			return false
		case *ssa.Call:
			return user != sender && !isGetterLike(user)
		}
		return true
	})
}

// isGetterLike: a method without arguments.
func isGetterLike(call *ssa.Call) bool {
	obj := calledFunc(call)
	return obj != nil && obj.Signature().Recv() != nil && len(program.Args(&call.Call)) == 1
}

// versioned returns the literals of which somebody sets the etag later.
func (u *updates) versioned() map[*ssa.Alloc]bool {
	set := make(map[*ssa.Alloc]bool)
	note := func(v ssa.Value) {
		for _, w := range u.tracer.Closed(v).rewrite {
			set[w.literal] = true
		}
	}
	for instr := range u.flow.Program.Instructions {
		switch instr := instr.(type) {
		case *ssa.FieldAddr:
			if named := stub.NamedOf(instr.X.Type()); named != nil && hasEtag(named) && program.FieldOf(named, instr.Field).Name() == "Etag" && isAssigned(instr) {
				note(instr.X)
			}
		case *ssa.Call:
			if obj := calledFunc(instr); obj != nil && obj.Name() == "SetEtag" && len(instr.Call.Args) > 0 {
				note(program.Args(&instr.Call)[0])
			}
		}
	}
	return set
}

func isAssigned(addr *ssa.FieldAddr) bool {
	return slices.ContainsFunc(control.Uses(addr), func(use ssa.Instruction) bool {
		_, read := use.(*ssa.UnOp)
		return !read
	})
}

func (u *updates) report(call *ssa.Call, rpc *stub.Method, written rewrite, masked bool) {
	var at ast.Node = u.flow.Program.CallExpr(call)
	if written.by != nil {
		at = u.flow.Program.CallExpr(written.by)
	} else if lit, ok := syntax.Of(u.pass.Pass).At(written.literal.Pos()).(*ast.CompositeLit); ok && lit.Type != nil {
		at = lit.Type
	}
	f := finding.Finding{
		Pos: at.Pos(), End: at.End(), Subject: rpc.FullMethod,
		Message: fmt.Sprintf("a change that somebody makes in between is overwritten: this %s lacks the etag of %s",
			stub.NamedOf(written.literal.Type()).Obj().Name(), u.nameOf(written.read)),
	}
	if masked {
		f.Severity = rule.Info // the last writer of these fields may be meant to win
	}
	u.pass.Report("status/lost-etag", f)
}

// nameOf is the variable that gets what was read.
func (u *updates) nameOf(read *ssa.Call) string {
	if expr := u.flow.Program.CallExpr(read); expr != nil {
		for _, n := range syntax.Of(u.pass.Pass).Around(expr.Pos(), expr.End()) {
			if assign, ok := n.(*ast.AssignStmt); ok && len(assign.Rhs) == 1 && assign.Rhs[0] == expr {
				return types.ExprString(assign.Lhs[0])
			}
		}
	}
	return "the one that was read"
}
