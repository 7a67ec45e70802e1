package stub

import (
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strconv"
	"testing"

	"golang.org/x/tools/go/analysis"
)

const rawExample = "\n\x0bshop.proto\x12\x04shop2\x0d\n\x05Order\x12\x04\n\x03Get"

// Whatever a variable begins with, it is read as the compiler reads it, or
// not at all.
func FuzzEmbedded(f *testing.F) {
	f.Add(strconv.Quote(rawExample))
	f.Add(`"" + "\n" + "\vshop.proto\x12\x04shop"`)
	f.Add(`string([]byte{0x0a, 0x0b, 's', 104, 0b1, 0o17, 1, 2, 3, 4, 5, 6, 7, 8, 9, 255})`)
	f.Add(`[]byte{0x1f, 0x8b, 8, 0, 0, 0, 0, 0, 0, 0xff, 1, 0, 0, 0xff, 0xff, 0}`)
	f.Add(`[...]byte{10, 5: 11, 20: 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14}`)
	f.Add("(`\n\x0bshop.proto`)")
	f.Fuzz(func(t *testing.T, value string) {
		fset := token.NewFileSet()
		file, err := parser.ParseFile(fset, "p.go", "package p\n\nvar v = "+value+"\n", parser.SkipObjectResolution)
		if err != nil {
			return
		}
		info := &types.Info{Types: make(map[ast.Expr]types.TypeAndValue), Uses: make(map[*ast.Ident]types.Object), Defs: make(map[*ast.Ident]types.Object)}
		config := types.Config{Error: func(error) {}} // what is in Go files with errors is read, too
		_, _ = config.Check("p", fset, []*ast.File{file}, info)
		descriptors(&analysis.Pass{Files: []*ast.File{file}, TypesInfo: info})
	})
}
