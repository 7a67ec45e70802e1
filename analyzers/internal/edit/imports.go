package edit

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/syntax"
	"github.com/grpclint/grpclint/finding"
)

// ImportName returns the name by which the file that holds pos names a
// package, or "" if it does not import it, or not to name it.
func ImportName(pass *analysis.Pass, pos token.Pos, path string) string {
	file := syntax.Of(pass).File(pos)
	if file == nil {
		return ""
	}
	for _, spec := range file.Imports {
		if spec.Path.Value != strconv.Quote(path) {
			continue
		}
		if name := pass.TypesInfo.PkgNameOf(spec); name != nil && name.Name() != "_" && name.Name() != "." {
			return name.Name()
		}
	}
	return ""
}

// AddImport adds an import under a name, "_" for its side effect, behind the
// last import of the file that holds pos. It fails where the file has no list
// of imports.
func AddImport(pass *analysis.Pass, pos token.Pos, name, path string) (finding.Edit, bool) {
	for _, imports := range importLists(pass, pos) {
		if len(imports.Specs) > 0 {
			return Insert(imports.Specs[len(imports.Specs)-1].End(), "\n\t"+name+" "+strconv.Quote(path)), true
		}
	}
	return finding.Edit{}, false
}

// DeleteImport takes the import of a package out of the file that holds pos.
// It fails for one that is not in a list.
func DeleteImport(pass *analysis.Pass, pos token.Pos, name *types.PkgName) (finding.Edit, bool) {
	for _, imports := range importLists(pass, pos) {
		for _, spec := range imports.Specs {
			if pass.TypesInfo.PkgNameOf(spec.(*ast.ImportSpec)) == name {
				return deleteLines(pass, spec)
			}
		}
	}
	return finding.Edit{}, false
}

func importLists(pass *analysis.Pass, pos token.Pos) (lists []*ast.GenDecl) {
	file := syntax.Of(pass).File(pos)
	if file == nil {
		return nil
	}
	for _, decl := range file.Decls {
		if gen, ok := decl.(*ast.GenDecl); ok && gen.Tok == token.IMPORT && gen.Lparen.IsValid() {
			lists = append(lists, gen)
		}
	}
	return lists
}
