// Package testcode tells code that runs in production from code that is
// there to test, to imitate or to show. What a rule makes of that is said in
// its page; see [rule.Rule.InTests].
package testcode

import (
	"go/ast"
	"go/token"
	"reflect"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// Analyzer's result is what [Is] and [Production] answer from.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclinttestcode",
	Doc:        "tell test code from code that runs in production\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	ResultType: reflect.TypeFor[*info](),
}

type info struct {
	tests      map[*token.File]bool
	whole      bool     // all of the package is test code
	production []string // see Production
}

func run(pass *analysis.Pass) (any, error) {
	info := &info{tests: make(map[*token.File]bool)}
	importable, testing := 0, 0
	for _, file := range pass.Files {
		at := pass.Fset.File(file.FileStart)
		if isTestFile(at.Name()) {
			info.tests[at] = true
			continue
		}
		importable++
		if importsTestLibrary(file) {
			info.tests[at] = true
			if !ast.IsGenerated(file) {
				testing++ // generated mocks lie beside what they imitate
			}
		}
	}
	// One file in many is the helper that a package keeps for the tests of
	// those that use it; half of them and more are a package for tests.
	info.whole = inTestFolder(pass) || testing > 0 && 2*testing >= importable
	for _, file := range pass.Files {
		if info.whole || info.tests[pass.Fset.File(file.FileStart)] {
			continue
		}
		for _, spec := range file.Imports {
			if path, err := strconv.Unquote(spec.Path.Value); err == nil {
				info.production = append(info.production, path)
			}
		}
	}
	return info, nil
}

// Is reports whether pos lies in test code: a _test.go file, a file or a
// package that works with a library for tests, or a package in a folder whose
// name says so (examples, testdata, mocks, testutil). The pass's analyzer
// requires Analyzer.
func Is(pass *analysis.Pass, pos token.Pos) bool {
	if !pos.IsValid() {
		return false
	}
	info := pass.ResultOf[Analyzer].(*info)
	return info.whole || info.tests[pass.Fset.File(pos)]
}

// InTestFile reports whether pos lies in a _test.go file, which no other
// package can import.
func InTestFile(fset *token.FileSet, pos token.Pos) bool {
	file := fset.File(pos)
	return file != nil && isTestFile(file.Name())
}

// Production returns the import paths of what the package needs when it runs
// in production, each once for each file: none if all of it is test code.
// The pass's analyzer requires Analyzer.
func Production(pass *analysis.Pass) []string { return pass.ResultOf[Analyzer].(*info).production }

func isTestFile(name string) bool { return strings.HasSuffix(name, "_test.go") }

func importsTestLibrary(file *ast.File) bool {
	for _, spec := range file.Imports {
		path, err := strconv.Unquote(spec.Path.Value)
		if err == nil && isTestLibrary(path) && !(path == "testing" && onlyAsks(file)) {
			return true
		}
	}
	return false
}

func isTestLibrary(path string) bool {
	for _, library := range [...]string{
		"testing", "github.com/onsi/ginkgo", "github.com/onsi/gomega", "github.com/stretchr/testify",
		"github.com/golang/mock/gomock", "go.uber.org/mock/gomock", "gopkg.in/check.v1",
	} {
		if rest, ok := strings.CutPrefix(path, library); ok && (rest == "" || rest[0] == '/') {
			return true
		}
	}
	return false
}

// onlyAsks: the file asks whether a test is running, as production code may.
func onlyAsks(file *ast.File) bool {
	asks, more := false, false
	ast.Inspect(file, func(n ast.Node) bool {
		sel, ok := n.(*ast.SelectorExpr)
		if !ok {
			return true
		}
		if x, ok := sel.X.(*ast.Ident); ok && x.Name == "testing" {
			switch sel.Sel.Name {
			case "Testing", "Short", "Verbose", "CoverMode":
				asks = true
			default:
				more = true
			}
		}
		return true
	})
	return asks && !more
}

// inTestFolder looks at the path within the module: what is above it is not
// the package's own choice. Without a module nothing is known.
func inTestFolder(pass *analysis.Pass) bool {
	if pass.Module == nil || pass.Module.Path == "" {
		return false
	}
	path, ok := strings.CutPrefix(pass.Pkg.Path(), pass.Module.Path)
	if !ok || path != "" && path[0] != '/' {
		return false
	}
	for word := range strings.FieldsFuncSeq(path, func(r rune) bool { return strings.ContainsRune("/-_.", r) }) {
		switch word {
		case "test", "tests", "testing", "inttesting", "testdata", "testonly", "testutil", "testutils", "testsuite", "testsuites",
			"testhelper", "testhelpers", "example", "examples", "demo", "demos", "mock", "mocks", "sanity", "e2e", "inmem",
			"integration": // integrations are with other products
			return true
		}
		if namedForTest(word) {
			return true
		}
	}
	return false
}

// namedForTest: a folder is named after what it helps to test, as httptest is.
func namedForTest(word string) bool {
	of, ok := strings.CutSuffix(word, "test")
	switch of {
	case "at", "con", "fas", "grea", "pro", "shor", "smar": // attest, contest
		return false
	}
	return ok && len(of) > 2
}
