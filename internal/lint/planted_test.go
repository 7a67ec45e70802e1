package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/rule"
)

// planted has, in layers that do not know each other, one mistake of each kind
// that only the whole program shows.
const planted = "programs/planted"

// Whoever puts the program together, and however, what is wrong with it is found;
// but where something that nobody knows may stand in the place of a layer,
// nothing is.
func TestPlanted(t *testing.T) {
	all := []string{
		"handler/handler.go conn/per-call",
		"handler/handler.go server/unread-key",
		"handler/handler.go status/lost",
		"handler/handler.go status/passthrough",
		"handler/handler.go status/plain-error",
		"rpc/rpc.go server/graceful-stop",
		"rpc/rpc.go server/unary-only-auth",
		"usecase/usecase.go deadline/missing",
		"usecase/usecase.go retry/stacked",
	}
	const start = `
func main() {
	lis, err := net.Listen("tcp", ":0")
	if err != nil {
		log.Fatal(err)
	}
`
	const sweep = `
	go func() {
		for range time.Tick(time.Hour) {
			uc.Sweep([]string{"a"})
		}
	}()
	log.Fatal(rpc.Serve(lis, handler.New(uc)))
}
`
	for _, test := range []struct {
		name, imports, main string
		want                []string
	}{
		{"by hand", `log net time handler repo rpc stock usecase`, start + `
	warehouse, err := stock.New("dns:///stock")
	if err != nil {
		log.Fatal(err)
	}
	uc := usecase.New(repo.New(), warehouse)
` + sweep, all},
		{"wire", `log net time handler repo rpc stock usecase`, `
func initUseCase(addr string) (*usecase.UseCase, error) {
	store := repo.New()
	stockStock, err := stock.New(addr)
	if err != nil {
		return nil, err
	}
	useCase := usecase.New(store, stockStock)
	return useCase, nil
}
` + start + `
	uc, err := initUseCase("dns:///stock")
	if err != nil {
		log.Fatal(err)
	}
` + sweep, all},
		{"a container", `net time context go.uber.org/fx handler repo rpc stock usecase example.com/testdata/stubs/orderpb`, `
func dial() (*stock.Stock, error) { return stock.New("dns:///stock") }

func serve(lc fx.Lifecycle, orders orderpb.OrderServiceServer) {
	lc.Append(fx.StartHook(func(ctx context.Context) error {
		lis, err := new(net.ListenConfig).Listen(ctx, "tcp", ":0")
		if err != nil {
			return err
		}
		go rpc.Serve(lis, orders)
		return nil
	}))
}

func sweep(uc *usecase.UseCase) {
	go func() {
		for range time.Tick(time.Hour) {
			uc.Sweep([]string{"a"})
		}
	}()
}

func main() {
	fx.New(
		fx.Provide(
			fx.Annotate(repo.New, fx.As(new(usecase.Repo))),
			fx.Annotate(dial, fx.As(new(usecase.Stock))),
			fx.Annotate(usecase.New, fx.As(fx.Self()), fx.As(new(handler.UseCase))),
			fx.Annotate(handler.New, fx.As(new(orderpb.OrderServiceServer))),
		),
		fx.Invoke(serve, sweep),
	).Run()
}
`, all},
		{"a second implementation of each that does no harm", `context errors log net time os google.golang.org/grpc/codes google.golang.org/grpc/status handler repo rpc stock usecase example.com/testdata/stubs/orderpb`, `
type cache struct{ usecase.Repo }

func (cache) Find(context.Context, string) (*orderpb.Order, error) {
	return nil, status.Error(codes.NotFound, "no such order")
}

func (cache) Add(context.Context, *orderpb.Order) error { return nil }

type plenty struct{}

func (plenty) Reserve(context.Context, string) error { return nil }
func (plenty) Release(context.Context, string) error { return nil }
func (plenty) Ask(context.Context, string) error     { return nil }

type closed struct{ orderpb.UnimplementedOrderServiceServer }

func useRepo() usecase.Repo {
	if os.Getenv("CACHE") != "" {
		return cache{repo.New()}
	}
	return repo.New()
}

func useStock() (usecase.Stock, error) {
	if os.Getenv("PLENTY") != "" {
		return plenty{}, nil
	}
	return stock.New("dns:///stock")
}

func orders(uc *usecase.UseCase) orderpb.OrderServiceServer {
	if os.Getenv("CLOSED") != "" {
		return closed{}
	}
	return handler.New(uc)
}
` + start + `
	warehouse, err := useStock()
	if errors.Is(err, os.ErrNotExist) {
		log.Fatal(err)
	}
	uc := usecase.New(useRepo(), warehouse)
` + strings.Replace(sweep, "handler.New(uc)", "orders(uc)", 1), all},
		{"a plug-in in the place of each", `log net time plugin handler repo rpc stock usecase example.com/testdata/stubs/orderpb`, `
func loaded(name string) any {
	p, err := plugin.Open("orders.so")
	if err != nil {
		log.Fatal(err)
	}
	symbol, err := p.Lookup(name)
	if err != nil {
		log.Fatal(err)
	}
	return symbol
}

func either[T any](own T, name string) T {
	if other, ok := loaded(name).(T); ok {
		return other
	}
	return own
}
` + start + `
	warehouse, err := stock.New("dns:///stock")
	if err != nil {
		log.Fatal(err)
	}
	uc := usecase.New(either[usecase.Repo](repo.New(), "Repo"), either[usecase.Stock](warehouse, "Stock"))
` + strings.Replace(sweep, "handler.New(uc)", `either[orderpb.OrderServiceServer](handler.New(either[handler.UseCase](uc, "UseCase")), "Orders")`, 1), nil},
	} {
		t.Run(test.name, func(t *testing.T) {
			dir := copyPlanted(t, mainFile(test.imports, test.main))
			report := Run(Options{Cache: cache.User(), Dir: dir, Patterns: []string{"./" + planted + "/..."}, Policy: everything{}, Severity: rule.Info})
			for _, e := range report.Errors {
				t.Errorf("%s:%d: %s", e.File, e.Line, e.Message)
			}
			var linked []string
			for _, f := range report.Findings {
				if f.Linked {
					linked = append(linked, strings.TrimPrefix(f.File, planted+"/")+" "+f.Rule.ID)
				}
			}
			slices.Sort(linked)
			if !slices.Equal(linked, test.want) {
				t.Errorf("found %q\nwant  %q", linked, test.want)
			}
		})
	}
}

// mainFile is a package main. Imports without a slash or a dot are of the program,
// if it has such a package.
func mainFile(imports, text string) string {
	var b strings.Builder
	b.WriteString("package main\n\nimport (\n")
	for _, path := range strings.Fields(imports) {
		if _, err := os.Stat(filepath.Join("../../testdata/linked", planted, path)); err == nil {
			path = "example.com/linked/" + planted + "/" + path
		}
		fmt.Fprintf(&b, "\t%q\n", path)
	}
	b.WriteString(")\n" + text)
	return b.String()
}

// copyPlanted copies the program, with another package main, to a new folder.
func copyPlanted(t *testing.T, main string) string {
	t.Helper()
	from, err := filepath.Abs("../../testdata/linked")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := os.CopyFS(filepath.Join(dir, planted), os.DirFS(filepath.Join(from, planted))); err != nil {
		t.Fatal(err)
	}
	for name, edit := range map[string]func(string) string{
		"go.mod": func(text string) string {
			return strings.Replace(text, "=> ../src", "=> "+filepath.ToSlash(filepath.Join(filepath.Dir(from), "src")), 1)
		},
		"go.sum": func(text string) string { return text },
	} {
		text, err := os.ReadFile(filepath.Join(from, name))
		if err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(filepath.Join(dir, name), []byte(edit(string(text))), 0o600); err != nil {
			t.Fatal(err)
		}
	}
	if err := os.WriteFile(filepath.Join(dir, planted, "main", "main.go"), []byte(main), 0o600); err != nil {
		t.Fatal(err)
	}
	return dir
}
