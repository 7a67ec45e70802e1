package grpclint

import (
	"go/ast"
	"go/parser"
	"go/token"
	"io/fs"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// A file or a program that somebody else wrote is dealt with in one place,
// which knows what may go wrong.
var onlyThere = []struct {
	names   []string // "package.Function"
	allowed []string // folders and files in which they may be used
	why     string
}{
	{
		[]string{"os.ReadFile", "os.Open", "os.OpenFile", "os.WriteFile", "os.Create", "os.CreateTemp", "os.Rename", "build.Import", "build.ImportDir"},
		[]string{
			"internal/wholefile",
			"internal/cache",                            // of its own folder
			"internal/supervise/orphans_linux.go",       // of the kernel
			"internal/docs", "internal/growth", "bench", // of this repository
			"internal/moduletest", "internal/nogotest", "internal/wanttest", // of tests
		},
		"it may be a FIFO, a device or a link: use wholefile",
	},
	{
		[]string{"exec.Command", "exec.CommandContext"},
		[]string{"internal/supervise", "internal/docs", "internal/nogotest", "bench"},
		"it is to end with us: use supervise.NewTool",
	},
}

func TestOnlyThere(t *testing.T) {
	used := make(map[string]bool)
	each := func(path string, file *ast.File) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.SelectorExpr:
				pkg, ok := n.X.(*ast.Ident)
				if !ok {
					return true
				}
				name := pkg.Name + "." + n.Sel.Name
				for _, o := range onlyThere {
					if !slices.Contains(o.names, name) {
						continue
					}
					used[name] = true
					if !slices.ContainsFunc(o.allowed, func(at string) bool { return within(path, at) }) {
						t.Errorf("%s uses %s: %s", path, name, o.why)
					}
				}
			case *ast.CallExpr:
				// Without a text the parser reads the file by itself.
				if slices.ContainsFunc(onlyThere[0].allowed, func(at string) bool { return within(path, at) }) {
					return true
				}
				if f, ok := n.Fun.(*ast.SelectorExpr); ok && f.Sel.Name == "ParseFile" && len(n.Args) == 4 {
					if text, ok := n.Args[2].(*ast.Ident); ok && text.Name == "nil" {
						t.Errorf("%s has a parser read a file: use wholefile", path)
					}
				}
			}
			return true
		})
	}
	err := filepath.WalkDir(".", func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return err
		case entry.IsDir() && (entry.Name() == "testdata" || path != "." && strings.HasPrefix(entry.Name(), ".")):
			return fs.SkipDir
		case entry.IsDir() || filepath.Ext(path) != ".go" || strings.HasSuffix(path, "_test.go"):
			return nil
		}
		file, err := parser.ParseFile(token.NewFileSet(), path, nil, parser.SkipObjectResolution)
		if err == nil {
			each(filepath.ToSlash(path), file)
		}
		return err
	})
	if err != nil {
		t.Fatal(err)
	}
	for _, name := range []string{"os.OpenFile", "exec.CommandContext"} {
		if !used[name] {
			t.Errorf("nobody uses %s: does the test look?", name)
		}
	}
}
