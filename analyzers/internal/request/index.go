// Package request knows the unary RPCs that a package makes, at whatever
// distance, and what their requests are made of.
//
//	c.Charge(ctx, req)                     the call of a stub
//	save(ctx, c, order)                    of a function that makes an RPC
//	run(func() error { ... })              of one that runs what it is handed
//
// Of each request it knows with which codes its error comes back, what the
// message, the client and the context come from, whether another attempt in a
// [Region] of code sends the same, and how the token comes about that tells
// attempts from new requests. Functions of other packages tell it by facts.
package request

import (
	"go/ast"
	"go/types"
	"iter"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/codeflow"
	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/stub"
)

// Analyzer's result is an *Index.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintrequests",
	Doc:        "find who makes RPCs, and of what\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{codeflow.Analyzer, directive.Analyzer, stub.Analyzer},
	ResultType: reflect.TypeFor[*Index](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// An Index is what is known of a package's requests.
type Index struct {
	*codeflow.Flow
	// Relevant: the package names an RPC, a function that makes one, or the
	// codes, or it runs functions, or builds requests, for others. The rest
	// is not worth a look.
	Relevant bool

	pass        *analysis.Pass
	stubs       *stub.Index
	directives  *directive.Set
	imports     fact.Index[told]
	requests    map[*ssa.Function][]*Request
	outcome     map[*ssa.Function][]Outcome
	fieldWrites map[ssa.Value][]Write
	builders    map[*ssa.Function]bool
	building    map[*ssa.Function]bool // that are being looked into
	generators  map[codeflow.Helper]bool
}

func run(pass *analysis.Pass) (any, error) {
	x := &Index{
		Flow: pass.ResultOf[codeflow.Analyzer].(*codeflow.Flow),
		pass: pass, stubs: pass.ResultOf[stub.Analyzer].(*stub.Index), directives: pass.ResultOf[directive.Analyzer].(*directive.Set),
		imports: fact.Known[told](pass), requests: make(map[*ssa.Function][]*Request), outcome: make(map[*ssa.Function][]Outcome),
		builders: make(map[*ssa.Function]bool), building: make(map[*ssa.Function]bool), generators: make(map[codeflow.Helper]bool),
	}
	x.Relevant = !stub.IsStandard(pass.Pkg.Path()) && (runsOthers(pass) || makesIDs(pass)) || x.stubs.Reaches && x.relevant()
	if !x.Relevant {
		return x, nil
	}
	x.Build()
	own := new(told)
	for _, fn := range x.Program.Funcs {
		if !x.Tells(fn) {
			continue
		}
		obj := fn.Object().(*types.Func)
		var made []Made
		for _, o := range x.Outcomes(fn) {
			if o.Request.Handed.Whole() {
				made = append(made, x.factOfMade(o, fn))
			}
		}
		if len(made) > 0 {
			own.Made.AddFunc(obj, made)
		}
		if returnsID(fn.Signature) && x.isFresh(codeflow.Helper{Func: fn}) {
			own.Fresh.AddFunc(obj, true)
		}
		if !buildsMessage(fn.Signature) {
			continue
		}
		if built := x.builtBy(fn); len(built) > 0 {
			own.Built.AddFunc(obj, built)
		}
	}
	if len(own.Made.Rows)+len(own.Built.Rows)+len(own.Fresh.Rows) > 0 {
		own.Made.Sort()
		own.Built.Sort()
		own.Fresh.Sort()
		pass.ExportPackageFact(&Fact{fact.New(own)})
	}
	return x, nil
}

// Tells: a function is one that importers are told about.
func (x *Index) Tells(fn *ssa.Function) bool {
	obj, ok := fn.Object().(*types.Func)
	return ok && obj.Exported() && fn.Synthetic == "" && x.stubs.RPC(obj) == nil
}

// runsOthers: the package has an exported function that is handed one which
// may fail. Helpers that try again need nothing of gRPC.
func runsOthers(pass *analysis.Pass) bool {
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || !decl.Name.IsExported() || decl.Body == nil {
				continue
			}
			if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok && codeflow.ErrorIndex(fn.Signature()) >= 0 && TakesFunction(fn.Signature()) {
				return true
			}
		}
	}
	return false
}

// makesIDs: the package has an exported function that returns an id, and names a
// generator.
func makesIDs(pass *analysis.Pass) bool {
	if !slices.ContainsFunc(pass.Pkg.Imports(), func(p *types.Package) bool { return hasGenerators(p.Path()) }) {
		return false
	}
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || !decl.Name.IsExported() || decl.Recv != nil || decl.Body == nil {
				continue
			}
			if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok && returnsID(fn.Signature()) && generatesIn(pass, decl.Body) {
				return true
			}
		}
	}
	return false
}

// returnsID: a function returns a text, or what a generator makes.
func returnsID(sig *types.Signature) bool {
	if sig.Recv() != nil || sig.Results().Len() == 0 {
		return false
	}
	t := sig.Results().At(0).Type()
	if named, ok := types.Unalias(t).(*types.Named); ok && named.Obj().Pkg() != nil && isGeneratorPackage(named.Obj().Pkg().Path()) {
		return true
	}
	return isString(t)
}

func generatesIn(pass *analysis.Pass, body *ast.BlockStmt) bool {
	found := false
	ast.Inspect(body, func(n ast.Node) bool {
		if id, ok := n.(*ast.Ident); ok {
			fn, isFunc := pass.TypesInfo.Uses[id].(*types.Func)
			found = found || isFunc && isGenerator(fn)
		}
		return !found
	})
	return found
}

// TakesFunction: a parameter is a function that returns an error, or a struct
// with one in it.
func TakesFunction(sig *types.Signature) bool {
	for p := range sig.Params().Variables() {
		if Fails(p.Type()) {
			return true
		}
		for range FailingFields(p.Type()) {
			return true
		}
	}
	return false
}

// Fails: a type is that of functions that return an error.
func Fails(t types.Type) bool {
	f, ok := t.Underlying().(*types.Signature)
	return ok && codeflow.ErrorIndex(f) >= 0
}

// FailingFields yields the fields of a struct, or of the one that a pointer
// points to, that are such functions.
func FailingFields(t types.Type) iter.Seq[*types.Var] {
	return func(yield func(*types.Var) bool) {
		if p, ok := t.Underlying().(*types.Pointer); ok {
			t = p.Elem()
		}
		s, ok := t.Underlying().(*types.Struct)
		if !ok {
			return
		}
		for field := range s.Fields() {
			if Fails(field.Type()) && !yield(field) {
				return
			}
		}
	}
}

func (x *Index) relevant() bool {
	if slices.ContainsFunc(x.pass.Pkg.Imports(), func(p *types.Package) bool {
		return p.Path() == codeflow.CodesPath || p.Path() == codeflow.StatusPath
	}) {
		return true
	}
	for _, obj := range x.pass.TypesInfo.Defs {
		if fn, ok := obj.(*types.Func); ok && fn.Exported() && buildsMessage(fn.Signature()) {
			return true
		}
	}
	for _, obj := range x.pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok {
			if told := x.toldOf(fn); x.stubs.RPC(fn) != nil || told != nil && len(told.Made.Rows) > 0 {
				return true
			}
		}
	}
	return false
}

// Stubs lists the calls of generated stubs in the package.
func (x *Index) Stubs() []*Request {
	var list []*Request
	for _, fn := range x.Program.Funcs {
		for _, r := range x.In(fn) {
			if r.RPC.At == nil && r.Inner == nil {
				list = append(list, r)
			}
		}
	}
	return list
}

// Keyed: a request carries an idempotency token, or may.
func (x *Index) Keyed(r *Request) bool {
	state := x.KeyOf(r, Region{Fn: r.Call.Parent()}).State
	return state != NoKey && state != KeyUnset && !(state == KeyUnknown && len(r.RPC.Verdict.Tokens) == 0)
}
