// Package healthstate knows what the health services of a program say, and
// what is asked of them.
package healthstate

import (
	"encoding/json"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/configsite"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/analyzers/internal/wiring"
	"github.com/grpclint/grpclint/finding"
)

// Path is the import path of grpc-go's package health.
const Path = stub.GRPCPath + "/health"

// Analyzer's result is an *Info.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclinthealth",
	Doc:        "find out what health services say\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{stub.Analyzer, configsite.Analyzer, testcode.Analyzer, wiring.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Fact is what one package tells about health. Packages that have nothing
// to tell export none; whether all have told is known of the stubs' facts.
type Fact struct{ fact.Of[Told] }

// Told is what one package has to do with health.
type Told struct {
	Asks   []Ask
	Serves []string // services ("package.Service") that it registers, sorted
	// Registers: it registers the standard health service.
	Registers bool
	// Sets are the names that it gives a status, sorted. Others says that
	// there may be more: a name that is not constant, a health service of
	// its own.
	Sets   []string
	Others bool
}

// An Ask is a service config by which clients ask for the health of a
// service.
type Ask struct {
	Service string
	At      finding.Remote

	// Pos and End are set in the package that holds it.
	Pos, End token.Pos
}

// Info is what a package and those that it imports have to do with health.
type Info struct {
	Asks []Ask
	// Own is what the package itself tells.
	Own Told

	all []*Told
}

// Serves: the program registers a service.
func (i *Info) Serves(service string) bool {
	return slices.ContainsFunc(i.all, func(t *Told) bool { return slices.Contains(t.Serves, service) })
}

// Services are those that the program registers, sorted.
func (i *Info) Services() []string {
	var services []string
	for _, t := range i.all {
		services = append(services, t.Serves...)
	}
	slices.Sort(services)
	return slices.Compact(services)
}

// Registers: the program registers a health service.
func (i *Info) Registers() bool {
	return slices.ContainsFunc(i.all, func(t *Told) bool { return t.Registers || t.Others })
}

// Says: a health service of the program says how a service is, or may.
func (i *Info) Says(service string) bool {
	return slices.ContainsFunc(i.all, func(t *Told) bool { return t.Others || slices.Contains(t.Sets, service) })
}

func run(pass *analysis.Pass) (any, error) {
	info := new(Info)
	stubs := pass.ResultOf[stub.Analyzer].(*stub.Index)
	if !stubs.Reaches {
		return info, nil
	}
	for _, told := range fact.Known[Told](pass) {
		info.all = append(info.all, told)
		info.Asks = append(info.Asks, told.Asks...)
	}
	slices.SortFunc(info.Asks, func(a, b Ask) int { return strings.Compare(a.Service+a.At.Package, b.Service+b.At.Package) })
	own := &info.Own
	info.all = append(info.all, own)
	c := &collector{Pass: pass, stubs: stubs, told: own}
	c.collect()
	info.Asks = append(slices.Clone(own.Asks), info.Asks...)
	told := *own
	told.Asks = nil
	for _, ask := range own.Asks {
		ask.Pos, ask.End = token.NoPos, token.NoPos
		told.Asks = append(told.Asks, ask)
	}
	if f := (&Fact{fact.New(&told)}); f.Tells() {
		pass.ExportPackageFact(f)
	}
	return info, nil
}

type collector struct {
	*analysis.Pass
	stubs *stub.Index
	told  *Told
}

func (c *collector) collect() {
	for _, site := range c.ResultOf[configsite.Analyzer].([]configsite.Site) {
		for _, t := range site.Texts {
			if service, ok := asks(t.Bytes); ok && !testcode.Is(c.Pass, site.Arg.Pos()) {
				at := finding.RemoteAt(c.Fset, c.Pkg.Path(), site.Arg.Pos(), token.NoPos)
				c.told.Asks = append(c.told.Asks, Ask{Service: service, Pos: site.Arg.Pos(), End: site.Arg.End(), At: at})
			}
		}
	}
	for _, file := range c.Files {
		if ast.IsGenerated(file) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CallExpr:
				c.call(n)
			case *ast.SelectorExpr:
				c.selected(n)
			}
			return true
		})
	}
	slices.Sort(c.told.Serves)
	c.told.Serves = slices.Compact(c.told.Serves)
	slices.Sort(c.told.Sets)
	c.told.Sets = slices.Compact(c.told.Sets)
}

// asks reads what a service config asks a health service for.
func asks(config []byte) (service string, ok bool) {
	var c struct {
		HealthCheckConfig *struct{ ServiceName *string }
	}
	if json.Unmarshal(config, &c) != nil || c.HealthCheckConfig == nil || c.HealthCheckConfig.ServiceName == nil {
		return "", false // refused, or asks for nothing
	}
	return *c.HealthCheckConfig.ServiceName, true
}

func (c *collector) call(call *ast.CallExpr) {
	fn, ok := typeutil.Callee(c.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return
	}
	if IsServer(fn) {
		if fn.Name() != "SetServingStatus" || len(call.Args) != 2 {
			return
		}
		value := c.TypesInfo.Types[call.Args[0]].Value
		if value == nil || value.Kind() != constant.String {
			c.told.Others = true
			return
		}
		c.told.Sets = append(c.told.Sets, constant.StringVal(value))
		return
	}
	service := c.registered(fn)
	switch {
	case service == "" || len(call.Args) != 2:
	case service == "grpc.health.v1.Health":
		c.told.Registers = true
		t := c.TypesInfo.TypeOf(call.Args[1])
		if known := c.ResultOf[wiring.Analyzer].(*wiring.Links).Registers[call.Lparen]; known != nil {
			t = known
		}
		if !isHealthServer(t) {
			c.told.Others = true // one of its own, or who knows
		}
	default:
		c.told.Serves = append(c.told.Serves, service)
	}
}

// selected: a method of the health server that is used as a value may be
// called with any name.
func (c *collector) selected(sel *ast.SelectorExpr) {
	if s := c.TypesInfo.Selections[sel]; s != nil && s.Kind() == types.MethodVal && sel.Sel.Name == "SetServingStatus" {
		// By its name: which method of an interface that is, is known of Uses.
		if fn, ok := c.TypesInfo.Uses[sel.Sel].(*types.Func); !ok || IsServer(fn) {
			return // a call of it is looked at as such
		}
		c.told.Others = true // of an interface
	}
}

// registered returns the service that a generated RegisterXServer registers,
// or "".
func (c *collector) registered(fn *types.Func) string {
	sig := fn.Signature()
	if sig.Recv() != nil || sig.Params().Len() != 2 || !strings.HasPrefix(fn.Name(), "Register") {
		return ""
	}
	iface, ok := sig.Params().At(1).Type().Underlying().(*types.Interface)
	if !ok {
		return ""
	}
	for m := range iface.Methods() {
		if rpc := c.stubs.ServerMethod(m); rpc != nil {
			service, _, _ := strings.Cut(strings.TrimPrefix(rpc.FullMethod, "/"), "/")
			return service
		}
	}
	return ""
}

// IsServer: a method of *health.Server.
func IsServer(fn *types.Func) bool {
	return fn.Signature().Recv() != nil && isHealthServer(fn.Signature().Recv().Type())
}

func isHealthServer(t types.Type) bool {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Server" && named.Obj().Pkg() != nil && named.Obj().Pkg().Path() == Path
}
