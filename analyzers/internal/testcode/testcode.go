// Package testcode tells code that runs in production from code that is
// there to test, to imitate or to show: rules about availability have
// nothing to say on the latter.
package testcode

import (
	"go/ast"
	"go/token"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Is reports whether pos lies in test code: a _test.go file, a file that
// imports package testing, or a package whose path within its module has an
// element that says so (examples, testdata, mocks, testutil).
func Is(pass *analysis.Pass, pos token.Pos) bool {
	if !pos.IsValid() {
		return false
	}
	if strings.HasSuffix(pass.Fset.File(pos).Name(), "_test.go") || isTestPackage(pass) {
		return true
	}
	for _, file := range pass.Files {
		if file.FileStart <= pos && pos < file.FileEnd {
			return importsTesting(file)
		}
	}
	return false
}

func importsTesting(file *ast.File) bool {
	for _, spec := range file.Imports {
		if spec.Path.Value == `"testing"` {
			return true
		}
	}
	return false
}

// isTestPackage looks at the path within the module: what is above it is
// not the package's own choice. Without a module nothing is known.
func isTestPackage(pass *analysis.Pass) bool {
	if pass.Module == nil || pass.Module.Path == "" {
		return false
	}
	path, ok := strings.CutPrefix(pass.Pkg.Path(), pass.Module.Path)
	if !ok {
		return false
	}
	for element := range strings.SplitSeq(path, "/") {
		switch element {
		case "examples", "example", "testdata", "mock", "mocks", "test", "tests", "testing", "testonly",
			"testutil", "testutils", "testsuite", "e2e", "integration", "inmem":
			return true
		}
	}
	return false
}
