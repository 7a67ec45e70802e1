package noreturn

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
)

// library imitates packages that are known by name.
var library = map[string]string{
	"github.com/rs/zerolog/log":           `package log; import "github.com/rs/zerolog"; func Fatal() *zerolog.Event { return nil }; func Error() *zerolog.Event { return nil }`,
	"github.com/rs/zerolog":               `package zerolog; type Event struct{}; func (e *Event) Err(error) *Event { return e }; func (e *Event) Msg(string) {}`,
	"go.uber.org/zap":                     `package zap; type SugaredLogger struct{}; func (*SugaredLogger) Fatalw(string, ...any) {}; func (*SugaredLogger) Errorw(string, ...any) {}`,
	"github.com/sirupsen/logrus":          `package logrus; func Fatalf(string, ...any) {}; func FatalFormatter() {}`,
	"k8s.io/klog/v2":                      `package klog; func ExitDepth(int, ...any) {}; func Infof(string, ...any) {}`,
	"github.com/stretchr/testify/require": `package require; func NoError(any, error) {}; func Error(any, error) {}`,
}

// source holds functions that are named for what is to be found: Never, OnError
// or Returns.
const source = `package p

import (
	"errors"
	"log"
	"os"
	"runtime"
	"sync"

	"github.com/rs/zerolog"
	zlog "github.com/rs/zerolog/log"
	"github.com/sirupsen/logrus"
	"github.com/stretchr/testify/require"
	"go.uber.org/zap"
	klog "k8s.io/klog/v2"
)

var mu sync.Mutex

func ReturnsErrorText(err error)          { err.Error() }
func NeverExit()                          { os.Exit(1) }
func NeverPanic()                         { panic("no") }
func NeverByAnother()                     { println(); NeverExit() }
func NeverWithResult() error              { return impossible() }
func impossible() error                   { panic("no") }
func NeverDead() error                    { runtime.Goexit(); return nil }
func NeverBranches(b bool)                { if b { os.Exit(1) } else { log.Fatal() } }
func NeverSwitch(n int)                   { switch n { case 1: os.Exit(1); default: panic(n) } }
func NeverSelect(c, d chan int)           { select { case <-c: os.Exit(0); case <-d: panic(1) } }
func NeverEmptySelect()                   { select {} }
func NeverLoop(c chan int)                { for { <-c } }
func NeverTrue(c chan int)                { for true { <-c } }
func NeverInnerBreak(c chan int)          { for { switch <-c { case 1: break } } }
func NeverContinue(c chan int)            { for { if <-c == 1 { continue } } }
func NeverDefer()                         { defer mu.Unlock(); for { mu.Lock() } }
func NeverLiteralDefer()                  { defer func() { println() }(); panic(1) }
func NeverZerolog(err error)              { zlog.Fatal().Err(err).Msg("no") }
func NeverZap(l *zap.SugaredLogger)       { l.Fatalw("no") }
func NeverLogrus()                        { logrus.Fatalf("no") }
func NeverKlog()                          { klog.ExitDepth(1) }
func NeverGeneric[T any](v T)             { panic(v) }
func NeverInstance()                      { NeverGeneric[int](1) }
func NeverBoth(err error)                 { if err == nil { os.Exit(0) }; os.Exit(1) }

type T struct{}

func (T) NeverMethod()                    { os.Exit(1) }
func NeverCallsMethod(t T)                { t.NeverMethod() }

func OnErrorExit(err error)               { if err != nil { os.Exit(1) } }
func OnErrorEarly(err error)              { if nil == err { return }; panic(err) }
func OnErrorElse(err error)               { if err == nil { println() } else { panic(err) } }
func OnErrorWrapper(err error)            { OnErrorExit(err); println() }
func OnErrorMust[V any](v V, err error) V { if err != nil { panic(err) }; return v }
func OnErrorOr(s string, err error)       { if s == "" || err != nil { panic(s) } }
func OnErrorRequire(t any, err error)     { require.NoError(t, err) }

func ReturnsPlain()                       {}
func ReturnsSome(b bool)                  { if b { return }; os.Exit(1) }
func ReturnsFalls(b bool)                 { if b { os.Exit(1) } }
func ReturnsSwitch(n int)                 { switch n { case 1: os.Exit(1) } }
func ReturnsBreak(c chan int)             { for { if <-c == 1 { break } } }
func ReturnsLabel(c chan int)             { loop: for { for { if <-c == 1 { break loop } } } }
func ReturnsSelectBreak(c chan int)       { select { case <-c: if true { break }; panic(1) } }
func ReturnsGoto(c chan int)              { for { if <-c == 1 { goto end } }; end: }
func ReturnsRange(c chan int)             { for range c { } }
func ReturnsWhile(b bool)                 { for b { } }
func ReturnsRecovered()                   { defer func() { _ = recover() }(); panic(1) }
func ReturnsRecoveredBy()                 { defer rescue(); panic(1) }
func rescue()                             { _ = recover() }
func ReturnsUnknownDefer(f func())        { defer f(); panic(1) }
func ReturnsItself()                      { ReturnsItself() }
func ReturnsGo()                          { go os.Exit(1) }
func ReturnsDeferred()                    { defer os.Exit(1) }
func ReturnsLiteral()                     { _ = func() { os.Exit(1) } }
func ReturnsZerolog(err error)            { zlog.Error().Err(err).Msg("no") }
func ReturnsEvent(e *zerolog.Event)       { e.Msg("no") }
func ReturnsFormatter()                   { logrus.FatalFormatter() }
func ReturnsZap(l *zap.SugaredLogger)     { l.Errorw("no") }
func ReturnsKlog()                        { klog.Infof("no") }
func ReturnsNilOnly(err error)            { if err == nil { os.Exit(1) } }
func ReturnsAnd(s string, err error)      { if s == "" && err != nil { panic(s) } }
func ReturnsReplaced(err error)           { err = errors.Unwrap(err); if err != nil { panic(err) } }
func ReturnsShadowed(err error)           { if err := errors.New("no"); err != nil { println() } }
func ReturnsAnother(err, other error)     { if other != err { panic(err) } }
func ReturnsUniverse(err error) string { return err.Error() }
func ReturnsRequire(t any, err error)     { require.Error(t, err) }
`

func TestFunctions(t *testing.T) {
	fset := token.NewFileSet()
	pkg, files, info := check(t, fset, make(map[string]*types.Package), "example.com/p", source)
	var exported *Fact
	pass := &analysis.Pass{
		Fset: fset, Pkg: pkg, Files: files, TypesInfo: info,
		AllPackageFacts:   func() []analysis.PackageFact { return nil },
		ExportPackageFact: func(f analysis.Fact) { exported = f.(*Fact) },
	}
	result, err := run(pass)
	if err != nil {
		t.Fatal(err)
	}
	x := result.(*Index)
	if exported == nil {
		t.Fatal("no fact")
	}
	for fn := range x.decls {
		name := fn.Name()
		if !fn.Exported() {
			continue
		}
		want := "Returns"
		switch {
		case x.Never(fn):
			want = "Never"
		case fn.Signature().Params().Len() > 0 && x.OnError(fn, fn.Signature().Params().Len()-1):
			want = "OnError"
		}
		if !strings.HasPrefix(name, want) {
			t.Errorf("%s: found %s", name, want)
		}
	}
	if told := exported.Told(); len(told.Never) < 20 || len(told.OnError.Rows) < 7 {
		t.Errorf("fact: %s", exported)
	}
}

// check type-checks a package; imports are of the library or standard ones.
func check(t *testing.T, fset *token.FileSet, done map[string]*types.Package, path, source string) (*types.Package, []*ast.File, *types.Info) {
	t.Helper()
	file, err := parser.ParseFile(fset, strings.ReplaceAll(path, "/", "_")+".go", source, parser.SkipObjectResolution)
	if err != nil {
		t.Fatal(err)
	}
	standard := importer.ForCompiler(fset, "source", nil)
	imports := importing(func(path string) (*types.Package, error) {
		if done[path] == nil {
			text, ok := library[path]
			if !ok {
				return standard.Import(path)
			}
			done[path], _, _ = check(t, fset, done, path, text)
		}
		return done[path], nil
	})
	info := &types.Info{Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object), Types: make(map[ast.Expr]types.TypeAndValue)}
	pkg, err := (&types.Config{Importer: imports}).Check(path, fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	return pkg, []*ast.File{file}, info
}

type importing func(path string) (*types.Package, error)

func (f importing) Import(path string) (*types.Package, error) { return f(path) }
