package load

import (
	"bytes"
	"cmp"
	"context"
	"go/ast"
	"go/build"
	"go/parser"
	"go/token"
	"io"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

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
	return err == nil && slices.ContainsFunc(syntax.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` })
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
