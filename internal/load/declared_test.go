package load_test

import (
	"fmt"
	"go/types"
	"io/fs"
	"math/rand/v2"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/moduletest"
)

// layered: what main declares is made of what all others declare.
const layered = `
-- main/main.go --
package main

import (
	"example.com/m/a"
	"google.golang.org/grpc"
)

var Conn *grpc.ClientConn
var A = a.Make()
var F = A.B.Field.F
-- a/a.go --
package a

import "example.com/m/b"

type A[T any] struct{ B T }

func Make() A[b.B] { return A[b.B]{} }
-- b/b.go --
package b

import (
	"net/http"

	"example.com/m/c"
)

type B struct {
	Field  c.Alias
	Client *http.Client
}
-- c/c.go --
package c

type Alias = C

type C struct{ F int }

func (C) M() (n int) { return broken }
`

// typesOf tells the types of what main declares.
func typesOf(t *testing.T, dir string, kept *cache.Folder, change func(*load.Config)) string {
	t.Helper()
	cfg := load.Config{Dir: dir, Env: moduletest.Environ(), Patterns: []string{"./main"}, Cache: kept}
	if change != nil {
		change(&cfg)
	}
	program := load.Load(cfg)
	if len(program.Roots) != 1 {
		return messages(dir, program.Errors)
	}
	var b strings.Builder
	scope := program.Roots[0].Types.Scope()
	for _, name := range scope.Names() {
		v := scope.Lookup(name)
		fmt.Fprintln(&b, v)
		methods := types.NewMethodSet(types.NewPointer(v.Type()))
		for i := range methods.Len() {
			m := methods.At(i).Obj()
			at := program.Fset.Position(m.Pos())
			fmt.Fprintf(&b, "\t%s %s:%d\n", m, filepath.Base(at.Filename), at.Line)
		}
	}
	return b.String()
}

// It makes no difference which declarations were kept.
func TestDeclarationsKept(t *testing.T) {
	dir := moduletest.Write(t, layered)
	want := typesOf(t, dir, nil, nil)
	if !strings.Contains(want, "var example.com/m/main.F int") {
		t.Fatalf("without a cache: %s", want)
	}
	place := t.TempDir()
	kept := cache.In(place)
	if got := typesOf(t, dir, kept, nil); got != want {
		t.Errorf("the first run:\n%s\nwant\n%s", got, want)
	}
	var entries []string
	if err := filepath.WalkDir(place, func(path string, e fs.DirEntry, err error) error {
		if err == nil && !e.IsDir() {
			entries = append(entries, path)
		}
		return err
	}); err != nil || len(entries) < 10 {
		t.Fatalf("%d entries, %v", len(entries), err)
	}
	random := rand.New(rand.NewPCG(1, 2))
	for round := range 20 {
		for _, entry := range entries {
			switch random.IntN(4) {
			case 0:
				os.Remove(entry)
			case 1:
				if text, err := os.ReadFile(entry); err == nil {
					text[random.IntN(len(text))] ^= 0xff
					if err := os.WriteFile(entry, text, 0o666); err != nil {
						t.Fatal(err)
					}
				}
			}
		}
		if got := typesOf(t, dir, kept, nil); got != want {
			t.Fatalf("round %d:\n%s\nwant\n%s", round, got, want)
		}
	}
}

// What is kept is not taken for what is there now.
func TestDeclarationsChanged(t *testing.T) {
	dir := moduletest.Write(t, layered)
	kept := cache.In(t.TempDir())
	before := typesOf(t, dir, kept, nil)
	file := filepath.Join(dir, "c", "c.go")
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	changed := []byte(strings.Replace(string(text), "F int", "F string", 1))
	overlay := func(cfg *load.Config) { cfg.Overlay = map[string][]byte{file: changed} }
	want := strings.Replace(before, "main.F int", "main.F string", 1)
	if got := typesOf(t, dir, kept, overlay); got != want {
		t.Errorf("with unsaved text:\n%s\nwant\n%s", got, want)
	}
	if got := typesOf(t, dir, kept, nil); got != before {
		t.Errorf("without it again:\n%s", got)
	}
	if err := os.WriteFile(file, changed, 0o666); err != nil {
		t.Fatal(err)
	}
	if got := typesOf(t, dir, kept, nil); got != want {
		t.Errorf("saved:\n%s\nwant\n%s", got, want)
	}
	if err := os.WriteFile(filepath.Join(dir, "c", "tagged.go"), []byte("//go:build extra\n\npackage c\n\nfunc (C) Extra() {}\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := typesOf(t, dir, kept, nil); got != want {
		t.Errorf("another file, for a tag:\n%s", got)
	}
	if err := os.WriteFile(filepath.Join(dir, "a", "a.go"), []byte("package a\n\nfunc Make() int { return 1 }\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := typesOf(t, dir, kept, nil); !strings.Contains(got, "A.B undefined") {
		t.Errorf("what main needs is gone:\n%s", got)
	}
}

// Nothing is compiled: not what bodies of others say, and not for a while.
func TestNothingCompiled(t *testing.T) {
	dir := moduletest.Write(t, layered)
	place := t.TempDir()
	got := typesOf(t, dir, nil, func(cfg *load.Config) { cfg.Env = append(slices.Clone(cfg.Env), "GOCACHE="+place) })
	if !strings.Contains(got, "main.F int") {
		t.Error(got)
	}
	size := int64(0)
	if err := filepath.WalkDir(place, func(path string, e fs.DirEntry, err error) error {
		if err == nil && e.Type().IsRegular() {
			if info, err := e.Info(); err == nil {
				size += info.Size()
			}
		}
		return err
	}); err != nil {
		t.Fatal(err)
	}
	if size > 1<<20 {
		t.Errorf("the go command has put %d bytes into its cache", size)
	}
}
