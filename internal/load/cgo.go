package load

import (
	"bytes"
	"cmp"
	"context"
	"errors"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/supervise"
	"github.com/grpclint/grpclint/internal/wholefile"
)

// WithoutCgo returns those of some Go files that are left out only because
// cgo is off. To the go command they are as files for other platforms, and
// nobody would learn why what they declare is not there.
func WithoutCgo(ctx context.Context, files, env []string, tags, dir string) []string {
	var left []string
	for _, file := range files {
		if filepath.Ext(file) == ".go" && needsCgo(file, env, tags) {
			left = append(left, file)
		}
	}
	if len(left) == 0 || !cgoIsOff(ctx, dir, env) {
		return nil
	}
	return left
}

// needsCgo reports whether a file is in builds with cgo, and in none without.
func needsCgo(file string, env []string, tags string) bool {
	context := build.Default
	context.GOOS = cmp.Or(lookup(env, "GOOS"), runtime.GOOS)
	context.GOARCH = cmp.Or(lookup(env, "GOARCH"), runtime.GOARCH)
	context.BuildTags = strings.FieldsFunc(tags, func(r rune) bool { return r == ',' })
	context.OpenFile = func(path string) (io.ReadCloser, error) {
		text, err := wholefile.Read(path, wholefile.Text)
		return io.NopCloser(bytes.NewReader(text)), err
	}
	matches := func(cgo bool) bool {
		context.CgoEnabled = cgo
		ok, err := context.MatchFile(filepath.Dir(file), filepath.Base(file))
		return ok && err == nil
	}
	return matches(true) && (!matches(false) || importsC(file))
}

func importsC(file string) bool {
	text, err := wholefile.Read(file, wholefile.Text)
	if err != nil {
		return false
	}
	syntax, err := parser.ParseFile(token.NewFileSet(), file, text, parser.ImportsOnly)
	return err == nil && usesCgo(syntax)
}

// processCgo has the files of packages that use cgo replaced by those that it
// makes of them, in which what comes from C has types.
func (c *checker) processCgo(nodes []*node) {
	using := make(map[string][]*packages.Package) // by path: a package and its variants
	for _, n := range nodes {
		if slices.ContainsFunc(n.pkg.Syntax, usesCgo) {
			using[n.pkg.PkgPath] = append(using[n.pkg.PkgPath], n.pkg)
		}
	}
	if len(using) == 0 {
		return
	}
	c.processed = true
	patterns := slices.Sorted(maps.Keys(using))
	processed, err := c.ask(packages.NeedName|packages.NeedFiles|packages.NeedCompiledGoFiles|packages.NeedForTest, patterns)
	imports, failed := c.ask(listed, cgoImports)
	err = errors.Join(err, failed)
	files := make(map[string]*packages.Package)
	for _, p := range processed {
		files[p.ID] = p
	}
	for path, list := range using {
		for _, p := range list {
			made := cmp.Or(files[p.ID], files[path])
			switch {
			case err != nil:
				addError(p, err)
			case made != nil:
				for _, e := range made.Errors {
					if !slices.Contains(p.Errors, e) {
						p.Errors = append(p.Errors, e)
					}
				}
				p.Syntax, p.CompiledGoFiles = nil, made.CompiledGoFiles
				for _, imported := range imports {
					if p.Imports[imported.PkgPath] == nil {
						p.Imports[imported.PkgPath] = imported
					}
				}
				c.declare(p.Imports)
				c.parse(p)
			}
		}
	}
}

// cgoImports are the packages that the files import that cgo makes.
var cgoImports = []string{"runtime/cgo", "syscall", "unsafe"}

func usesCgo(file *ast.File) bool {
	return slices.ContainsFunc(file.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` })
}

// cgoIsOff asks the go command, which also looks for a C compiler.
func cgoIsOff(ctx context.Context, dir string, env []string) bool {
	if value := lookup(env, "CGO_ENABLED"); value != "" {
		on, err := strconv.ParseBool(value)
		return err == nil && !on
	}
	cmd := supervise.NewTool(ctx, "go", "env", "CGO_ENABLED")
	cmd.Dir, cmd.Env = dir, env
	output, err := cmd.Output()
	return err == nil && strings.TrimSpace(string(output)) == "0"
}
