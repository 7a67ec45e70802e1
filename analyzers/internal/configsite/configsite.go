// Package configsite finds the service configs that a Go program holds: the
// strings that reach grpc.WithDefaultServiceConfig or a resolver's
// ParseServiceConfig, also through functions that pass them on.
package configsite

import (
	"go/ast"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
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
	// says whether there are no others.
	Texts    []text.Text
	Complete bool
	// Option is set for grpc.WithDefaultServiceConfig itself.
	Option bool
}

// A Fact lists the package's functions that pass a parameter on as a service
// config. Only packages that have one export it: without it there is nothing to
// find.
type Fact struct{ fact.Of[told] }

// told holds the index of the parameter.
type told struct{ Funcs fact.Table[int] }

type finder struct {
	pass     *analysis.Pass
	imported fact.Index[told]
	local    map[*types.Func]int // functions of this package to the parameter
}

func run(pass *analysis.Pass) (any, error) {
	if !pass.ResultOf[stub.Analyzer].(*stub.Index).Reaches {
		return []Site(nil), nil
	}
	f := &finder{pass: pass, imported: fact.Known[told](pass), local: make(map[*types.Func]int)}
	calls := f.calls()
	f.findWrappers(calls)
	f.export()

	var sites []Site
	var params []int
	for _, call := range calls {
		param, option := f.configParam(call)
		if param < 0 || param >= len(call.Args) {
			continue
		}
		sites, params = append(sites, Site{Call: call, Arg: call.Args[param], Option: option}), append(params, param)
	}
	if len(sites) > 0 {
		evaluate(pass, sites, params)
	}
	return sites, nil
}

// evaluate finds out what the configs are, those at the given arguments.
func evaluate(pass *analysis.Pass, sites []Site, params []int) {
	p := pass.ResultOf[program.Analyzer].(*program.Package).Build()
	evaluator := text.New(pass, p)
	instrs := make(map[*ast.CallExpr]ssa.CallInstruction)
	for instr := range p.Instructions {
		if call, ok := instr.(ssa.CallInstruction); ok {
			if expr := p.CallExpr(call); expr != nil {
				instrs[expr] = call
			}
		}
	}
	for i := range sites {
		call := instrs[sites[i].Call]
		if call == nil {
			continue // control does not come there
		}
		if v := program.SignatureArg(call, params[i]); v != nil {
			sites[i].Texts, sites[i].Complete = evaluator.Within(v, call)
		}
	}
}

func (f *finder) calls() []*ast.CallExpr {
	var calls []*ast.CallExpr
	for _, file := range f.pass.Files {
		ast.Inspect(file, func(n ast.Node) bool {
			if call, ok := n.(*ast.CallExpr); ok {
				calls = append(calls, call)
			}
			return true
		})
	}
	return calls
}

// configParam returns which argument of a call is a service config, or -1;
// option is set for grpc's own dial option.
func (f *finder) configParam(call *ast.CallExpr) (param int, option bool) {
	fn, ok := typeutil.Callee(f.pass.TypesInfo, call).(*types.Func)
	if !ok || fn.Pkg() == nil {
		return -1, false
	}
	fn = fn.Origin()
	switch fn.Pkg().Path() {
	case stub.GRPCPath:
		if fn.Name() == "WithDefaultServiceConfig" {
			return 0, true
		}
		return -1, false
	case stub.GRPCPath + "/resolver":
		if fn.Name() == "ParseServiceConfig" {
			return 0, false // resolver.ClientConn's method
		}
		return -1, false
	}
	if param, ok := f.local[fn]; ok {
		return param, false
	}
	if told := f.imported.Of(fn); told != nil && fn.Pkg() != f.pass.Pkg {
		if param := told.Funcs.Of(fn); param != nil {
			return *param, false
		}
	}
	return -1, false
}

// findWrappers finds functions whose parameter is the service config of a
// call in their body, until no more are found.
func (f *finder) findWrappers(calls []*ast.CallExpr) {
	params := f.params()
	for found := true; found; {
		found = false
		for _, call := range calls {
			i, _ := f.configParam(call)
			if i < 0 || i >= len(call.Args) {
				continue
			}
			id, ok := ast.Unparen(call.Args[i]).(*ast.Ident)
			if !ok {
				continue
			}
			p, ok := params[f.pass.TypesInfo.Uses[id]]
			if !ok {
				continue
			}
			if _, known := f.local[p.fn]; !known {
				f.local[p.fn] = p.index
				found = true
			}
		}
	}
}

type param struct {
	fn    *types.Func
	index int
}

// params maps the string parameters of the declared functions.
func (f *finder) params() map[types.Object]param {
	params := make(map[types.Object]param)
	for _, file := range f.pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			fn, ok := f.pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok {
				continue
			}
			for i := range fn.Signature().Params().Len() {
				params[fn.Signature().Params().At(i)] = param{fn, i}
			}
		}
	}
	return params
}

func (f *finder) export() {
	own := new(told)
	for fn, i := range f.local {
		if fn.Exported() {
			own.Funcs.AddFunc(fn, i)
		}
	}
	if len(own.Funcs.Rows) == 0 {
		return
	}
	own.Funcs.Sort()
	f.pass.ExportPackageFact(&Fact{fact.New(own)})
}
