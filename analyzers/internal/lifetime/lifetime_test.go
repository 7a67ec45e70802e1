package lifetime

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
)

// libraries are what the cases import, as far as they need it.
var libraries = map[string]string{
	"context":   `type Context interface { Done() <-chan struct{} }; func Background() Context; func WithCancel(Context) (Context, func())`,
	"os":        `type Signal interface { Signal() }; var Interrupt Signal; func Exit(int)`,
	"os/signal": `import ("os"; "context"); func Notify(chan<- os.Signal, ...os.Signal); func NotifyContext(context.Context, ...os.Signal) (context.Context, func())`,
	"time":      `type Ticker struct { C <-chan int }; func NewTicker(int) *Ticker; func Sleep(int); func After(int) <-chan int`,
	"net":       `type Conn interface{}; type Listener interface { Accept() (Conn, error); Close() error }; func Listen(a, b string) (Listener, error)`,
	"net/http": `import "net"; type ResponseWriter interface{}; type Request struct{}; type Client struct{}; func (*Client) Do(*Request)
		type Server struct{}; func (*Server) Serve(net.Listener) error; func (*Server) ListenAndServe() error
		func ListenAndServe(string, any) error; func ServeContent(ResponseWriter)`,
	"google.golang.org/grpc":                            `import "net"; type Server struct{}; func NewServer() *Server; func (*Server) Serve(net.Listener) error; func NewClient(string)`,
	"github.com/gin-gonic/gin":                          `type Engine struct{}; func New() *Engine; func (*Engine) Run(...string) error; const ReleaseMode = "release"`,
	"github.com/labstack/echo/v4":                       `type Echo struct{}; func New() *Echo; func (*Echo) Start(string) error`,
	"github.com/gofiber/fiber/v2":                       `type App struct{}; func New() *App; func (*App) Listen(string) error`,
	"sigs.k8s.io/controller-runtime/pkg/manager":        `type Manager interface { Start() error }`,
	"sigs.k8s.io/controller-runtime":                    `import "sigs.k8s.io/controller-runtime/pkg/manager"; func NewManager() (manager.Manager, error)`,
	"sigs.k8s.io/controller-runtime/pkg/client":         `func New()`,
	"knative.dev/pkg/injection/sharedmain":              `func Main(string)`,
	"golang.org/x/sync/errgroup":                        `type Group struct{}; func (*Group) Go(func() error); func (*Group) Wait() error`,
	"github.com/spf13/cobra":                            `import "context"; type Command struct { Run func(*Command, []string) }; func (*Command) Execute() error; func (*Command) Context() context.Context`,
	"github.com/grpc-ecosystem/grpc-gateway/v2/runtime": `type ServeMux struct{}; func NewServeMux() *ServeMux; func Register(*ServeMux)`,
	"github.com/alecthomas/kong":                        `type Context struct{}; func Parse(any) *Context; func (*Context) Run(...any) error`,
	"example.com/framework":                             `type App struct{}; func (App) Bootstrap(); func (App) Run(); func Dial()`,
	"example.com/client":                                `func ListenAndObserve()`,
	"example.com/quiet":                                 `func ListenAndServeMetrics(); func Run(); func Observe()`,
	"example.com/app/web":                               `import "net/http"; type Server struct { s *http.Server }; func (*Server) Run()`,
	"example.com/app/spinner":                           `func Start()`,
}

// facts are those of libraries that reach grpc-go.
var facts = fact.Index[told]{
	"example.com/framework": {Module: "example.com/framework", Serves: true, Lasts: true, Funcs: []string{"App.Bootstrap"}},
}

type importer struct {
	t     *testing.T
	fset  *token.FileSet
	known map[string]*types.Package
}

func (i *importer) Import(path string) (*types.Package, error) {
	if p := i.known[path]; p != nil {
		return p, nil
	}
	text, ok := libraries[path]
	if !ok {
		return nil, fmt.Errorf("no library %s", path)
	}
	name := strings.NewReplacer("-", "", ".", "").Replace(path[strings.LastIndexByte(path, '/')+1:])
	if name == "v4" || name == "v2" {
		name = strings.Split(path, "/")[2]
	}
	file, err := parser.ParseFile(i.fset, path, "package "+name+"\n"+text, 0)
	if err != nil {
		i.t.Fatal(err)
	}
	config := types.Config{Importer: i, IgnoreFuncBodies: true}
	p, err := config.Check(path, i.fset, []*ast.File{file}, nil)
	if err != nil {
		i.t.Fatal(err)
	}
	i.known[path] = p
	return p, nil
}

// surveyOf reads one file of package main.
func surveyOf(t *testing.T, text string) *survey {
	t.Helper()
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "main.go", "package main\n"+text, parser.ParseComments)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{
		Types: make(map[ast.Expr]types.TypeAndValue), Defs: make(map[*ast.Ident]types.Object),
		Uses: make(map[*ast.Ident]types.Object), Selections: make(map[*ast.SelectorExpr]*types.Selection),
	}
	config := types.Config{Importer: &importer{t, fset, make(map[string]*types.Package)}}
	pkg, err := config.Check("example.com/app", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	s := &survey{
		pass:   &analysis.Pass{Fset: fset, Files: []*ast.File{file}, Pkg: pkg, TypesInfo: info},
		inTest: func(token.Pos) bool { return false },
		module: "example.com/app", known: facts, reaches: func(path string) bool { return facts.Has(path) || path == "example.com/client" },
	}
	s.read()
	return s
}

// TestLasts: what speaks against a program that ends by itself, and what
// does not.
func TestLasts(t *testing.T) {
	for _, c := range []struct {
		name, text    string
		serves, lasts bool
	}{
		{"nothing", `func main() {}`, false, false},
		{"http", `import "net/http"; func main() { http.ListenAndServe("", nil) }`, true, true},
		{"embedded http.Server", `import "net/http"; type api struct { *http.Server }; func main() { (&api{}).ListenAndServe() }`, true, true},
		{"method value", `import ("net/http"; "golang.org/x/sync/errgroup"); func main() { var g errgroup.Group; s := new(http.Server); g.Go(s.ListenAndServe); g.Wait() }`, true, true},
		{"http client", `import "net/http"; func main() { new(http.Client).Do(nil) }`, false, false},
		{"handler", `import "net/http"; func index(w http.ResponseWriter, r *http.Request) {}`, true, true},
		{"accept", `import "net"; func main() { l, _ := net.Listen("", ""); l.Accept() }`, true, true},
		{"free port", `import "net"; func main() { l, _ := net.Listen("", ""); l.Close() }`, false, false},
		{"grpc", `import ("net"; "google.golang.org/grpc"); func serve(s *grpc.Server, l net.Listener) { s.Serve(l) }`, true, true},
		{"grpc client", `import "google.golang.org/grpc"; func main() { grpc.NewClient("") }`, false, false},
		{"gin", `import "github.com/gin-gonic/gin"; func run(e *gin.Engine) { e.Run() }`, true, true},
		{"gin's constants", `import "github.com/gin-gonic/gin"; const mode = gin.ReleaseMode`, false, false},
		{"echo", `import "github.com/labstack/echo/v4"; func main() { echo.New() }`, true, true},
		{"fiber", `import "github.com/gofiber/fiber/v2"; func main() { fiber.New().Listen("") }`, true, true},
		{"controller-runtime", `import ctrl "sigs.k8s.io/controller-runtime"; func main() { m, _ := ctrl.NewManager(); m.Start() }`, true, true},
		{"client of controller-runtime", `import "sigs.k8s.io/controller-runtime/pkg/client"; func main() { client.New() }`, false, false},
		{"knative", `import "knative.dev/pkg/injection/sharedmain"; func main() { sharedmain.Main("") }`, true, true},
		{"registered gateway", `import "github.com/grpc-ecosystem/grpc-gateway/v2/runtime"; func register(m *runtime.ServeMux) { runtime.Register(m) }`, false, false},
		{"other module serves", `import "example.com/framework"; func main() { framework.App{}.Bootstrap() }`, true, true},
		{"other module may serve", `import "example.com/framework"; func main() { framework.App{}.Run() }`, true, true},
		{"other module serves nothing", `import "example.com/client"; func main() { client.ListenAndObserve() }`, false, false},
		{"other module does something else", `import "example.com/framework"; func main() { framework.Dial() }`, false, false},
		{"other module without gRPC, by name", `import "example.com/quiet"; func main() { quiet.ListenAndServeMetrics() }`, true, true},
		{"other module without gRPC", `import "example.com/quiet"; func main() { quiet.Run(); quiet.Observe() }`, false, false},
		{"own package without gRPC", `import "example.com/app/web"; func main() { new(web.Server).Run() }`, true, true},
		{"own package without network", `import "example.com/app/spinner"; func main() { spinner.Start() }`, false, false},

		{"signal", `import ("os"; "os/signal"); func main() { c := make(chan os.Signal, 1); signal.Notify(c, os.Interrupt); <-c }`, false, true},
		{"signal in a select", `import "os"; func wait(c chan os.Signal, d chan bool) { select { case <-c: case <-d: } }`, false, true},
		{"signals in a loop", `import "os"; func wait(c chan os.Signal) { for range c { return } }`, false, true},
		{"signal in the background", `import ("os"; "os/signal"; "context"); func main() { c := make(chan os.Signal, 1); signal.Notify(c); _, cancel := context.WithCancel(context.Background()); go func() { <-c; cancel() }() }`, false, false},
		{"signal in a group", `import ("os"; "golang.org/x/sync/errgroup"); func main() { var g errgroup.Group; c := make(chan os.Signal); g.Go(func() error { <-c; return nil }) }`, false, false},
		{"end of the context", `import ("context"; "os/signal"); func main() { ctx, stop := signal.NotifyContext(context.Background()); defer stop(); <-ctx.Done() }`, false, true},
		{"end of the context among others", `import "context"; func wait(ctx context.Context, d chan bool) { select { case <-ctx.Done(): case <-d: } }`, false, false},
		{"other channel", `func main() { d := make(chan bool); <-d }`, false, false},

		{"endless loop", `func main() { for { print("") } }`, false, true},
		{"polling", `import "time"; func main() { for { time.Sleep(1); if true { return } } }`, false, true},
		{"events", `func main() { c := make(chan int); for { select { case <-c: return } } }`, false, true},
		{"loop with a way out", `func main() { for { if true { break } } }`, false, false},
		{"break of a switch", `func main() { for { switch { case true: break } } }`, false, true},
		{"ticker", `import "time"; func main() { t := time.NewTicker(1); for range t.C {} }`, false, true},
		{"blocked", `func main() { select {} }`, false, true},
	} {
		t.Run(c.name, func(t *testing.T) {
			serves, lasts := false, false
			for _, b := range surveyOf(t, c.text).bodies {
				serves = serves || b.serves
				lasts = lasts || b.serves || b.waits || b.loops
			}
			if serves != c.serves || lasts != c.lasts {
				t.Errorf("serves: %t, lasts: %t", serves, lasts)
			}
		})
	}
}

// TestExported: a function that serves is told to importers, also if it does
// so through others.
func TestExported(t *testing.T) {
	s := surveyOf(t, `
		import "net/http"
		type App struct{}
		func (a *App) Run() error { return a.listen() }
		func (a *App) listen() error { return http.ListenAndServe("", a) }
		func (a *App) Close() {}
		func Loop() { for {} }`)
	if got := strings.Join(s.exported(), " "); got != "App.Run" {
		t.Errorf("got %s", got)
	}
}

// TestCommands: calls of here() stand in code that runs once, those of
// there() do not.
func TestCommands(t *testing.T) {
	s := surveyOf(t, `
		import ("net/http"; "os"; "github.com/spf13/cobra")

		func here() {}
		func there() {}

		func main() { there(); root().Execute() }

		func root() *cobra.Command {
			there()
			return &cobra.Command{Run: func(cmd *cobra.Command, args []string) {
				here()
				func() { here() }()
			}}
		}

		var list = &cobra.Command{Run: runList}

		func runList(cmd *cobra.Command, args []string) { here(); fetch(1) }

		func fetch(n int) { here(); if n > 0 { fetch(n - 1) } }

		func shared() { there() }

		func get(cmd *cobra.Command, args []string) { here(); shared(); Open() }

		func Open() { there() }

		var _ = shared

		func serve(cmd *cobra.Command, args []string) { there(); listen() }

		func listen() { there(); http.ListenAndServe("", nil) }

		func agent(cmd *cobra.Command, args []string) { there(); c := make(chan os.Signal); <-c }

		type apply struct{}

		func (apply) Help() string { return "" }
		func (apply) Synopsis() string { return "" }
		func (apply) Run(args []string) int { here(); return 0 }
		func (apply) Other() { there() }

		type plain struct{}

		func (plain) Run(args []string) int { there(); return 0 }`)
	if count := wantOnce(t, s); count < 14 {
		t.Errorf("%d calls", count)
	}
}

// Kong calls the methods Run of a program's commands.
func TestKongCommands(t *testing.T) {
	const source = `
		import ("net/http"; "github.com/alecthomas/kong")

		func here() {}
		func there() {}

		func main() { there(); kong.Parse(nil).Run() }

		type query struct{}

		func (query) Run(tenant string) error { here(); query{}.ask(); return nil }
		func (query) ask() { here() }
		func (query) Other() { there() }

		type serve struct{}

		func (serve) Run() error { there(); return http.ListenAndServe("", nil) }

		func Run() { there() }`
	if count := wantOnce(t, surveyOf(t, source)); count < 6 {
		t.Errorf("%d calls", count)
	}
}

// wantOnce looks at the calls of here and there, and counts them.
func wantOnce(t *testing.T, s *survey) (count int) {
	t.Helper()
	info := &Info{commands: s.commands()}
	ast.Inspect(s.pass.Files[0], func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		id, ok := call.Fun.(*ast.Ident)
		if !ok || id.Name != "here" && id.Name != "there" {
			return true
		}
		count++
		if once := info.RunsOnce(call.Pos()); once != (id.Name == "here") {
			t.Errorf("line %d: %s: %t", s.pass.Fset.Position(call.Pos()).Line, id.Name, once)
		}
		return true
	})
	return count
}
