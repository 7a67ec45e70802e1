package noreturn

import (
	"go/token"
	"go/types"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// A function is in doubt if it may end something and its package has not told.
// A package without such functions does not need to.
func TestDoubt(t *testing.T) {
	for _, test := range []struct {
		text  string
		tells bool
	}{
		{`func F() int { return 1 }; func G() {}; func Fatalf() error { return nil }`, false},
		{`func fatal() {}`, false},
		{`func Fatal() {}`, true},
		{`type T struct{}; func (T) Exit() {}`, true},
		{`func Check(err error) {}`, true},
		{`func Check(err error)`, true}, // in assembly
		{`func Check(err error) bool { return err == nil }`, false},
	} {
		pkg, files, info := check(t, token.NewFileSet(), make(map[string]*types.Package), "example.com/p", "package p\n"+test.text)
		told := false
		pass := &analysis.Pass{
			Pkg: pkg, Files: files, TypesInfo: info,
			AllPackageFacts:   func() []analysis.PackageFact { return nil },
			ExportPackageFact: func(analysis.Fact) { told = true },
		}
		if _, err := run(pass); err != nil || told != test.tells {
			t.Errorf("%s: tells %t, %v", test.text, told, err)
		}
		doubtful := false
		above := &Index{pkg: types.NewPackage("example.com/q", "q")}
		for _, obj := range info.Defs {
			if fn, ok := obj.(*types.Func); ok && fn.Exported() && above.Doubtful(fn) {
				doubtful = true
			}
		}
		if doubtful != test.tells {
			t.Errorf("%s: in doubt: %t", test.text, doubtful)
		}
	}
}
