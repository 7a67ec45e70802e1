package load_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
)

// What lies between packages that use gRPC is read, with what lies above it,
// unless it is large. It does not count as using gRPC.
func TestBetween(t *testing.T) {
	program, _ := loadModule(t, fmt.Sprintf(`
-- main.go --
package main

import (
	"example.com/m/big"
	"example.com/m/plain"
	"example.com/m/store"
	"example.com/m/wrap"
)

func main() { wrap.Use(new(store.Store)); big.Run(nil); plain.Print() }
-- store/store.go --
package store

import (
	"context"

	"google.golang.org/grpc"
)

type Store struct{ conn *grpc.ClientConn }

func (s *Store) Find(ctx context.Context) error { return s.conn.Invoke(ctx, "/s/m", nil, nil) }
-- wrap/wrap.go --
package wrap

import "example.com/m/usecase"

func Use(f usecase.Finder) { usecase.New(f) }
-- usecase/usecase.go --
package usecase

import "context"

type Finder interface{ Find(context.Context) error }

type UseCase struct{ f Finder }

func New(f Finder) *UseCase { return &UseCase{f} }
-- big/big.go --
package big

import "context"

func Run(ctx context.Context) {}
%s
-- plain/plain.go --
package plain

func Print() {}
-- tool/main.go --
package main

import "context"

func main() { _ = context.Background() }
`, strings.Repeat("// more of the same text\n", 3000)), withTests)
	wantNoErrors(t, program)
	wantRoots(t, program, "example.com/m, store, usecase, wrap")
	var between []*packages.Package
	for _, p := range program.Roots {
		if program.Between[p] {
			between = append(between, p)
		}
	}
	if got := ids(between); got != "usecase, wrap" {
		t.Errorf("between are %q", got)
	}
	if program.GRPCPackages != 2 {
		t.Errorf("%d packages use gRPC, want 2", program.GRPCPackages)
	}
	uses := program.Roots[slices.IndexFunc(program.Roots, func(p *packages.Package) bool { return p.Name == "wrap" })]
	if used := uses.Types.Imports()[0]; used != program.Roots[2].Types {
		t.Errorf("wrap is of another %s", used.Path())
	}
}

// A module may require one that requires it: what that imports is not read, lest
// there be two of its types.
func TestBetweenAndBelowAnother(t *testing.T) {
	program, _ := loadModule(t, `
-- go.mod --
module example.com/m

go 1.25

require example.com/other v0.0.0

replace example.com/other => ./other

require grpc
-- main.go --
package main

import (
	"example.com/m/names"
	"example.com/m/store"
	"example.com/other"
)

func main() {
	new(store.Store).Find(names.Of(other.Name()))
	var name names.Name = other.Name()
	_ = name
}
-- store/store.go --
package store

import (
	"context"

	"google.golang.org/grpc"
)

type Store struct{ conn *grpc.ClientConn }

func (s *Store) Find(ctx context.Context) error { return s.conn.Invoke(ctx, "/s/m", nil, nil) }
-- names/names.go --
package names

import "context"

type Name string

func Of(Name) context.Context { return context.Background() }
-- other/go.mod --
module example.com/other

go 1.25

require example.com/m v0.0.0
-- other/other.go --
package other

import "example.com/m/names"

func Name() names.Name { return "n" }
`, withTests)
	wantNoErrors(t, program)
	wantRoots(t, program, "example.com/m, store")
}
