package link_test

import (
	"fmt"
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"path"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/packages"
	"golang.org/x/tools/txtar"

	"github.com/grpclint/grpclint/internal/link"
)

// Each file of a program is one of the package that its folder names. A line
// says in a comment what the last call that ends on it runs or registers: "runs"
// and the functions or the types, or "open". Other calls are not asked for.
const programs = `
-- direct/service/service.go --
package service
type Repo interface { Find(id string) (string, error) }
type Service struct { repo Repo }
func New(repo Repo) *Service { return &Service{repo: repo} }
func (s *Service) Get(id string) (string, error) { return s.repo.Find(id) } // runs (*direct/pg.Store).Find
-- direct/pg/pg.go --
package pg
type Store struct{}
func New() *Store { return &Store{} }
func (s *Store) Find(id string) (string, error) { return id, nil }
-- direct/main/main.go --
package main
import ("direct/pg"; "direct/service")
func main() { service.New(pg.New()).Get("") }

-- two/service/service.go --
package service
type Repo interface { Find() }
type Service struct { Repo }
func (s *Service) Get() { s.Find() } // runs (*two/pg.Store).Find (two/mem.Store).Find
func (s *Service) Other() { s.Repo.Find() } // runs (*two/pg.Store).Find (two/mem.Store).Find
-- two/pg/pg.go --
package pg
type Store struct{}
func (s *Store) Find() {}
-- two/mem/mem.go --
package mem
type Store struct{}
func (s Store) Find() {}
-- two/main/main.go --
package main
import ("two/pg"; "two/mem"; "two/service"; "os")
func main() {
	var repo service.Repo = &pg.Store{}
	if len(os.Args) > 1 { repo = mem.Store{} }
	s := service.Service{repo}
	s.Get()
}

-- several/service/service.go --
package service
type Repo interface { Find() }
func open(mem bool) (Repo, error) {
	if mem { return memory{}, nil }
	return connect()
}
func get() {
	r, _ := open(false)
	r.Find() // runs (*several/service.store).Find (several/service.memory).Find
	var s Repo
	s, _ = connect()
	s.Find() // runs (*several/service.store).Find
	pass(connect())
}
func pass(r Repo, _ error) {
	r.Find() // runs (*several/service.store).Find
}
func connect() (*store, error) { return &store{}, nil }
type store struct{}
func (*store) Find() {}
type memory struct{}
func (memory) Find() {}

-- google.golang.org/grpc/grpc.go --
package grpc
type ServiceRegistrar interface { RegisterService() }
type Server struct{}
func (*Server) RegisterService() {}
-- google.golang.org/grpc/health/grpc_health_v1/health.go --
package grpc_health_v1
import "google.golang.org/grpc"
type HealthServer interface { Check() }
func RegisterHealthServer(s grpc.ServiceRegistrar, srv HealthServer) {}
-- registers/pb/pb.go --
package pb
import "google.golang.org/grpc"
type OrdersServer interface { Get() }
func RegisterOrdersServer(s grpc.ServiceRegistrar, srv OrdersServer) {}
func RegisterOrdersHandler(s grpc.ServiceRegistrar, srv OrdersServer) {}
func RegisterAny(s any, srv OrdersServer) {}
-- registers/rpc/rpc.go --
package rpc
import ("google.golang.org/grpc"; health "google.golang.org/grpc/health/grpc_health_v1"; "registers/pb")
func New(orders pb.OrdersServer, h health.HealthServer, other pb.OrdersServer) {
	s := new(grpc.Server)
	pb.RegisterOrdersServer(s, orders) // runs *registers/main.orders registers/main.others
	pb.RegisterOrdersServer(s, other) // open
	health.RegisterHealthServer(s, h) // runs registers/main.state
	pb.RegisterOrdersHandler(s, orders) // open
	pb.RegisterAny(s, orders) // open
}
-- registers/main/main.go --
package main
import ("os"; "registers/pb"; "registers/rpc")
type orders struct{}
func (*orders) Get() {}
type others struct{}
func (others) Get() {}
type state struct{}
func (state) Check() {}
var loaded any
func main() {
	var o pb.OrdersServer = &orders{}
	if len(os.Args) > 1 { o = others{} }
	rpc.New(o, state{}, loaded.(pb.OrdersServer))
}

-- unknown/service/service.go --
package service
type Repo interface { Close() error }
type Service struct { repo Repo }
func (s *Service) Set(r Repo) { s.repo = r }
func (s *Service) End() { s.repo.Close() } // open
-- unknown/main/main.go --
package main
import ("unknown/service"; "net")
type own struct{}
func (own) Close() error { return nil }
func main() {
	s := new(service.Service)
	s.Set(own{})
	c, _ := net.Dial("", "")
	s.Set(c)
}

-- nobody/service/service.go --
package service
type Repo interface { Find() }
type Service struct { repo Repo }
func (s *Service) Get() { s.repo.Find() } // open

-- tests/service/service.go --
package service
type Repo interface { Find() }
type Service struct { repo Repo }
func (s *Service) Get() { s.repo.Find() } // runs (tests/service.pg).Find
type pg struct{}
func (pg) Find() {}
func New() *Service { return &Service{pg{}} }
-- tests/service/service_test.go --
package service
type fake struct{}
func (fake) Find() {}
var s = Service{fake{}}

-- ways/service/service.go --
package service
type Repo interface { Find() }
type Options struct { Repo Repo }
type Option func(*Options)
func WithRepo(r Repo) Option { return func(o *Options) { o.Repo = r } }
type Service struct { o Options; byName map[string]Repo; all []Repo; now func(); make func() Repo }
func New(opts ...Option) *Service {
	s := &Service{byName: map[string]Repo{}}
	for _, opt := range opts { opt(&s.o) }
	s.now = helper
	return s
}
func helper() {}
func (s *Service) Register(name string, r Repo) { s.byName[name] = r; s.all = append(s.all, r) }
func (s *Service) option() { s.o.Repo.Find() } // runs (ways/pg.A).Find
func (s *Service) named() { s.byName["x"].Find() } // runs (ways/pg.B).Find
func (s *Service) each() {
	for _, r := range s.all {
		r.Find() // runs (ways/pg.B).Find
	}
}
func (s *Service) found() {
	if r, ok := s.byName["y"]; ok {
		r.Find() // runs (ways/pg.B).Find
	}
}
func (s *Service) function() { s.now() } // runs ways/service.helper
func (s *Service) lazy() { s.make().Find() } // runs (ways/pg.C).Find
func (s *Service) SetMake(f func() Repo) { s.make = f }
var Global Repo
func global() { Global.Find() } // runs (ways/pg.D).Find
func param(r Repo) { r.Find() } // runs (ways/pg.E).Find
func Param(r Repo) { param(r) }
func literal() { func(r Repo) { r.Find() }(New().get()) } // runs (ways/pg.A).Find
func (s *Service) get() Repo { return s.o.Repo }
func sent(c chan Repo) {
	c <- Global
	(<-c).Find() // runs (ways/pg.D).Find
}
func asserted(r Repo) {
	if c, ok := Global.(interface{ Find() }); ok {
		c.Find() // runs (ways/pg.D).Find
	}
	switch g := Global.(type) {
	case interface{ Find() }:
		g.Find() // runs (ways/pg.D).Find
	}
}
func ofAny(x any) { x.(Repo).Find() } // open
func callback(f func(Repo)) { f(Global) } // open
func callbacks() {
	callback(func(r Repo) {
		r.Find() // runs (ways/pg.D).Find
	})
}
-- ways/pg/pg.go --
package pg
type A struct{}
func (A) Find() {}
type B struct{}
func (B) Find() {}
type C struct{}
func (C) Find() {}
type D struct{}
func (D) Find() {}
type E struct{}
func (E) Find() {}
func NewC() (C, error) { return C{}, nil }
-- ways/main/main.go --
package main
import ("ways/pg"; "ways/service")
func main() {
	s := service.New(service.WithRepo(pg.A{}))
	s.Register("b", pg.B{})
	s.SetMake(func() service.Repo { c, _ := pg.NewC(); return c })
	service.Global = pg.D{}
	service.Param(pg.E{})
}

-- decorated/service/service.go --
package service
type Repo interface { Find(); Save() }
type Service struct { repo Repo }
func New(r Repo) *Service { return &Service{r} }
func (s *Service) find() { s.repo.Find() } // runs (*decorated/pg.Store).Find
func (s *Service) save() { s.repo.Save() } // runs (*decorated/traced.Repo).Save
-- decorated/pg/pg.go --
package pg
type Store struct{}
func (s *Store) Find() {}
func (s *Store) Save() {}
-- decorated/traced/traced.go --
package traced
import "decorated/service"
type Repo struct { service.Repo }
func (r *Repo) Save() { r.Repo.Save() } // runs (*decorated/pg.Store).Save
func Trace(r service.Repo) service.Repo { return &Repo{r} }
-- decorated/main/main.go --
package main
import ("decorated/pg"; "decorated/service"; "decorated/traced")
func main() { service.New(traced.Trace(&pg.Store{})) }

-- chain/handler/handler.go --
package handler
type UseCase interface { Get() Thing }
type Thing interface { Name() string }
type Handler struct { uc UseCase }
func New(uc UseCase) *Handler { return &Handler{uc} }
func (h *Handler) Get() {
	t := h.uc.Get() // runs (chain/usecase.useCase).Get
	t.Name() // runs (chain/usecase.thing).Name
}
-- chain/usecase/usecase.go --
package usecase
import "chain/handler"
type useCase struct{}
type thing struct{}
func (thing) Name() string { return "" }
func (useCase) Get() handler.Thing { return thing{} }
func New() handler.UseCase { return useCase{} }
-- chain/main/main.go --
package main
import ("chain/handler"; "chain/usecase")
func main() { handler.New(usecase.New()) }

-- generic/service/service.go --
package service
type Repo interface { Find() }
type Box[T any] struct { in T }
func Put[T any](v T) *Box[T] { return &Box[T]{in: v} }
func (b *Box[T]) Get() T { return b.in }
func use(b *Box[Repo]) { b.Get().Find() } // runs (generic/service.pg).Find
type pg struct{}
func (pg) Find() {}
func start() { use(Put[Repo](pg{})) }

-- go.uber.org/fx/fx.go --
package fx
type Option interface{ apply() }
type In struct{}
type Annotation interface{ annotate() }
func New(...Option) {}
func Provide(...any) Option { return nil }
func Invoke(...any) Option { return nil }
func Annotate(any, ...Annotation) any { return nil }
func As(...any) Annotation { return nil }
-- stubs/pb/pb_grpc.pb.go --
// Code generated by protoc-gen-go-grpc. DO NOT EDIT.
package pb
type Client interface { Get() }
type client struct{}
func (client) Get() {}
func NewClient() Client { return client{} }
type Doer interface { Do() }
func use(d Doer) { d.Do() }
-- stubs/service/service.go --
package service
import "stubs/pb"
func Get(c pb.Client) { c.Get() } // open
func start() { Get(pb.NewClient()) }

-- provided/service/service.go --
package service
type Repo interface { Find() }
type Clock interface { Now() }
type Service struct { repo Repo; clock Clock }
func New(r Repo, c Clock) *Service { return &Service{r, c} }
func (s *Service) Get() { s.repo.Find() } // runs (*provided/pg.Store).Find
func (s *Service) Now() { s.clock.Now() } // runs (provided/pg.clock).Now
-- provided/pg/pg.go --
package pg
import "provided/service"
type Store struct{}
func (s *Store) Find() {}
type clock struct{}
func (clock) Now() {}
func New() *Store { return &Store{} }
func NewClock() service.Clock { return clock{} }
-- provided/main/main.go --
package main
import ("provided/pg"; "provided/service"; "go.uber.org/fx")
func main() {
	fx.New(fx.Provide(service.New, pg.NewClock, fx.Annotate(pg.New, fx.As(new(service.Repo)))))
}
`

func TestFind(t *testing.T) {
	fset := token.NewFileSet()
	list := check(t, fset, programs)
	calls := link.Find(list)
	asked := 0
	for _, p := range list {
		known := make(map[token.Pos][]string)
		for _, c := range calls.Of[p] {
			for _, target := range c.Targets {
				what := ""
				if target.Func != nil {
					what = target.Func.FullName()
				} else {
					what = target.Type.String()
				}
				known[c.Expr.Lparen] = append(known[c.Expr.Lparen], what)
				if !target.Wired.IsValid() {
					t.Errorf("%s: %s is wired nowhere", fset.Position(c.Expr.Pos()), what)
				}
			}
		}
		for _, file := range p.Syntax {
			last := make(map[int]*ast.CallExpr) // by line
			ast.Inspect(file, func(n ast.Node) bool {
				if call, ok := n.(*ast.CallExpr); ok {
					line := fset.Position(call.Rparen).Line
					if last[line] == nil || known[last[line].Lparen] == nil {
						last[line] = call
					}
				}
				return true
			})
			for _, group := range file.Comments {
				want, ok := strings.CutPrefix(group.Text(), "runs ")
				if want = strings.TrimSpace(want); !ok && want != "open" {
					continue
				}
				asked++
				got := "open"
				if call := last[fset.Position(group.Pos()).Line]; call != nil && known[call.Lparen] != nil {
					slices.Sort(known[call.Lparen])
					got = strings.Join(known[call.Lparen], " ")
				}
				if got != want {
					t.Errorf("%s: %s, want %s", fset.Position(group.Pos()), got, want)
				}
			}
		}
	}
	if want := strings.Count(programs, "// runs ") + strings.Count(programs, "// open"); asked != want {
		t.Errorf("asked for %d calls, there are %d", asked, want)
	}
	if len(calls.Of[list[slices.IndexFunc(list, func(p *packages.Package) bool { return p.PkgPath == "stubs/pb" })]]) > 0 {
		t.Error("calls in generated code are known")
	}
	// Two of them register nothing.
	if calls.Open < strings.Count(programs, "// open")-2 {
		t.Errorf("%d calls are open", calls.Open)
	}
}

// Where two types lead to one function, the place that is found first is named,
// in each run.
func TestWiredFirst(t *testing.T) {
	const program = `
-- p/p.go --
package p
type Repo interface { Find() }
type Store struct{}
func (Store) Find() {}
var repo Repo
func first() { repo = Store{} }
func second() { repo = &Store{} }
func find() { repo.Find() }
`
	for range 20 {
		fset := token.NewFileSet()
		list := check(t, fset, program)
		for _, c := range link.Find(list).Of[list[0]] {
			if line := fset.Position(c.Targets[0].Wired).Line; len(c.Targets) != 1 || line != 6 {
				t.Fatalf("%d targets, wired in line %d", len(c.Targets), line)
			}
		}
	}
}

// check type-checks packages, those first that others import.
func check(t *testing.T, fset *token.FileSet, text string) []*packages.Package {
	t.Helper()
	files := make(map[string][]*ast.File)
	var paths []string
	for _, f := range txtar.Parse([]byte(text)).Files {
		file, err := parser.ParseFile(fset, f.Name, f.Data, parser.ParseComments)
		if err != nil {
			t.Fatal(err)
		}
		dir := path.Dir(f.Name)
		if files[dir] == nil {
			paths = append(paths, dir)
		}
		files[dir] = append(files[dir], file)
	}
	done := make(map[string]*packages.Package)
	std := importer.ForCompiler(fset, "source", nil)
	var load func(path string) (*types.Package, error)
	load = func(path string) (*types.Package, error) {
		if files[path] == nil {
			return std.Import(path)
		}
		if p := done[path]; p != nil {
			return p.Types, nil
		}
		p := &packages.Package{PkgPath: path, Fset: fset, Syntax: files[path], TypesInfo: &types.Info{
			Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object),
			Uses: make(map[*ast.Ident]types.Object), Implicits: make(map[ast.Node]types.Object),
			Selections: make(map[*ast.SelectorExpr]*types.Selection), Instances: make(map[*ast.Ident]types.Instance),
		}}
		var err error
		p.Types, err = (&types.Config{Importer: importerFunc(load)}).Check(path, fset, files[path], p.TypesInfo)
		if err != nil {
			return nil, fmt.Errorf("%s: %w", path, err)
		}
		done[path] = p
		return p.Types, nil
	}
	var list []*packages.Package
	for _, path := range paths {
		if _, err := load(path); err != nil {
			t.Fatal(err)
		}
		list = append(list, done[path])
	}
	return list
}

type importerFunc func(path string) (*types.Package, error)

func (f importerFunc) Import(path string) (*types.Package, error) { return f(path) }
