// Package configsite finds the service configs that a Go program holds: the
// strings that reach grpc.WithDefaultServiceConfig or a resolver's
// ParseServiceConfig, also through functions that pass them on.
package configsite

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
	"github.com/grpclint/grpclint/analyzers/internal/text"
)

// Analyzer's result is a []Site.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintconfigs",
	Doc:        "find service configs in Go strings\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{stub.Analyzer, program.Analyzer},
	ResultType: reflect.TypeFor[[]Site](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Site is a call that is given a service config.
type Site struct {
	Call *ast.CallExpr
	Arg  ast.Expr
	// Texts are the configs that the argument is known to be. Complete
	// says whether there are no others. Cases are those with numbers that
	// are not known.
	Texts    []text.Text
	Complete bool
	Cases    []text.Case
	// Option is set for grpc.WithDefaultServiceConfig itself.
	Option bool
}

// A Fact lists the package's functions that pass a parameter on as a service
// config, and those that make one. Only packages that have one export it:
// without it there is nothing to find.
type Fact struct{ fact.Of[told] }

// told holds the index of the parameter, and what is made.
type told struct {
	Funcs fact.Table[int]
	Makes fact.Table[text.Made]
}

type finder struct {
	pass     *analysis.Pass
	imported fact.Index[told]
	program  *program.Program
	local    map[*ssa.Function]int // functions of this package to the parameter
}

func run(pass *analysis.Pass) (any, error) {
	reaches, writes := pass.ResultOf[stub.Analyzer].(*stub.Index).Reaches, writesConfig(pass)
	if !reaches && !writes {
		return []Site(nil), nil
	}
	f := &finder{pass: pass, imported: fact.Known[told](pass), local: make(map[*ssa.Function]int)}
	if !f.named() && !writes {
		return []Site(nil), nil
	}
	f.program = pass.ResultOf[program.Analyzer].(*program.Package).Build()
	calls := f.calls()
	f.findWrappers(calls)
	evaluator := text.New(pass, f.program, func(fn *types.Func) *text.Made {
		if told := f.imported.Of(fn); told != nil {
			return told.Makes.Of(fn)
		}
		return nil
	})
	f.export(evaluator, writes)

	var sites []Site
	for _, call := range calls {
		i, option := f.configParam(call)
		expr, v := f.program.CallExpr(call), argument(call, i)
		if v == nil || expr == nil || i >= len(expr.Args) {
			continue
		}
		site := Site{Call: expr, Arg: expr.Args[i], Option: option}
		if param := f.handedOn(v); param == nil || param.Parent() == call.Parent() {
			site.Texts, site.Complete, site.Cases = evaluator.Within(v, call)
		} // else it is for the callers of that function
		sites = append(sites, site)
	}
	return sites, nil
}

// named reports whether the package names a function that is given a config:
// most do not, and need no closer look.
func (f *finder) named() bool {
	for _, obj := range f.pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok {
			if i, _ := f.known(fn); i >= 0 {
				return true
			}
		}
	}
	return false
}

// calls returns the calls in the order of the source.
func (f *finder) calls() []ssa.CallInstruction {
	var calls []ssa.CallInstruction
	for instr := range f.program.Instructions {
		if call, ok := instr.(ssa.CallInstruction); ok {
			calls = append(calls, call)
		}
	}
	slices.SortStableFunc(calls, func(a, b ssa.CallInstruction) int { return cmp.Compare(a.Pos(), b.Pos()) })
	return calls
}

// configParam returns which argument of a call, as the signature counts them,
// is a service config, or -1; option is set for grpc's own dial option.
func (f *finder) configParam(call ssa.CallInstruction) (param int, option bool) {
	for _, fn := range f.program.Callees(call) {
		if param, ok := f.local[fn]; ok {
			return param, false
		}
	}
	return f.known(program.CalledObject(call.Common()))
}

// known is configParam for a function of another package.
func (f *finder) known(fn *types.Func) (param int, option bool) {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == f.pass.Pkg {
		return -1, false
	}
	fn = fn.Origin()
	switch {
	case fn.Pkg().Path() == stub.GRPCPath && fn.Name() == "WithDefaultServiceConfig":
		return 0, true
	case fn.Pkg().Path() == stub.GRPCPath+"/resolver" && fn.Name() == "ParseServiceConfig":
		return 0, false // resolver.ClientConn's method
	}
	if told := f.imported.Of(fn); told != nil {
		if param := told.Funcs.Of(fn); param != nil {
			return *param, false
		}
	}
	return -1, false
}

// findWrappers finds functions whose parameter is the service config of a
// call in their body, until no more are found.
func (f *finder) findWrappers(calls []ssa.CallInstruction) {
	for found := true; found; {
		found = false
		for _, call := range calls {
			i, _ := f.configParam(call)
			param := f.handedOn(argument(call, i))
			if param == nil {
				continue
			}
			if _, known := f.local[param.Parent()]; !known {
				f.local[param.Parent()] = program.SignatureIndex(param)
				found = true
			}
		}
	}
}

// argument returns what a call passes as a config, nil if it passes none.
func argument(call ssa.CallInstruction, i int) ssa.Value {
	if i < 0 {
		return nil
	}
	return program.SignatureArg(call, i)
}

// handedOn returns the parameter that a value is, or nil: of its own function, or
// of one that puts it into a variable, or into a struct, for it.
func (f *finder) handedOn(v ssa.Value) *ssa.Parameter {
	for range maxKept {
		if param, ok := v.(*ssa.Parameter); ok {
			return param
		}
		h, ok := f.program.Read(v)
		if !ok || !h.Complete || len(h.Values) != 1 {
			return nil
		}
		v = h.Values[0]
	}
	return nil
}

// maxKept bounds how often a config is put somewhere on its way.
const maxKept = 4

func (f *finder) export(evaluator *text.Evaluator, writes bool) {
	own := new(told)
	for fn, i := range f.local {
		if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() {
			own.Funcs.AddFunc(obj, i)
		}
	}
	for _, fn := range f.program.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !writes || !ok || !obj.Exported() || len(fn.Blocks) == 0 || !isString(obj.Signature().Results()) {
			continue
		}
		if made := evaluator.Made(fn); made != nil && made.Mentions(isConfig) {
			own.Makes.AddFunc(obj, *made)
		}
	}
	if len(own.Funcs.Rows)+len(own.Makes.Rows) == 0 {
		return
	}
	own.Funcs.Sort()
	own.Makes.Sort()
	f.pass.ExportPackageFact(&Fact{fact.New(own)})
}

// isString: the first result is one.
func isString(results *types.Tuple) bool {
	if results.Len() == 0 {
		return false
	}
	basic, ok := results.At(0).Type().Underlying().(*types.Basic)
	return ok && basic.Kind() == types.String
}

// writesConfig: people have written a service config in the package, which
// belongs to the modules at hand. It need not know gRPC for that.
func writesConfig(pass *analysis.Pass) bool {
	if pass.Module != nil && pass.Module.Version != "" {
		return false
	}
	for _, file := range pass.Files {
		if ast.IsGenerated(file) || testcode.InTestFile(pass.Fset, file.FileStart) {
			continue
		}
		for n := range ast.Preorder(file) {
			if lit, ok := n.(*ast.BasicLit); ok && lit.Kind == token.STRING && isConfig(lit.Value) {
				return true
			}
		}
	}
	return false
}

// isConfig: a text has one of the names at the top of a service config.
func isConfig(text string) bool {
	return strings.Contains(text, "methodConfig") || strings.Contains(text, "loadBalancing") || strings.Contains(text, "retryThrottling")
}
