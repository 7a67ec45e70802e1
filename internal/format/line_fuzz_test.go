package format

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/types"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/fix"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/moduletest"
	"github.com/grpclint/grpclint/rule"
)

// lineSource has findings whose fixes need to know lines and columns, and
// directives. A comment may stand at each §.
const lineSource = `package a

import (
	"context"
	"time"

	"google.golang.org/grpc"
	pb "google.golang.org/grpc/orderpb"
)

type server struct {
	pb.UnimplementedOrderServiceServer
	next pb.OrderServiceClient
}
§
func (s *server) GetOrder(ctx context.Context, r *pb.GetOrderRequest) (*pb.Order, error) {
§	time.Sleep(time.Second)
§	return s.next.GetOrder(context.Background(), r)
}

func poll(client pb.OrderServiceClient) error {
§	//grpclint:ignore deadline/missing nobody waits
§	client.GetOrder(context.Background(), &pb.GetOrderRequest{})
§	_, err := client.GetOrder(context.Background(), &pb.GetOrderRequest{})
	return err
}

func dial(addr string) error {
§	conn, err := grpc.NewClient(addr)
	if err != nil {
§		return err
	}
§	return poll(pb.NewOrderServiceClient(conn))
}
`

// lineProgram type-checks a file as a package of a program that is loaded.
func lineProgram(t testing.TB, loaded *load.Program, path, source string) *load.Program {
	t.Helper()
	file, err := parser.ParseFile(loaded.Fset, path, source, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		t.Skip(err) // a comment that hides what follows
	}
	p := *loaded.Roots[0]
	p.Syntax = []*ast.File{file}
	p.TypesInfo = &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object), Uses: make(map[*ast.Ident]types.Object),
		Implicits: make(map[ast.Node]types.Object), Instances: make(map[*ast.Ident]types.Instance), Scopes: make(map[ast.Node]*types.Scope),
		Selections: make(map[*ast.SelectorExpr]*types.Selection), FileVersions: make(map[*ast.File]string),
	}
	imports := loaded.Roots[0].Types.Imports()
	config := types.Config{Importer: importer(func(path string) *types.Package {
		i := slices.IndexFunc(imports, func(p *types.Package) bool { return p.Path() == path })
		return imports[i]
	})}
	if p.Types, err = config.Check(p.PkgPath, loaded.Fset, p.Syntax, p.TypesInfo); err != nil {
		t.Skip(err)
	}
	return &load.Program{
		Fset: loaded.Fset, Roots: []*packages.Package{&p}, Packages: 1, GRPCPackages: 1,
		Sums: map[string]load.Sum{path: load.SumOf([]byte(source))},
	}
}

type importer func(string) *types.Package

func (f importer) Import(path string) (*types.Package, error) { return f(path), nil }

// onlyRules is the policy without a configuration.
type onlyRules struct{}

func (onlyRules) Severity(r *rule.Rule) rule.Severity                     { return r.Severity }
func (onlyRules) FindingSeverity(f *finding.Finding) rule.Severity        { return f.EffectiveSeverity() }
func (onlyRules) Lowest(_ *rule.Rule, lowest rule.Severity) rule.Severity { return lowest }
func (onlyRules) Excluded(string, *rule.Rule) bool                        { return false }

// FuzzLineComments: whatever //line comments say, the same is found in the
// same lines of the file itself, its fixes give Go, and nothing else is read.
func FuzzLineComments(f *testing.F) {
	archive := "-- a.go --\n" + strings.ReplaceAll(lineSource, "§", "")
	dir := moduletest.Write(f, archive)
	loaded := load.Load(load.Config{Dir: dir, Cache: cache.User(), Env: moduletest.Environ(), Patterns: []string{"."}})
	if len(loaded.Errors) > 0 || len(loaded.Roots) != 1 {
		f.Fatalf("%d packages, errors %v", len(loaded.Roots), loaded.Errors)
	}
	secret := filepath.Join(f.TempDir(), "secret")
	if err := os.WriteFile(secret, []byte(strings.Repeat("hidden\n", 100)), 0o666); err != nil {
		f.Fatal(err)
	}
	path := filepath.Join(dir, "a.go")
	check := func(t testing.TB, source string) *lint.Report {
		t.Helper()
		if err := os.WriteFile(path, []byte(source), 0o666); err != nil {
			t.Fatal(err)
		}
		report := lint.Run(lint.Options{
			Cache: cache.User(),
			Dir:   dir, Env: moduletest.Environ(), Policy: onlyRules{}, Severity: rule.Info, FailOn: rule.Warning,
			Program: lineProgram(t, loaded, path, source),
		})
		for _, e := range report.Errors {
			t.Errorf("error: %s: %s\n%s", e.File, e.Message, e.Detail)
		}
		return report
	}
	// found says what is found, with what it stands on.
	found := func(t testing.TB, report *lint.Report, source string) []string {
		t.Helper()
		lines := strings.Split(source, "\n")
		var list []string
		for i := range report.Findings {
			at := &report.Findings[i]
			if at.Path != path || at.Line > len(lines) || at.Line != at.EndLine || at.EndColumn-1 > len(lines[at.Line-1]) {
				t.Fatalf("%s is at %+v", at.Message, at.Range)
			}
			list = append(list, at.Rule.ID+" "+lines[at.Line-1][at.Column-1:at.EndColumn-1])
		}
		slices.Sort(list)
		return list
	}
	plain := strings.ReplaceAll(lineSource, "§", "")
	want := found(f, check(f, plain), plain)
	if len(want) < 4 {
		f.Fatalf("found only %q", want)
	}
	places := strings.Count(lineSource, "§")
	for i := range places {
		f.Add("SECRET:2", uint16(1)<<i, false)
		f.Add("x.y:1:1000000000", uint16(1)<<i, true)
	}
	for _, text := range []string{"a.go:1", ":7:9", "/dev/zero:1", "a.go:99999999999999999999", "x:0", "x:1:0", "../b.go:-1:-1", "", "SECRET", "x\x1b:3", "C:\\x:1", "a.go:1073741823:1"} {
		f.Add(text, ^uint16(0), false)
		f.Add(text, ^uint16(0), true)
	}
	f.Fuzz(func(t *testing.T, text string, where uint16, block bool) {
		comment := "//line " + strings.NewReplacer("\n", " ", "\r", " ").Replace(text) + "\n"
		if block {
			comment = "/*line " + strings.ReplaceAll(text, "*/", "") + "*/"
		}
		comment = strings.ReplaceAll(comment, "SECRET", filepath.ToSlash(secret))
		var source strings.Builder
		for i, piece := range strings.Split(lineSource, "§") {
			if i > 0 && where>>(i-1)&1 == 1 {
				source.WriteString(comment)
			}
			source.WriteString(piece)
		}
		report := check(t, source.String())
		if got := found(t, report, source.String()); !slices.Equal(got, want) || report.Stats.Suppressed != 1 {
			t.Errorf("found %q and %d suppressed, want %q\n%s", got, report.Stats.Suppressed, want, source.String())
		}
		for _, f := range report.Findings {
			for _, r := range f.Related {
				if r.Path != "" && !strings.HasPrefix(r.Path, filepath.Dir(dir)) {
					t.Errorf("a place in %s", r.Path)
				}
			}
		}
		plan := fix.Make(report.Findings, fix.First, os.ReadFile)
		if len(plan.Failures) > 0 || len(plan.Fixed) < 3 {
			t.Errorf("%d fixed, failures %q\n%s", len(plan.Fixed), plan.Failures, source.String())
		}
		for _, format := range All() {
			if format.Know {
				continue
			}
			var out bytes.Buffer
			if err := format.Write(&out, report, Options{}); err != nil {
				t.Fatalf("%s: %v", format.Name, err)
			}
			if strings.Contains(out.String(), "hidden") {
				t.Errorf("%s shows another file:\n%s", format.Name, out.String())
			}
		}
	})
}
