package metadata

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/types"
	"strings"

	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/edit"
	"github.com/grpclint/grpclint/analyzers/internal/mdflow"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// keyCase reports reads of metadata by a key that none of it can have.
func keyCase(pass *report.Pass) error {
	info := flow(pass)
	if !info.Concerned || !readsUpperCase(pass) {
		return nil
	}
	e := info.Engine()
	for _, fn := range e.Funcs {
		for _, block := range fn.Blocks {
			for _, instr := range block.Instrs {
				lookup, ok := instr.(*ssa.Lookup)
				if !ok || !mdflow.IsMD(lookup.X.Type()) {
					continue
				}
				key, ok := mdflow.ConstString(lookup.Index)
				if !ok || key == strings.ToLower(key) || !e.Kind(lookup.X).Lowered() || written(lookup.X, key) {
					continue
				}
				if index := indexAt(pass, lookup.Pos()); index != nil {
					reportKey(pass, index, key, lookup.CommaOk)
				}
			}
		}
	}
	return nil
}

// readsUpperCase reports whether there is anything to judge.
func readsUpperCase(pass *report.Pass) bool {
	for index := range syntax.All[*ast.IndexExpr](syntax.Of(pass.Pass)) {
		if t := pass.TypesInfo.TypeOf(index.X); t == nil || !mdflow.IsMD(t) {
			continue
		}
		if key, ok := constantString(pass, index.Index); ok && key != strings.ToLower(key) {
			return true
		}
	}
	return false
}

// written reports whether the same function writes the key as it is.
func written(md ssa.Value, key string) bool {
	if md.Referrers() == nil {
		return false
	}
	for _, r := range *md.Referrers() {
		if update, ok := r.(*ssa.MapUpdate); ok {
			if text, ok := mdflow.ConstString(update.Key); ok && text == key {
				return true
			}
		}
	}
	return false
}

func reportKey(pass *report.Pass, index *ast.IndexExpr, key string, commaOk bool) {
	f := finding.Finding{
		Pos: index.Index.Pos(), End: index.Index.End(), Subject: key,
		Message: fmt.Sprintf("never finds anything: keys of metadata are in lower case, %q is not", key),
	}
	switch lit, isLit := ast.Unparen(index.Index).(*ast.BasicLit); {
	case !commaOk:
		f.Fixes = []finding.Fix{{Message: "use Get, which lowers the key's case", Safe: true, Edits: []finding.Edit{
			{Pos: index.Lbrack, End: index.Lbrack + 1, NewText: ".Get("},
			{Pos: index.Rbrack, End: index.Rbrack + 1, NewText: ")"},
		}}}
	case isLit && !strings.Contains(lit.Value, `\`):
		f.Fixes = []finding.Fix{{Message: "write the key in lower case", Safe: true, Edits: []finding.Edit{edit.Replace(lit, strings.ToLower(lit.Value))}}}
	}
	if call, ok := ast.Unparen(index.X).(*ast.CallExpr); ok && pass.TypesInfo.Types[call.Fun].IsType() {
		f.Fixes = nil // metadata.MD(x)["K"]: not lowered by us
	}
	if _, ok := types.Unalias(pass.TypesInfo.TypeOf(index.X)).(*types.Named); !ok {
		f.Fixes = nil // a type parameter has no Get
	}
	pass.Report("metadata/key-case", f)
}

func constantString(pass *report.Pass, expr ast.Expr) (string, bool) {
	value := pass.TypesInfo.Types[expr].Value
	if value == nil || value.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(value), true
}
