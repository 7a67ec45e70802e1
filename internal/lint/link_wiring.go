package lint

import (
	"go/ast"
	"go/token"
	"go/types"
	"path/filepath"
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/link"
)

// explain names how what a finding is about was wired: where it was decided that
// a function is called in which one of its places is, or, if none of them is called
// through an interface, the nearest such decision.
func (w *world) explain(p *packages.Package, f *finding.Finding) {
	if w.explainPlaces(p, f) {
		return
	}
	places := []token.Pos{f.Pos}
	involved := make(map[string]bool) // packages, by path
	for _, r := range f.Related {
		if r.Remote == nil {
			places = append(places, r.Pos)
		} else {
			involved[r.Remote.Package] = true
		}
	}
	named := make(map[link.Target]bool)
	for _, pos := range places {
		decl := declAround(p, pos)
		if decl == nil {
			continue
		}
		targets := w.wiringOf(p, decl, pos)
		if len(targets) == 0 {
			continue
		}
		target := targets[len(targets)-1]
		if i := slices.IndexFunc(targets, func(t link.Target) bool { return involved[t.Package()] }); i >= 0 {
			target = targets[i]
		}
		if named[target] {
			continue
		}
		named[target] = true
		f.Related = append(f.Related, decision(target))
	}
}

func decision(target link.Target) finding.Related {
	what := ""
	if target.Func != nil {
		what = nameOf(target.Func) + " is called"
	} else {
		what = types.TypeString(target.Type, (*types.Package).Name) + " is registered"
	}
	return finding.Related{Message: "here it is decided that " + what, Pos: target.Wired, End: target.Wired}
}

// explainPlaces names the decisions for the functions in which the places of a
// finding are, and reports whether there are any.
func (w *world) explainPlaces(p *packages.Package, f *finding.Finding) bool {
	around := func(pos token.Pos) *types.Func {
		at := finding.Position(p.Fset, pos)
		return funcAt(p, filepath.Base(at.Filename), at.Line)
	}
	functions := []*types.Func{around(f.Pos)}
	for _, r := range f.Related {
		if r.Remote == nil {
			functions = append(functions, around(r.Pos))
		} else if other := w.byPath[r.Remote.Package]; other != nil {
			functions = append(functions, funcAt(other, r.Remote.File, r.Remote.Line))
		}
	}
	var decisions []finding.Related
	for i, fn := range functions {
		if target, ok := w.decided(fn); ok && !slices.Contains(functions[:i], fn) {
			decisions = append(decisions, decision(target))
		}
	}
	f.Related = append(f.Related, decisions...)
	return len(decisions) > 0
}

// decided returns the first decision for a function, in the order of packages
// and of their calls.
func (w *world) decided(fn *types.Func) (first link.Target, ok bool) {
	if fn == nil {
		return first, false
	}
	for _, p := range w.roots {
		for _, c := range w.calls.Of[p] { // in source order
			i := slices.IndexFunc(c.Targets, func(t link.Target) bool { return t.Func != nil && keyOf(t.Func) == keyOf(fn) })
			if i >= 0 {
				return c.Targets[i], true
			}
		}
	}
	return first, false
}

// funcAt returns the function of a package that is declared last before a line of
// a file, which is around it. Of a package that is not judged again there is no
// syntax any more.
func funcAt(p *packages.Package, file string, line int) *types.Func {
	var last *types.Func
	lastLine := 0
	see := func(fn *types.Func) {
		at := finding.Position(p.Fset, fn.Pos())
		if filepath.Base(at.Filename) == file && lastLine < at.Line && at.Line <= line {
			last, lastLine = fn, at.Line
		}
	}
	scope := p.Types.Scope()
	for _, name := range scope.Names() {
		switch obj := scope.Lookup(name).(type) {
		case *types.Func:
			see(obj)
		case *types.TypeName:
			if named, ok := obj.Type().(*types.Named); ok && !obj.IsAlias() {
				for m := range named.Methods() {
					see(m)
				}
			}
		}
	}
	return last
}

// maxWirings bounds what is told of how a function is wired.
const maxWirings = 8

// wiringOf returns what the calls in a declaration run that are linked, or
// lead to others which are: those up to a place, or else those behind it.
func (w *world) wiringOf(p *packages.Package, decl ast.Decl, until token.Pos) []link.Target {
	var before, behind []link.Target
	note := func(at token.Pos, targets ...link.Target) {
		list := &before
		if at > until {
			list = &behind
		}
		for _, t := range targets {
			if len(*list) < maxWirings && !slices.Contains(*list, t) {
				*list = append(*list, t)
			}
		}
	}
	ast.Inspect(decl, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if target, ok := w.links[p][n]; ok {
				note(n.Pos(), target)
			}
		case *ast.Ident:
			if fn, ok := p.TypesInfo.Uses[n].(*types.Func); ok {
				note(n.Pos(), w.wired[keyOf(fn)]...)
			}
		}
		return true
	})
	if len(before) == 0 {
		return behind
	}
	return before
}

// wire notes which functions of a package lead to calls that are linked.
func (w *world) wire(p *packages.Package) {
	for again := true; again; {
		again = false
		for _, file := range p.Syntax {
			for _, decl := range file.Decls {
				decl, ok := decl.(*ast.FuncDecl)
				if !ok {
					continue
				}
				fn, _ := p.TypesInfo.Defs[decl.Name].(*types.Func)
				key, targets := keyOf(fn), w.wiringOf(p, decl, decl.End())
				if len(targets) > len(w.wired[key]) {
					w.wired[key], again = targets, true
				}
			}
		}
	}
}

// keyOf names a function in the variants of its package alike.
func keyOf(fn *types.Func) string {
	if fn == nil || fn.Pkg() == nil {
		return ""
	}
	return fn.Pkg().Path() + "." + analyzers.Key(fn.Origin())
}

// declAround returns the declaration around a place of a package, or nil.
func declAround(p *packages.Package, pos token.Pos) ast.Decl {
	for _, file := range p.Syntax {
		if pos < file.FileStart || pos > file.FileEnd {
			continue
		}
		for _, decl := range file.Decls {
			if decl.Pos() <= pos && pos < decl.End() {
				return decl
			}
		}
	}
	return nil
}

// nameOf names a function or a method as people write it: pg.New,
// (*pg.Store).Find.
func nameOf(fn *types.Func) string {
	recv := fn.Signature().Recv()
	short := func(p *types.Package) string { return p.Name() }
	if recv == nil {
		return short(fn.Pkg()) + "." + fn.Name()
	}
	t := types.TypeString(recv.Type(), short)
	if _, ok := recv.Type().(*types.Pointer); ok {
		t = "(" + t + ")"
	}
	return t + "." + fn.Name()
}
