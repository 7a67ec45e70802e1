package fix

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"path"
	"regexp"
	"slices"
	"strconv"
)

// withoutUnused takes those imports out of a Go file that were used before
// the edits and are not any more. Each fix leaves them used, but several of
// one file together may not.
func withoutUnused(before, after []byte) []byte {
	used := packagesUsed(before)
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "", after, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || used == nil {
		return after
	}
	still := packagesUsed(after)
	offset := func(pos token.Pos) int { return fset.Position(pos).Offset }
	type piece struct{ start, end int }
	var gone []piece
	for _, decl := range file.Decls {
		decl, ok := decl.(*ast.GenDecl)
		if !ok || decl.Tok != token.IMPORT {
			continue
		}
		var unused []ast.Node
		for _, spec := range decl.Specs {
			if name := nameOf(spec.(*ast.ImportSpec)); name != "" && used[name] && !still[name] {
				unused = append(unused, spec)
			}
		}
		if len(unused) == len(decl.Specs) {
			unused = []ast.Node{decl}
		}
		for _, node := range unused {
			gone = append(gone, piece{offset(node.Pos()), offset(node.End())})
		}
	}
	for _, p := range slices.Backward(gone) {
		start := bytes.LastIndexByte(after[:p.start], '\n') + 1
		end := len(after)
		if i := bytes.IndexByte(after[p.end:], '\n'); i >= 0 {
			end = p.end + i + 1
		}
		if len(bytes.TrimSpace(after[start:p.start])) > 0 {
			start, end = p.start, p.end // something else stands in the line
		}
		after = slices.Concat(after[:start], after[end:])
	}
	return after
}

// version is the last element of a module's path that is no name.
var version = regexp.MustCompile(`^v[0-9]+$`)

// nameOf returns the name by which a file knows an import, as far as the
// path tells; "" for none.
func nameOf(spec *ast.ImportSpec) string {
	if spec.Name != nil {
		if spec.Name.Name == "_" || spec.Name.Name == "." {
			return ""
		}
		return spec.Name.Name
	}
	imported, err := strconv.Unquote(spec.Path.Value)
	if err != nil || imported == "C" {
		return ""
	}
	if name := path.Base(imported); !version.MatchString(name) {
		return name
	}
	return path.Base(path.Dir(imported))
}

// packagesUsed returns the names before the dots of a file, nil if it does
// not parse.
func packagesUsed(text []byte) map[string]bool {
	file, err := parser.ParseFile(token.NewFileSet(), "", text, parser.SkipObjectResolution)
	if err != nil {
		return nil
	}
	used := make(map[string]bool)
	ast.Inspect(file, func(n ast.Node) bool {
		if sel, ok := n.(*ast.SelectorExpr); ok {
			if id, ok := sel.X.(*ast.Ident); ok {
				used[id.Name] = true
			}
		}
		return true
	})
	return used
}
