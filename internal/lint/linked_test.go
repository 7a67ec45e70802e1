package lint

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/moduletest"
	"github.com/grpclint/grpclint/rule"
)

// What drivers without the link find, is part of what this program finds, and
// the rest is marked.
func TestLinkedFindings(t *testing.T) {
	dir, err := filepath.Abs("../../testdata/linked")
	if err != nil {
		t.Fatal(err)
	}
	// With analyzers of our own nothing that was found before is kept.
	list := append(analyzers.All(), analyzers.Services()...)
	of := func(workers int) *Report {
		return Run(Options{
			Cache: cache.User(), Dir: dir, Patterns: []string{"./..."}, Workers: workers, Policy: everything{}, Severity: rule.Info, Analyzers: list, Codes: true,
		})
	}
	report := of(1)
	for _, e := range report.Errors {
		t.Error(e.Message)
	}
	var alone, linked []string
	for _, f := range report.Findings {
		line := fmt.Sprintf("%s:%d %s", f.File, f.Line, f.Rule.ID)
		if !f.Linked {
			alone = append(alone, line)
			continue
		}
		linked = append(linked, line)
		wired := slices.ContainsFunc(f.Related, func(r Related) bool {
			return strings.HasPrefix(r.Message, "here it is decided that ") && strings.Contains(r.File, "/main/")
		})
		if !wired {
			t.Errorf("%s does not name the wiring: %v", line, f.Related)
		}
	}
	if len(linked) < 6 || report.Stats.Linked != len(linked) {
		t.Errorf("%d findings are counted as linked, these are: %q", report.Stats.Linked, linked)
	}

	if report.Stats.Suppressed != 2 {
		t.Errorf("%d findings are silenced, want the two that are accepted", report.Stats.Suppressed)
	}

	program := load.Load(load.Config{Dir: dir, Cache: cache.User(), Patterns: []string{"./..."}})
	graph, err := checker.Analyze(analyzers.All(), program.Roots, nil)
	if err != nil {
		t.Fatal(err)
	}
	var others, unused []string
	for _, action := range graph.Roots {
		for _, f := range action.Result.(*analyzers.Result).Findings {
			at := program.Fset.Position(f.Pos)
			file, err := filepath.Rel(dir, at.Filename)
			if err != nil {
				t.Fatal(err)
			}
			line := fmt.Sprintf("%s:%d %s", filepath.ToSlash(file), at.Line, f.Rule.ID)
			if f.Rule.Family() == "suppress" {
				unused = append(unused, line)
				continue
			}
			others = append(others, line)
		}
	}
	slices.Sort(others)
	slices.Sort(alone)
	if !slices.Equal(alone, others) {
		t.Errorf("alone: %q\nother drivers: %q", alone, others)
	}
	// They cannot know what it is for, and do not look into a package that has
	// nothing to do with gRPC.
	if want := []string{"programs/accepted/handler/handler.go:17 suppress/unused"}; !slices.Equal(unused, want) {
		t.Errorf("directives that other drivers find unused: %q, want %q", unused, want)
	}
	for _, workers := range []int{2, 4} {
		more := of(workers)
		if !slices.EqualFunc(report.Findings, more.Findings, func(a, b Finding) bool { return fmt.Sprint(a) == fmt.Sprint(b) }) {
			t.Errorf("with %d workers other findings", workers)
		}
		if len(report.Calls) == 0 || !reflect.DeepEqual(report.Calls, more.Calls) || !reflect.DeepEqual(report.Handlers, more.Handlers) || !reflect.DeepEqual(report.Retries, more.Retries) {
			t.Errorf("with %d workers another graph", workers)
		}
	}
}

// A panic of the link costs no more than the link.
func TestLinkPanics(t *testing.T) {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", "package p\nfunc f() { f() }\n", 0)
	if err != nil {
		t.Fatal(err)
	}
	untyped := &packages.Package{Fset: fset, Syntax: []*ast.File{file}} // which no loader gives
	if _, err := findCalls([]*packages.Package{untyped}); err == nil || !strings.HasPrefix(err.Message, "internal error: the link: ") || err.Detail == "" {
		t.Errorf("got %v", err)
	}
}

// A package that does not type-check is named once, and what it has to do with is
// not decided.
func TestLinkOfBroken(t *testing.T) {
	const archive = `
-- service/service.go --
package service

import (
	"context"

	_ "google.golang.org/grpc"
)

type Repo interface{ Get(ctx context.Context) error }

type Service struct{ Repo Repo }

func (s *Service) Run() error { return s.Repo.Get(context.Background()) }
-- pg/pg.go --
package pg

import (
	"context"

	pb "google.golang.org/grpc/orderpb"
)

type Store struct{ Orders pb.OrderServiceClient }

func (s *Store) Get(ctx context.Context) error {
	_, err := s.Orders.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}
-- main/main.go --
package main

import (
	"example.com/m/pg"
	"example.com/m/service"
)

func main() {
	for {
		s := &service.Service{Repo: &pg.Store{}}
		s.Run()
	}
}
`
	for _, test := range []struct {
		broken, errors string
		linked         int
	}{
		{"", "", 1},
		{"-- pg/broken.go --\npackage pg\n\nvar broken int = \"one\"\n", "pg/broken.go", 0},
		{"-- main/broken.go --\npackage main\n\nvar broken int = \"one\"\n", "main/broken.go", 0},
	} {
		report := Run(Options{Cache: cache.User(), Env: moduletest.Environ(), Dir: moduletest.Write(t, archive+test.broken), Policy: everything{}, Severity: rule.Info})
		var errs []string
		for _, e := range report.Errors {
			errs = append(errs, e.File)
		}
		if strings.Join(errs, " ") != test.errors || report.Stats.Linked != test.linked {
			t.Errorf("with %q: %d linked findings, errors in %q", test.broken, report.Stats.Linked, errs)
		}
	}
}
