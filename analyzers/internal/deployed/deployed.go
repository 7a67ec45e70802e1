// Package deployed tells what those who run a program have to know of it: which
// variables it reads, on which ports it serves gRPC, how it stops, what it says
// of its health.
//
//	main ──imports──▶ config    reads ORDERS_ADDR
//	     ──imports──▶ server    listens on 50051, drains for 30 s
//
// Every package tells what it does itself. A run that sees all packages of a
// program joins them, and manifests are judged by the whole. Nothing of it is
// needed to judge a package, so the analyzer runs only when somebody asks.
package deployed

import (
	"go/ast"
	"go/constant"
	"go/types"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/healthstate"
	"github.com/grpclint/grpclint/analyzers/internal/report"
	"github.com/grpclint/grpclint/analyzers/internal/serving"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// New returns the analyzer; its Result is a *report.Result. It requires those
// that ask the same view of the package, which serves one at a time.
func New(before ...*analysis.Analyzer) *analysis.Analyzer {
	return &analysis.Analyzer{
		Name:       "grpclintdeployed",
		Doc:        "tell how programs are run\n\nFor grpclint's rules about manifests; it reports nothing.",
		URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
		Run:        run,
		Requires:   append([]*analysis.Analyzer{serving.Analyzer, healthstate.Analyzer, testcode.Analyzer}, before...),
		ResultType: reflect.TypeFor[*report.Result](),
	}
}

func run(pass *analysis.Pass) (any, error) {
	told := &report.Deployed{Main: pass.Pkg.Name() == "main" && pass.Pkg.Scope().Lookup("main") != nil}
	c := &collector{pass: pass, told: told, servers: pass.ResultOf[serving.Analyzer].(*serving.Info)}
	for _, imported := range pass.Pkg.Imports() {
		c.imports(imported.Path())
	}
	for _, file := range pass.Files {
		if !testcode.Is(pass, file.Pos()) && !ast.IsGenerated(file) {
			c.file(file)
			for _, spec := range file.Imports {
				if spec.Path.Value == strconv.Quote(archived) && told.Archived == nil {
					told.Archived = spec
				}
			}
		}
	}
	c.health(pass.ResultOf[healthstate.Analyzer].(*healthstate.Info))
	if c.servers.Reaches {
		c.served()
		c.dials()
	}
	slices.Sort(told.Env)
	told.Env = slices.Compact(told.Env)
	return &report.Result{Program: report.Program{Deployed: told}}, nil
}

type collector struct {
	pass    *analysis.Pass
	told    *report.Deployed
	servers *serving.Info
}

// archived is a library for metrics whose successor has the same ones.
const archived = "github.com/grpc-ecosystem/go-grpc-prometheus"

// imports notes libraries that say how the program serves and is watched.
func (c *collector) imports(path string) {
	switch {
	case strings.HasPrefix(path, "github.com/soheilhy/cmux"), path == "connectrpc.com/connect", path == "golang.org/x/net/http2/h2c":
		c.told.Mixed = true
	case path == archived, path == "github.com/grpc-ecosystem/go-grpc-middleware/providers/prometheus":
		c.told.Prometheus = true
	case strings.HasPrefix(path, "go.opentelemetry.io/contrib/instrumentation/google.golang.org/grpc"), path == "google.golang.org/grpc/stats/opentelemetry":
		c.told.Telemetry = true
	}
}

// variable is how environment variables are called.
var variable = regexp.MustCompile(`^[A-Z][A-Z0-9]*(_[A-Z0-9]+)+$`)

// file notes what is written in a file.
func (c *collector) file(file *ast.File) {
	ast.Inspect(file, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncDecl:
			if n.Body != nil {
				c.drain(n.Body)
			}
		case *ast.CallExpr:
			c.call(n)
		case *ast.Field:
			if n.Tag != nil {
				c.tag(n.Tag.Value)
			}
		}
		return true
	})
}

// tag reads the tags of libraries that fill structs from the environment.
func (c *collector) tag(text string) {
	value, err := strconv.Unquote(text)
	if err != nil {
		return
	}
	for _, key := range []string{"env", "envconfig", "mapstructure"} {
		name, _, _ := strings.Cut(reflect.StructTag(value).Get(key), ",")
		if variable.MatchString(name) {
			c.told.Env = append(c.told.Env, name)
		}
	}
}

func (c *collector) call(call *ast.CallExpr) {
	fn, _ := typeutil.Callee(c.pass.TypesInfo, call).(*types.Func)
	for _, arg := range call.Args {
		if name, ok := c.constant(arg); ok && (variable.MatchString(name) || isEnv(fn)) {
			c.told.Env = append(c.told.Env, name)
		}
	}
	if fn == nil || fn.Pkg() == nil {
		return
	}
	switch path := fn.Pkg().Path(); {
	case path == "os/signal" && (fn.Name() == "Notify" || fn.Name() == "NotifyContext"):
		c.told.Graceful = c.told.Graceful || c.mentions(call, "SIGTERM") || call.Ellipsis.IsValid() || len(call.Args) == 1
	case path == "google.golang.org/grpc" && fn.Name() == "Serve":
		c.told.Runs = true
	case path == "google.golang.org/grpc" && fn.Name() == "GracefulStop":
		c.told.Graceful = true
	case path == "google.golang.org/grpc" && fn.Name() == "ServeHTTP" && fn.Signature().Recv() != nil:
		c.told.Mixed = true
	case fn.Name() == "EnableHandlingTimeHistogram" || fn.Name() == "WithServerHandlingTimeHistogram":
		c.told.Histogram = true
	}
}

// isEnv: os.Getenv and its like, whose argument is a variable whatever it looks
// like.
func isEnv(fn *types.Func) bool {
	return fn != nil && fn.Pkg() != nil && fn.Pkg().Path() == "os" && (fn.Name() == "Getenv" || fn.Name() == "LookupEnv")
}

func (c *collector) mentions(n ast.Node, name string) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok && id.Name == name {
			found = true
		}
		return !found
	})
	return found
}

// constant returns the value of a constant string.
func (c *collector) constant(e ast.Expr) (string, bool) {
	v := c.pass.TypesInfo.Types[e].Value
	if v == nil || v.Kind() != constant.String {
		return "", false
	}
	return constant.StringVal(v), true
}

// health notes what the package does for the standard health service.
func (c *collector) health(info *healthstate.Info) {
	c.told.Health = info.Own.Registers
	c.told.HealthNames = info.Own.Sets
	c.told.HealthOpen = info.Own.Others
	c.told.Serves = info.Own.Serves
	if c.told.Main {
		// What is imported from elsewhere counts as well.
		c.told.Serves = info.Services()
		c.told.Health = info.Registers()
	}
}
