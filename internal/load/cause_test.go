package load_test

import (
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/moduletest"
)

// A module that cannot be had is one error, however many packages need it,
// and comes first.
func TestOneCause(t *testing.T) {
	const archive = `
-- go.mod --
module example.com/m

go 1.25

require grpc

require example.com/gone v1.2.3
-- a/a.go --
package a

import (
	_ "example.com/gone/one"
	_ "google.golang.org/grpc"
)
-- b/b.go --
package b

import (
	_ "example.com/gone/two"
	_ "google.golang.org/grpc"
)

var n int = "text"
`
	program, dir := loadModule(t, archive, func(cfg *load.Config) {
		cfg.Env = moduletest.Environ("GOFLAGS=-mod=mod", "GOPROXY=file://"+filepath.ToSlash(t.TempDir()), "GONOSUMDB=*")
	})
	lines := strings.Split(messages(dir, program.Errors), "\n")
	if len(lines) != 2 || !strings.HasPrefix(lines[0], "-:0: example.com/gone@v1.2.3: ") || !strings.HasSuffix(lines[0], "(2 packages cannot be loaded because of that)") ||
		!strings.HasPrefix(lines[1], "b/b.go:8: ") {
		t.Errorf("errors are\n%s", strings.Join(lines, "\n"))
	}
}

// Code that is to be generated is asked for by the names of those who do it.
func TestGeneratedCodeMissing(t *testing.T) {
	const user = `
-- a/a.go --
package a

import (
	_ "example.com/m/api/orderpb"
	_ "google.golang.org/grpc"
)
`
	const missing = "a/a.go:4: its Go code is missing, its .proto files are there: run protoc or buf"
	tests := []struct{ name, archive, want string }{
		{"beside the protos", "-- api/orderpb/order.proto --\nsyntax = \"proto3\";\n", missing},
		{"by go_package", "-- proto/order.proto --\nsyntax = \"proto3\";\noption go_package = \"example.com/m/api/orderpb;pb\";\n", missing},
		{"protos of others", "-- proto/order.proto --\nsyntax = \"proto3\";\noption go_package = \"example.com/m/api/orderpb2\";\n", "a/a.go:4: cannot find module providing package"},
		{"no protos", "", "a/a.go:4: cannot find module providing package"},
		{"dependencies of others", "-- vendor/order.proto --\noption go_package = \"example.com/m/api/orderpb\";\n", "a/a.go:4: cannot find module providing package"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Parallel()
			program, dir := loadModule(t, user+test.archive, func(cfg *load.Config) { cfg.Env = moduletest.Environ("GOFLAGS=-mod=readonly") })
			if got := messages(dir, program.Errors); !strings.HasPrefix(got, test.want) || len(program.Errors) != 1 {
				t.Errorf("errors are\n%s\nwant %s", got, test.want)
			}
		})
	}
}
