// Package feature knows what a program asks of grpc-go that works only if a
// package registers itself: compressors, balancers, health checking, xDS;
// and which of these packages are linked in.
package feature

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
	"github.com/grpclint/grpclint/finding"
)

// Analyzer's result is a *Features.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintfeatures",
	Doc:        "find uses of grpc-go's registered features\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{stub.Analyzer, configsite.Analyzer, testcode.Analyzer},
	ResultType: reflect.TypeFor[*Features](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Use is a place that asks for a feature.
type Use struct {
	Feature string // a key of Packages
	At      finding.Remote

	// Pos and End are set in the package that holds the use.
	Pos, End token.Pos
}

// A Fact says what a package and those that it imports ask for and register.
// Packages that register reach it all, but not all of them reach grpc-go.
type Fact struct{ fact.Of[told] }

type told struct {
	Uses       []Use    // sorted by feature and place, positions cleared
	Registered []string // import paths below google.golang.org/grpc, sorted
	Balancers  bool     // see Features
}

// Features is what is asked for and registered in a package and its imports.
type Features struct {
	Uses       []Use
	Registered []string
	// Balancers says that load balancing policies of the program's own are
	// registered.
	Balancers bool
	// Complete says that every import has told.
	Complete bool
}

// Packages are the import paths, below google.golang.org/grpc, that register
// a feature; any one will do.
var packages = map[string][]string{
	"compressor gzip":                       {"encoding/gzip"},
	"health checking":                       {"health"},
	"xds resolver":                          {"xds"},
	"balancer weighted_round_robin":         {"balancer/weightedroundrobin", "xds"},
	"balancer least_request_experimental":   {"balancer/leastrequest", "xds"},
	"balancer ring_hash_experimental":       {"balancer/ringhash", "xds"},
	"balancer grpclb":                       {"balancer/grpclb"},
	"balancer rls_experimental":             {"balancer/rls", "xds"},
	"balancer weighted_target_experimental": {"balancer/weightedtarget", "xds"},
}

// Packages returns the full import paths that register a feature.
func Packages(feature string) []string {
	var paths []string
	for _, p := range packages[feature] {
		paths = append(paths, stub.GRPCPath+"/"+p)
	}
	return paths
}

// Missing returns the uses for which no package is linked in.
func (f *Features) Missing() []Use {
	if !f.Complete {
		return nil
	}
	var missing []Use
	for _, u := range f.Uses {
		registered := func(path string) bool { return slices.Contains(f.Registered, path) }
		if !slices.ContainsFunc(Packages(u.Feature), registered) {
			missing = append(missing, u)
		}
	}
	return missing
}

func run(pass *analysis.Pass) (any, error) {
	features := new(Features)
	stubs := pass.ResultOf[stub.Analyzer].(*stub.Index)
	known := fact.Known[told](pass, stubs.Looked()...)
	features.Complete = stub.Complete(pass.Pkg, known.Has)
	for _, imported := range pass.Pkg.Imports() {
		if strings.HasPrefix(imported.Path(), stub.GRPCPath+"/") {
			features.Registered = append(features.Registered, imported.Path())
		}
		if told := known[imported.Path()]; told != nil {
			features.Registered = append(features.Registered, told.Registered...)
			features.Uses = append(features.Uses, told.Uses...)
			features.Balancers = features.Balancers || told.Balancers
		}
	}
	features.Balancers = features.Balancers || registersBalancers(pass)
	slices.Sort(features.Registered)
	features.Registered = slices.Compact(features.Registered)
	if !stubs.Reaches {
		// encoding/gzip does not need grpc-go's root, nor does a package
		// that imports it for others.
		if f := (&Fact{fact.New(&told{Registered: features.Registered, Balancers: features.Balancers})}); f.Tells() {
			pass.ExportPackageFact(f)
		}
		return features, nil
	}
	features.Uses = append(features.Uses, uses(pass)...)

	own := &told{Registered: features.Registered, Balancers: features.Balancers}
	for _, u := range features.Uses {
		u.Pos, u.End = token.NoPos, token.NoPos
		own.Uses = append(own.Uses, u)
	}
	slices.SortFunc(own.Uses, compare)
	own.Uses = slices.Compact(own.Uses)
	if f := (&Fact{fact.New(own)}); f.Tells() {
		pass.ExportPackageFact(f)
	}
	return features, nil
}

// registersBalancers: the package, which is none of grpc-go's, calls
// balancer.Register.
func registersBalancers(pass *analysis.Pass) bool {
	const path = stub.GRPCPath + "/balancer"
	if strings.HasPrefix(pass.Pkg.Path(), stub.GRPCPath) || !slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool { return p.Path() == path }) {
		return false
	}
	for _, obj := range pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok && fn.Name() == "Register" && fn.Pkg() != nil && fn.Pkg().Path() == path {
			return true
		}
	}
	return false
}

func compare(a, b Use) int {
	for _, c := range []int{
		strings.Compare(a.Feature, b.Feature), strings.Compare(a.At.Package, b.At.Package),
		strings.Compare(a.At.File, b.At.File), a.At.Line - b.At.Line, a.At.Column - b.At.Column,
	} {
		if c != 0 {
			return c
		}
	}
	return 0
}

// uses finds what this package asks for.
func uses(pass *analysis.Pass) []Use {
	var list []Use
	add := func(feature string, pos, end token.Pos) {
		if _, ok := packages[feature]; !ok || testcode.Is(pass, pos) {
			return
		}
		list = append(list, Use{Feature: feature, Pos: pos, End: end, At: finding.RemoteAt(pass.Fset, pass.Pkg.Path(), pos, token.NoPos)})
	}
	for _, file := range pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				callUses(pass, call, add)
			}
			return true
		})
	}
	for _, site := range pass.ResultOf[configsite.Analyzer].([]configsite.Site) {
		for _, t := range site.Texts {
			for _, feature := range configUses(t.Bytes) {
				add(feature, site.Arg.Pos(), site.Arg.End())
			}
		}
	}
	return list
}

// callUses: grpc.UseCompressor("gzip"), and a dial of xds:///.
func callUses(pass *analysis.Pass, call *ast.CallExpr, add func(string, token.Pos, token.Pos)) {
	fn, ok := typeutil.Callee(pass.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil || fn.Pkg().Path() != stub.GRPCPath || len(call.Args) == 0 {
		return
	}
	text := func(arg ast.Expr) string {
		if v := pass.TypesInfo.Types[arg].Value; v != nil && v.Kind() == constant.String {
			return constant.StringVal(v)
		}
		return ""
	}
	switch fn.Name() {
	case "UseCompressor":
		add("compressor "+text(call.Args[0]), call.Args[0].Pos(), call.Args[0].End())
	case "NewClient", "Dial", "DialContext":
		target := call.Args[0]
		if fn.Name() == "DialContext" && len(call.Args) > 1 {
			target = call.Args[1]
		}
		if strings.HasPrefix(text(target), "xds:") {
			add("xds resolver", target.Pos(), target.End())
		}
	}
}

// configUses reads what a service config asks for: health checking, and the
// balancers if none of them is one that grpc-go always has.
func configUses(config []byte) []string {
	var c struct {
		LoadBalancingConfig []map[string]json.RawMessage
		LoadBalancingPolicy string
		HealthCheckConfig   *struct{ ServiceName *string }
	}
	if json.Unmarshal(config, &c) != nil {
		return nil // refused: another rule's concern
	}
	var list []string
	if c.HealthCheckConfig != nil && c.HealthCheckConfig.ServiceName != nil {
		list = append(list, "health checking")
	}
	first := c.LoadBalancingPolicy
	for _, entry := range c.LoadBalancingConfig {
		for policy := range entry {
			if policy == "pick_first" || policy == "round_robin" {
				return list // at the latest this one is found
			}
			if _, ok := packages["balancer "+policy]; !ok {
				return list // the program's own
			}
			first = policy
		}
	}
	if first != "" {
		list = append(list, "balancer "+first)
	}
	return list
}
