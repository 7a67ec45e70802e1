package load_test

import (
	"os"
	"path/filepath"
	"testing"

	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/moduletest"
)

// What the go command would wait for is named instead.
func TestIrregular(t *testing.T) {
	for _, name := range []string{"go.work", "go.work.sum", "a/go.mod", "a/go.sum", "b/go.mod", "vendor/modules.txt"} {
		dir := moduletest.Write(t, `
-- go.mod --
none
-- go.work --
go 1.25

use (
	./a
	./b
)
-- a/go.mod --
module example.com/a
-- a/a.go --
package a
-- b/go.mod --
module example.com/b
`)
		file := filepath.Join(dir, filepath.FromSlash(name))
		_ = os.Remove(file)
		if err := os.MkdirAll(filepath.Dir(file), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.Symlink(os.DevNull, file); err != nil {
			t.Skip(err)
		}
		if info, err := os.Stat(file); err != nil || info.Mode().IsRegular() {
			t.Skip("no device to be linked to")
		}
		program := load.Load(load.Config{Dir: filepath.Join(dir, "a"), Env: append(os.Environ(), "GOWORK="), Patterns: []string{"./..."}})
		if len(program.Errors) != 1 || program.Errors[0].File != file || program.Errors[0].Message != "is no regular file" {
			t.Errorf("%s: %+v", name, program.Errors)
		}
	}
}
