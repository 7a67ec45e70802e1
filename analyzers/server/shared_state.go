package server

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/say"
)

// sharedState reports handlers that write to what all RPCs share, fields of
// their server, and take no lock.
func sharedState(pass *report.Pass) error {
	info := servers(pass)
	if !info.Reaches || !handles(pass) {
		return nil
	}
	s := sharing{pass: pass, locks: make(map[*ssa.Function]bool), uses: make(map[*types.Var]map[ssa.Instruction]bool)}
	var handlers []*ssa.Function
	for _, fn := range info.SSA().Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || fn.Blocks == nil || !syntax.Of(pass.Pass).Written(fn.Pos()) || info.Stubs.Handler(obj) == nil {
			continue // no handler, or one of a test
		}
		if _, isPointer := types.Unalias(obj.Signature().Recv().Type()).(*types.Pointer); isPointer {
			handlers = append(handlers, fn)
		}
	}
	for _, fn := range handlers {
		s.visit(fn, fn.Params[0], fn, 0)
	}
	// What one handler writes is one finding: one lock is what it lacks.
	type writer struct {
		handler *ssa.Function
		isMap   bool
	}
	reported := make(map[*types.Var]bool)
	found := make(map[writer][]sharedWrite)
	var order []writer
	for _, w := range s.writes {
		if reported[w.field] || !w.isMap && len(s.uses[w.field]) < 2 || s.expr(w) == nil {
			continue // once is enough; nobody else looks; in code that is not there
		}
		reported[w.field] = true
		by := writer{w.handler, w.isMap}
		if found[by] == nil {
			order = append(order, by)
		}
		found[by] = append(found[by], w)
	}
	for _, by := range order {
		s.report(found[by])
	}
	return nil
}

// handles: people declare a method of the shape of a handler.
func handles(pass *report.Pass) bool {
	for _, file := range pass.Files {
		if ast.IsGenerated(file) {
			continue
		}
		for _, decl := range file.Decls {
			if fn, ok := decl.(*ast.FuncDecl); ok && fn.Recv != nil {
				if obj, ok := pass.TypesInfo.Defs[fn.Name].(*types.Func); ok && servers(pass).Stubs.Handler(obj) != nil {
					return true
				}
			}
		}
	}
	return false
}

// sharing collects what handlers do to fields of their servers.
type sharing struct {
	pass   *report.Pass
	locks  map[*ssa.Function]bool
	uses   map[*types.Var]map[ssa.Instruction]bool // loads and stores in handlers, by field
	writes []sharedWrite
}

type sharedWrite struct {
	field   *types.Var
	instr   ssa.Instruction
	addr    *ssa.FieldAddr
	isMap   bool
	handler *ssa.Function
}

// visit looks at a function that runs for a handler, and knows the server as
// a value.
func (s *sharing) visit(fn *ssa.Function, server ssa.Value, handler *ssa.Function, depth int) {
	if s.synchronizes(fn, 0) {
		return // somehow, somewhere: a lock, a channel
	}
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Store:
				if addr := s.fieldOf(instr.Addr, server); addr != nil {
					s.write(addr, instr, false, handler)
				}
			case *ssa.MapUpdate:
				if addr := s.loaded(instr.Map, server); addr != nil {
					s.write(addr, instr, true, handler)
				}
			case *ssa.UnOp:
				if addr := s.fieldOf(instr.X, server); instr.Op == token.MUL && addr != nil {
					s.use(addr, instr)
				}
			case *ssa.Call:
				if b, ok := instr.Call.Value.(*ssa.Builtin); ok {
					if b.Name() == "delete" || b.Name() == "clear" {
						if addr := s.loaded(instr.Call.Args[0], server); addr != nil {
							s.write(addr, instr, true, handler)
						}
					}
					continue
				}
				local, _ := servers(s.pass).SSA().Callee(&instr.Call)
				if local == nil || depth >= 2 || local.Blocks == nil {
					continue
				}
				for i, arg := range instr.Call.Args {
					if arg == server && i < len(local.Params) {
						s.visit(local, local.Params[i], handler, depth+1)
					}
				}
			}
		}
	}
}

// fieldOf returns the address of the server's own field that addr is, or is
// inside of.
func (s *sharing) fieldOf(addr ssa.Value, server ssa.Value) *ssa.FieldAddr {
	for {
		field, ok := addr.(*ssa.FieldAddr)
		if !ok {
			return nil
		}
		if field.X == server {
			return field
		}
		addr = field.X
	}
}

// loaded returns the address of the server's field that a map was read from.
func (s *sharing) loaded(m ssa.Value, server ssa.Value) *ssa.FieldAddr {
	load, ok := m.(*ssa.UnOp)
	if !ok || load.Op != token.MUL {
		return nil
	}
	return s.fieldOf(load.X, server)
}

func varOf(addr *ssa.FieldAddr) *types.Var {
	t := types.Unalias(addr.X.Type()).Underlying().(*types.Pointer).Elem()
	return t.Underlying().(*types.Struct).Field(addr.Field)
}

func (s *sharing) use(addr *ssa.FieldAddr, instr ssa.Instruction) {
	field := varOf(addr)
	if s.uses[field] == nil {
		s.uses[field] = make(map[ssa.Instruction]bool)
	}
	s.uses[field][instr] = true
}

func (s *sharing) write(addr *ssa.FieldAddr, instr ssa.Instruction, isMap bool, handler *ssa.Function) {
	s.use(addr, instr)
	w := sharedWrite{varOf(addr), instr, addr, isMap, handler}
	if !slices.ContainsFunc(s.writes, func(known sharedWrite) bool { return known.instr == instr }) {
		s.writes = append(s.writes, w)
	}
}

// synchronizes reports whether a function, or one that it calls, takes a lock
// or uses a channel: what it guards is not for us to find out.
func (s *sharing) synchronizes(fn *ssa.Function, depth int) bool {
	if known, ok := s.locks[fn]; ok {
		return known
	}
	s.locks[fn] = false // recursion
	found := false
	for _, block := range fn.Blocks {
		for _, instr := range block.Instrs {
			switch instr := instr.(type) {
			case *ssa.Send, *ssa.Select:
				found = true
			case *ssa.UnOp:
				found = found || instr.Op == token.ARROW
			case ssa.CallInstruction:
				found = found || s.locksBy(instr, depth)
			}
		}
	}
	s.locks[fn] = found
	return found
}

func (s *sharing) locksBy(call ssa.CallInstruction, depth int) bool {
	local, obj := servers(s.pass).SSA().Callee(call.Common())
	if obj != nil {
		// sync.Locker, and semaphores.
		switch obj.Name() {
		case "Lock", "RLock", "TryLock", "TryRLock", "Acquire", "TryAcquire":
			return true
		}
	}
	return local != nil && depth < 3 && s.synchronizes(local, depth+1)
}

// report reports what one handler writes, at the first place.
func (s *sharing) report(writes []sharedWrite) {
	w := writes[0]
	expr := s.expr(w)
	f := finding.Finding{Pos: expr.Pos(), End: expr.End(), Subject: w.field.Name(), StandsOn: stub.Served(w.handler.Signature.Recv().Type())}
	method, what := w.handler.Name(), say.More(say.Expr(expr), len(writes)-1, "")
	for _, other := range writes[1:] {
		expr := s.expr(other)
		f.Related = append(f.Related, finding.Related{Message: "so is this", Pos: expr.Pos(), End: expr.End()})
	}
	if w.isMap {
		f.Message = fmt.Sprintf("two RPCs at a time can crash the server: %s writes the map %s, which they share, without a lock", method, what)
	} else {
		f.Message = fmt.Sprintf("two RPCs at a time lose or mix up data: %s writes %s, which they share, without a lock", method, what)
	}
	s.pass.Report("server/shared-state", f)
}

// expr returns the field as the code writes it: s.field.
func (s *sharing) expr(w sharedWrite) ast.Expr {
	if sel := syntax.Of(s.pass.Pass).Selector(w.addr.Pos()); sel != nil {
		return sel
	}
	return nil
}
