package server

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/rule"
)

// pointerEmbed reports servers that embed a pointer to the generated
// UnimplementedFooServer: it is nil unless somebody sets it.
func pointerEmbed(pass *report.Pass) error {
	if !servers(pass).Reaches {
		return nil
	}
	eachStruct(pass, func(spec *ast.TypeSpec, s *ast.StructType) {
		for _, field := range s.Fields.List {
			star, ok := field.Type.(*ast.StarExpr)
			if !ok || len(field.Names) > 0 {
				continue // no pointer, or not embedded
			}
			named, ok := types.Unalias(pass.TypesInfo.TypeOf(star.X)).(*types.Named)
			if !ok || !isUnimplemented(pass, named) || !derefs(named) {
				continue
			}
			f := finding.Finding{Pos: star.Pos(), End: star.End(), Subject: named.Obj().Name()}
			if sets(pass, spec, named.Obj().Name()) {
				// Not everywhere, perhaps: a literal without it compiles as well.
				f.Severity = rule.Warning
				f.Message = fmt.Sprintf("%s makes its registration or an RPC panic where %s is not set: it embeds a pointer", spec.Name.Name, named.Obj().Name())
			} else {
				f.Message = fmt.Sprintf("%s makes its registration or an RPC panic: it embeds a pointer to %s that nobody sets", spec.Name.Name, named.Obj().Name())
				f.Fixes = []finding.Fix{{
					Message: "embed it by value", Safe: !spec.Name.IsExported(),
					Edits: []finding.Edit{edit.Delete(star.Star, star.X.Pos())},
				}}
			}
			pass.Report("server/pointer-embed", f)
		}
	})
	return nil
}

// eachStruct visits the struct types that people declare.
func eachStruct(pass *report.Pass, visit func(*ast.TypeSpec, *ast.StructType)) {
	for spec := range syntax.All[*ast.TypeSpec](syntax.Of(pass.Pass)) {
		if s, ok := spec.Type.(*ast.StructType); ok && syntax.Of(pass.Pass).Written(spec.Pos()) {
			visit(spec, s)
		}
	}
}

// isUnimplemented: a struct without fields that generated code makes for
// servers to embed, beside the interface that it implements.
func isUnimplemented(pass *report.Pass, named *types.Named) bool {
	service, ok := strings.CutPrefix(named.Obj().Name(), "Unimplemented")
	if !ok || named.Obj().Pkg() == nil {
		return false
	}
	s, ok := named.Underlying().(*types.Struct)
	if !ok || s.NumFields() > 0 {
		return false
	}
	iface, ok := named.Obj().Pkg().Scope().Lookup(service).(*types.TypeName)
	return ok && servers(pass).Stubs.Server(iface.Type()) != nil
}

// derefs: a method has a receiver by value. Old generators gave all of them
// pointers, and these do no harm when they are nil.
func derefs(named *types.Named) bool {
	for m := range named.Methods() {
		if _, isPointer := types.Unalias(m.Signature().Recv().Type()).(*types.Pointer); !isPointer {
			return true
		}
	}
	return false
}

// sets reports whether code of the package gives the embedded field of a
// type a value: in a literal, or by assigning to it.
func sets(pass *report.Pass, spec *ast.TypeSpec, name string) bool {
	obj := pass.TypesInfo.Defs[spec.Name]
	if obj == nil {
		return true
	}
	for lit := range syntax.All[*ast.CompositeLit](syntax.Of(pass.Pass)) {
		t := pass.TypesInfo.TypeOf(lit)
		if t == nil || !types.Identical(types.Unalias(t), obj.Type()) {
			continue
		}
		for _, elt := range lit.Elts {
			kv, ok := elt.(*ast.KeyValueExpr)
			if !ok {
				return true // by position: all fields
			}
			if key, ok := kv.Key.(*ast.Ident); ok && key.Name == name {
				return true
			}
		}
	}
	for assign := range syntax.All[*ast.AssignStmt](syntax.Of(pass.Pass)) {
		for _, lhs := range assign.Lhs {
			if sel, ok := lhs.(*ast.SelectorExpr); ok && sel.Sel.Name == name && assign.Tok == token.ASSIGN {
				return true
			}
		}
	}
	return false
}
