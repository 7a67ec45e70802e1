package dial

import (
	"cmp"
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/ssa"

	"github.com/grpclint/grpclint/analyzers/internal/stub"
	"github.com/grpclint/grpclint/analyzers/internal/testcode"
)

// packagePath is pkg's import path without the vendor folder that it may
// lie in outside of module mode.
func packagePath(pkg *types.Package) string {
	if pkg == nil {
		return ""
	}
	path := pkg.Path()
	if i := strings.LastIndex(path, "/vendor/"); i >= 0 {
		path = path[i+len("/vendor/"):]
	}
	return path
}

// IsGRPC reports whether obj is a function, method or type of package
// google.golang.org/grpc itself.
func IsGRPC(obj types.Object) bool { return obj != nil && packagePath(obj.Pkg()) == stub.GRPCPath }

// opener returns the name of the dialling function of grpc-go that fn is,
// or "".
func opener(fn *types.Func) string {
	if fn == nil || !IsGRPC(fn) || fn.Signature().Recv() != nil {
		return ""
	}
	switch fn.Name() {
	case "NewClient", "Dial", "DialContext":
		return fn.Name()
	}
	return ""
}

// named returns the package path and name of the defined type behind t and
// at most one pointer.
func named(t types.Type) (path, name string) {
	t = types.Unalias(t)
	if p, ok := t.(*types.Pointer); ok {
		t = types.Unalias(p.Elem())
	}
	n, ok := t.(*types.Named)
	if !ok {
		return "", ""
	}
	return packagePath(n.Obj().Pkg()), n.Obj().Name()
}

func isConn(t types.Type) bool {
	path, name := named(t)
	return path == stub.GRPCPath && (name == "ClientConn" || name == "ClientConnInterface")
}

// IsConn reports whether t is *grpc.ClientConn.
func IsConn(t types.Type) bool {
	path, name := named(t)
	return path == stub.GRPCPath && name == "ClientConn"
}

// isStub reports whether t is a generated client interface.
func (e *engine) isStub(t types.Type) bool {
	iface, ok := types.Unalias(t).Underlying().(*types.Interface)
	if !ok || iface.NumMethods() == 0 {
		return false
	}
	for m := range iface.Methods() {
		if e.stubs.RPC(m) == nil {
			return false
		}
	}
	return true
}

// stubConstructor reports whether fn is a generated NewXClient: it takes a
// connection and returns the client interface X of its own package.
func (e *engine) stubConstructor(fn *types.Func) bool {
	if fn == nil || fn.Signature().Recv() != nil {
		return false
	}
	params, results := fn.Signature().Params(), fn.Signature().Results()
	if params.Len() != 1 || results.Len() != 1 || !isConn(params.At(0).Type()) {
		return false
	}
	path, name := named(results.At(0).Type())
	if path != packagePath(fn.Pkg()) || fn.Name() != "New"+name {
		return false
	}
	if e.isStub(results.At(0).Type()) {
		return true
	}
	// A service without methods, or one whose stubs were not recognised:
	// every method takes call options at least.
	iface, ok := results.At(0).Type().Underlying().(*types.Interface)
	if !ok {
		return false
	}
	for m := range iface.Methods() {
		if !stub.TakesCallOptions(m) {
			return false
		}
	}
	return true
}

// isHealthCheck reports whether fn is an RPC of the standard health
// service, also of a copy of it that was generated elsewhere.
func (e *engine) isHealthCheck(fn *types.Func) bool {
	m := e.stubs.RPC(fn)
	return m != nil && (strings.HasPrefix(m.FullMethod, "/grpc.health.") || strings.HasSuffix(m.FullMethod, ".Health/Check"))
}

// carries reports whether a value of type t may lead to a connection: it is
// one, a stub, something that can only be closed, or a struct with a field
// of that kind not too deep inside.
func (e *engine) carries(t types.Type) bool { return e.carriesWithin(t, 3) }

// within is a type, and how deep inside of it a connection may be.
type within struct {
	t     types.Type
	depth int
}

func (e *engine) carriesWithin(t types.Type, depth int) bool {
	k := within{t, depth}
	known, ok := e.carry[k]
	if !ok {
		e.carry[k] = false // a pointer to itself
		known = e.leadsToConn(t, depth)
		e.carry[k] = known
	}
	return known
}

func (e *engine) leadsToConn(t types.Type, depth int) bool {
	if isConn(t) || e.isStub(t) {
		return true
	}
	if depth == 0 {
		return false
	}
	if path, name := named(t); path == "io" && name == "Closer" {
		return true
	}
	switch u := types.Unalias(t).Underlying().(type) {
	case *types.Pointer:
		return e.carriesWithin(u.Elem(), depth)
	case *types.Slice:
		return e.carriesWithin(u.Elem(), depth-1)
	case *types.Array:
		return e.carriesWithin(u.Elem(), depth-1)
	case *types.Map:
		return e.carriesWithin(u.Elem(), depth-1)
	case *types.Struct:
		for field := range u.Fields() {
			if e.carriesWithin(field.Type(), depth-1) {
				return true
			}
		}
	}
	return false
}

func (e *engine) kindOf(t types.Type) Kind {
	switch {
	case isConn(t):
		return Conn
	case e.isStub(t):
		return Stub
	}
	if _, isFunc := t.Underlying().(*types.Signature); isFunc {
		return Cleanup // it may be
	}
	return Owner
}

// scanned is what one look at the identifiers of a package tells.
type scanned struct {
	judges        bool // there is something that needs SSA
	configs       bool // there are service configs among dial options, or what changes them
	defaultScheme bool
	eager         bool
	importsEager  bool
	policies      []Pings
}

// scan decides whether the package holds anything to judge, because SSA is
// the largest cost of all.
func (e *engine) scan() scanned {
	var s scanned
	for _, told := range e.known {
		s.defaultScheme = s.defaultScheme || told.DefaultScheme
	}
	for _, imported := range e.pass.Pkg.Imports() {
		if told := e.known[imported.Path()]; told != nil {
			s.importsEager = s.importsEager || told.Eager
			s.policies = append(s.policies, told.Policies...)
		}
	}
	for _, file := range e.pass.Files {
		generated := ast.IsGenerated(file)
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.Ident:
				fn, ok := e.pass.TypesInfo.Uses[n].(*types.Func)
				if !ok {
					return true
				}
				switch {
				case opener(fn) != "":
					s.judges = true
					s.eager = s.eager || opener(fn) != "NewClient"
				case IsGRPC(fn) && (fn.Name() == "WithContextDialer" || fn.Name() == "WithKeepaliveParams" || fn.Name() == "GetState" || fn.Name() == "WaitForStateChange"):
					s.judges = true
				case IsGRPC(fn) && (fn.Name() == "WithDefaultServiceConfig" || fn.Name() == "WithDisableRetry"):
					s.judges, s.configs = true, true
				case setsDefaultScheme(fn):
					s.defaultScheme = true
				case freshOf(fn) != nil, registersGateway(fn):
					s.judges = true
				case !s.judges:
					f := e.fact(fn)
					s.judges = f != nil && (f.Fresh != nil || f.Paths != nil || f.NewClientOptions != nil || f.DialOptions != nil)
				}
			case *ast.FuncType:
				if !generated && !s.judges {
					s.judges = e.handsConnections(n)
				}
			case *ast.CallExpr:
				if p, ok := e.policy(n); ok {
					s.policies = append(s.policies, p)
				}
			}
			return true
		})
	}
	s.policies = distinct(s.policies)
	return s
}

// setsDefaultScheme: fn changes the scheme of targets that have none.
func setsDefaultScheme(fn *types.Func) bool {
	return fn.Name() == "SetDefaultScheme" && packagePath(fn.Pkg()) == resolverPath
}

const resolverPath = stub.GRPCPath + "/resolver"

// resolves: a package other than those of grpc-go visibly imports its
// resolvers, but not grpc-go itself.
func resolves(pkg *types.Package) bool {
	return !strings.HasPrefix(pkg.Path(), stub.GRPCPath) && !stub.Reaches(pkg) &&
		slices.ContainsFunc(pkg.Imports(), func(p *types.Package) bool { return p.Path() == resolverPath })
}

// changesScheme: a package changes the scheme of targets that have none.
func changesScheme(pass *analysis.Pass) bool {
	for _, obj := range pass.TypesInfo.Uses {
		if fn, ok := obj.(*types.Func); ok && setsDefaultScheme(fn) {
			return true
		}
	}
	return false
}

// handsConnections reports whether a function type takes a connection or
// returns dial options: what such a function does, its callers must know.
func (e *engine) handsConnections(t *ast.FuncType) bool {
	for _, param := range t.Params.List {
		if tv := e.pass.TypesInfo.TypeOf(param.Type); tv != nil && isConn(tv) {
			return true
		}
	}
	if t.Results == nil {
		return false
	}
	for _, result := range t.Results.List {
		if tv := e.pass.TypesInfo.TypeOf(result.Type); tv != nil && optionTypes.Among(tv) {
			return true
		}
	}
	return false
}

// policy reads grpc.KeepaliveEnforcementPolicy(keepalive.EnforcementPolicy{...}).
// Fields that are not constant count as the most lenient.
func (e *engine) policy(call *ast.CallExpr) (Pings, bool) {
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok || len(call.Args) != 1 || fun.Sel.Name != "KeepaliveEnforcementPolicy" {
		return Pings{}, false
	}
	if !IsGRPC(e.pass.TypesInfo.Uses[fun.Sel]) {
		return Pings{}, false
	}
	lit, ok := ast.Unparen(call.Args[0]).(*ast.CompositeLit)
	if !ok {
		return Pings{WithoutStream: true}, true // a variable: may permit anything
	}
	p := Pings{Every: 5 * time.Minute} // grpc-go's default
	for _, elt := range lit.Elts {
		kv, ok := elt.(*ast.KeyValueExpr)
		if !ok {
			return Pings{WithoutStream: true}, true // positional: not worth reading
		}
		name, ok := kv.Key.(*ast.Ident)
		if !ok {
			continue
		}
		value := e.pass.TypesInfo.Types[kv.Value].Value
		switch name.Name {
		case "MinTime":
			p.Every = 0
			if value != nil {
				if ns, exact := constant.Int64Val(constant.ToInt(value)); exact {
					p.Every = time.Duration(ns)
				}
			}
		case "PermitWithoutStream":
			p.WithoutStream = value == nil || constant.BoolVal(value)
		}
	}
	return p, true
}

// distinct sorts the policies and drops duplicates: facts have to be the same
// byte for byte in every run.
func distinct(policies []Pings) []Pings {
	var unique []Pings
	for _, p := range policies {
		if !slices.Contains(unique, p) {
			unique = append(unique, p)
		}
	}
	slices.SortFunc(unique, func(a, b Pings) int {
		if a.WithoutStream != b.WithoutStream {
			if a.WithoutStream {
				return 1
			}
			return -1
		}
		return cmp.Compare(a.Every, b.Every)
	})
	return unique
}

// soleImplementations maps the methods of the interfaces that this package
// declares to the methods of the one type in it that implements them. With
// two implementations nobody can tell which one is called.
func (e *engine) soleImplementations() map[*types.Func]*ssa.Function {
	impls := make(map[*types.Func]*ssa.Function)
	scope := e.pass.Pkg.Scope()
	var concrete []types.Type
	var interfaces []*types.Named
	for _, name := range scope.Names() {
		obj, ok := scope.Lookup(name).(*types.TypeName)
		if !ok || obj.IsAlias() || testcode.InTestFile(e.pass.Fset, obj.Pos()) {
			continue
		}
		n, ok := obj.Type().(*types.Named)
		if !ok || n.TypeParams().Len() > 0 {
			continue
		}
		if types.IsInterface(n) {
			interfaces = append(interfaces, n)
		} else {
			concrete = append(concrete, types.NewPointer(n))
		}
	}
	for _, named := range interfaces {
		iface := named.Underlying().(*types.Interface)
		if iface.NumMethods() == 0 || e.isStub(named) {
			continue
		}
		var sole types.Type
		several := false
		for _, t := range concrete {
			if types.Implements(t, iface) {
				several = several || sole != nil
				sole = t
			}
		}
		if sole == nil || several {
			continue
		}
		set := types.NewMethodSet(sole)
		for m := range iface.ExplicitMethods() {
			sel := set.Lookup(m.Pkg(), m.Name())
			if sel == nil {
				continue
			}
			if fn, ok := sel.Obj().(*types.Func); ok && e.index.Declared(fn) != nil {
				impls[m] = e.index.Declared(fn)
			}
		}
	}
	return impls
}
