package load_test

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/moduletest"
)

const remembered = `
-- store/store.go --
package store

import (
	_ "embed"

	_ "google.golang.org/grpc"
)

//go:embed config.json
var Config string
-- store/config.json --
{}
-- store/store_test.go --
package store
-- main.go --
package main

import "example.com/m/store"

func main() { println(store.Config) }
-- other/other.go --
package other

import _ "google.golang.org/grpc"
`

// What the go command said is taken for true as long as the question is the same,
// whatever has happened to the files.
func TestRemember(t *testing.T) {
	dir := moduletest.Write(t, remembered)
	file := filepath.Join(t.TempDir(), "listing")
	of := func(change func(*load.Config)) string {
		cfg := load.Config{Dir: dir, Env: moduletest.Environ(), Patterns: []string{"./..."}, Tests: true, Remember: file}
		if change != nil {
			change(&cfg)
		}
		program := load.Load(cfg)
		wantNoErrors(t, program)
		return ids(program.Roots)
	}
	want := of(nil)
	if !strings.Contains(want, "store [") {
		t.Fatalf("roots are %s", want)
	}
	if err := os.WriteFile(filepath.Join(dir, "other", "more_test.go"), []byte("package other\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := of(nil); got != want {
		t.Errorf("roots are %s, want %s", got, want)
	}
	if got := of(func(cfg *load.Config) { cfg.Tests = false }); strings.Contains(got, "[") {
		t.Errorf("without tests roots are %s", got)
	}
	if got := of(nil); got == want {
		t.Error("what was said of another question is remembered")
	}
	if err := os.WriteFile(file, []byte("nothing"), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := of(func(cfg *load.Config) { cfg.Patterns = []string{"./other"} }); !strings.HasPrefix(got, "other [") {
		t.Errorf("roots are %s", got)
	}
}

// The key of what a package tells changes with all that this follows from.
func TestOwnKeys(t *testing.T) {
	dir := moduletest.Write(t, remembered)
	keys := func(own bool) map[string]cache.Key {
		program := load.Load(load.Config{Dir: dir, Env: moduletest.Environ(), Patterns: []string{"./..."}, Own: own})
		wantNoErrors(t, program)
		byPath := make(map[string]cache.Key)
		for p, key := range program.Keys {
			byPath[p.PkgPath] = key
		}
		return byPath
	}
	if n := len(keys(false)); n != 0 {
		t.Errorf("%d packages at hand have keys", n)
	}
	before := keys(true)
	if len(before) != 3 {
		t.Fatalf("keys of %v", before)
	}
	for _, test := range []struct{ file, text, changed string }{
		{"other/other.go", "package other\n\nimport _ \"google.golang.org/grpc\"\n\nvar X = 1\n", "example.com/m/other"},
		{"store/config.json", "{ }", "example.com/m, example.com/m/store"},
	} {
		if err := os.WriteFile(filepath.Join(dir, test.file), []byte(test.text), 0o666); err != nil {
			t.Fatal(err)
		}
		now := keys(true)
		var changed []string
		for _, path := range []string{"example.com/m", "example.com/m/other", "example.com/m/store"} {
			if now[path] != before[path] {
				changed = append(changed, path)
			}
		}
		if got := strings.Join(changed, ", "); got != test.changed {
			t.Errorf("with another %s the keys of %s change, want those of %s", test.file, got, test.changed)
		}
		before = now
	}
}

// Packages that are told have types and no syntax, those at hand only if they
// count.
func TestOwnTold(t *testing.T) {
	for _, own := range []bool{false, true} {
		program, _ := loadModule(t, remembered, func(cfg *load.Config) {
			cfg.Patterns, cfg.Own = []string{"."}, own
			cfg.Told = func(*packages.Package, cache.Key) bool { return true }
		})
		wantNoErrors(t, program)
		store := program.Roots[0].Imports["example.com/m/store"]
		if store == nil || store.Types == nil || (len(store.Syntax) == 0) != own {
			t.Errorf("own %t: store is %+v", own, store)
		}
	}
}
