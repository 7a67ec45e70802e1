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
// config, and those that make one of what they get. Only packages that have one
// export it: without it there is nothing to find.
type Fact struct{ fact.Of[told] }

// told holds the index of the parameter, and the configs that are made: as the
// result, or to be given to gRPC.
type told struct {
	Funcs fact.Table[int]
	Makes fact.Table[text.Made]
	Gives fact.Table[text.Made]
}

type finder struct {
	pass     *analysis.Pass
	imported fact.Index[told]
	program  *program.Program
	local    map[*ssa.Function]int // functions of this package to the parameter
}

func run(pass *analysis.Pass) (any, error) {
	f := &finder{pass: pass, imported: fact.Known[told](pass), local: make(map[*ssa.Function]int)}
	gives, makes := f.named()
	makes = makes || writesConfig(pass)
	if !gives && !makes {
		return []Site(nil), nil
	}
	f.program = pass.ResultOf[program.Analyzer].(*program.Package).Build()
	calls := f.calls()
	f.findWrappers(calls)
	evaluator := text.New(pass, f.program, f.madeBy)
	own := f.tells()
	if makes {
		f.addMade(own, evaluator)
	}

	var sites []Site
	for _, call := range calls {
		if made := f.gives(call); made != nil {
			if expr, v := f.program.CallExpr(call), call.Value(); expr != nil && v != nil {
				site := Site{Call: expr, Arg: expr}
				site.Texts, site.Complete, site.Cases = evaluator.Gives(v, made)
				sites = append(sites, site)
			}
			continue
		}
		i, option := f.configParam(call)
		expr, v := f.program.CallExpr(call), argument(call, i)
		if v == nil || expr == nil || i >= len(expr.Args) {
			continue
		}
		site := Site{Call: expr, Arg: expr.Args[i], Option: option}
		if param := f.handedOn(v); param == nil || param.Parent() == call.Parent() {
			site.Texts, site.Complete, site.Cases = evaluator.Within(v, call)
			if made := evaluator.MadeOf(v, call.Parent()); made != nil {
				own.Gives.AddFunc(call.Parent().Object().(*types.Func), *made)
			}
		} // else it is for the callers of that function
		sites = append(sites, site)
	}
	if len(own.Funcs.Rows)+len(own.Makes.Rows)+len(own.Gives.Rows) > 0 {
		own.Funcs.Sort()
		own.Makes.Sort()
		own.Gives.Sort()
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return sites, nil
}

// named reports whether the package names a function that is given a config, and
// one of another package that makes one: most do not, and need no closer look.
func (f *finder) named() (gives, makes bool) {
	for _, obj := range f.pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok && fn.Pkg() != nil && fn.Pkg() != f.pass.Pkg {
			i, _ := f.known(fn)
			gives = gives || i >= 0 || f.givenBy(fn) != nil
			makes = makes || f.madeBy(fn) != nil
		}
	}
	return gives, makes
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

// tells returns the functions that hand on what they get.
func (f *finder) tells() *told {
	own := new(told)
	for fn, i := range f.local {
		if obj, ok := fn.Object().(*types.Func); ok && obj.Exported() {
			own.Funcs.AddFunc(obj, i)
		}
	}
	return own
}

// addMade adds the functions that return a config.
func (f *finder) addMade(own *told, evaluator *text.Evaluator) {
	for _, fn := range f.program.Funcs {
		obj, ok := fn.Object().(*types.Func)
		if !ok || !obj.Exported() || len(fn.Blocks) == 0 || !isString(obj.Signature().Results()) {
			continue
		}
		if made := evaluator.Made(fn); made != nil && made.Mentions(isConfig) {
			own.Makes.AddFunc(obj, *made)
		}
	}
}

// gives returns the config that the function of another package which is called
// gives to gRPC, nil for others.
func (f *finder) gives(call ssa.CallInstruction) *text.Made {
	if len(f.program.Callees(call)) > 0 {
		return nil
	}
	return f.givenBy(program.CalledObject(call.Common()))
}

// madeBy returns the config that a function of another package makes.
func (f *finder) madeBy(fn *types.Func) *text.Made {
	if told := f.imported.Of(fn); told != nil {
		return told.Makes.Of(fn)
	}
	return nil
}

func (f *finder) givenBy(fn *types.Func) *text.Made {
	if fn == nil || fn.Pkg() == nil || fn.Pkg() == f.pass.Pkg {
		return nil
	}
	if told := f.imported.Of(fn); told != nil {
		return told.Gives.Of(fn)
	}
	return nil
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
