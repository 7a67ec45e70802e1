// Package growth writes programs that grow in one respect: more RPCs in a
// function, more branches before one, a deeper nest of literals. They show
// how the time that grpclint takes grows with them.
package growth

import (
	"fmt"
	"maps"
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// A Shape is a family of programs, one for each size.
type Shape struct {
	Name string
	// N is the smallest size worth measuring; the others are its multiples.
	N int
	// Files returns the files of the program of size n by their names.
	Files func(n int) map[string]string
}

// Shapes returns all shapes, sorted by name.
func Shapes() []Shape {
	list := slices.Concat(contexts(), errors(), metadata(), connections(), handlers(), streams(), syntax(), files())
	slices.SortFunc(list, func(a, b Shape) int { return strings.Compare(a.Name, b.Name) })
	return list
}

// text is a file in the making.
type text struct{ strings.Builder }

func (t *text) line(format string, args ...any) { fmt.Fprintf(t, format+"\n", args...) }

// goFile returns a Go file of the package p: the declarations, below the
// imports that they need.
func goFile(declarations string) string {
	var t text
	t.line("package p\n")
	for _, path := range slices.Sorted(maps.Keys(imports)) {
		if strings.Contains(declarations, imports[path]+".") {
			t.line("import %s %q", imports[path], path)
		}
	}
	t.line("")
	t.WriteString(declarations)
	return t.String()
}

// imports are the packages that shapes use, and how they call them.
var imports = map[string]string{
	"context":                          "context",
	"errors":                           "errors",
	"fmt":                              "fmt",
	"io":                               "io",
	"sync":                             "sync",
	"time":                             "time",
	"google.golang.org/grpc":           "grpc",
	"google.golang.org/grpc/codes":     "codes",
	"google.golang.org/grpc/health":    "health",
	"google.golang.org/grpc/metadata":  "metadata",
	"google.golang.org/grpc/status":    "status",
	"google.golang.org/grpc/keepalive": "keepalive",
	"google.golang.org/grpc/credentials/insecure": "insecure",
	"example.com/testdata/stubs/orderpb":          "orderpb",
	"example.com/testdata/stubs/paypb":            "paypb",
}

// program is a shape of one Go file, whose declarations write tells.
func program(name string, n int, write func(t *text, n int)) Shape {
	return Shape{Name: name, N: n, Files: func(n int) map[string]string {
		var t text
		write(&t, n)
		return map[string]string{"p.go": goFile(t.String())}
	}}
}

// repeat calls write for each number below n.
func (t *text) repeat(n int, write func(i int)) {
	for i := range n {
		write(i)
	}
}

// Write writes a program into a folder, as a module beside the test packages
// of the repository, whose stubs it uses.
func Write(dir, repository string, files map[string]string) error {
	tests := filepath.Join(repository, "testdata", "src")
	mod, err := os.ReadFile(filepath.Join(tests, "go.mod"))
	if err != nil {
		return err
	}
	sum, err := os.ReadFile(filepath.Join(tests, "go.sum"))
	if err != nil {
		return err
	}
	all := map[string]string{
		"go.mod": strings.Replace(string(mod), "module example.com/testdata", "module example.com/growth", 1) +
			"\nrequire example.com/testdata v0.0.0\n\nreplace example.com/testdata => " + tests + "\n",
		"go.sum": string(sum),
	}
	maps.Copy(all, files)
	for name, content := range all {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			return err
		}
		if err := os.WriteFile(path, []byte(content), 0o666); err != nil {
			return err
		}
	}
	return nil
}
