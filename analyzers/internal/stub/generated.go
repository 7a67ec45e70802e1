package stub

import (
	"go/ast"
	"go/constant"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"
)

// clientMethods finds the stubs among a package's functions:
//
//	func (c *fooClient) Get(ctx context.Context, in *Req, opts ...grpc.CallOption) (*Resp, error) {
//		err := c.cc.Invoke(ctx, Foo_Get_FullMethodName, in, out, opts...)   // today
//		err := grpc.Invoke(ctx, "/foo.Foo/Get", in, out, c.cc, opts...)     // before 2018
//
// and the interfaces that they implement.
func clientMethods(pass *analysis.Pass) []Method {
	var methods []Method
	receivers := make(map[string]*types.Named)
	for _, file := range pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok || decl.Recv == nil || decl.Body == nil {
				continue
			}
			fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok || !clientShape(fn.Signature()) {
				continue
			}
			named := NamedOf(fn.Signature().Recv().Type())
			if named == nil {
				continue
			}
			m, ok := invocation(pass, decl)
			if !ok {
				continue // shaped like a stub, but calls no RPC itself
			}
			m.Type, m.Name = named.Obj().Name(), fn.Name()
			if !m.Unary() || isStream(fn.Signature()) {
				m.ClientStream, m.ServerStream = streamSides(fn.Signature())
			}
			methods = append(methods, m)
			receivers[m.Type] = named
		}
	}
	methods = append(methods, clientInterfaces(pass.Pkg, methods, receivers)...)
	slices.SortFunc(methods, compareMethods)
	return slices.CompactFunc(methods, func(a, b Method) bool { return compareMethods(a, b) == 0 })
}

// clientShape: (ctx context.Context, [in *Req,] opts ...grpc.CallOption) (X, error).
func clientShape(sig *types.Signature) bool {
	params := sig.Params()
	if params.Len() < 2 || params.Len() > 3 || sig.Results().Len() != 2 {
		return false
	}
	return IsContext(params.At(0).Type()) && endsInCallOptions(sig)
}

// TakesCallOptions: a function takes grpc.CallOptions, as RPCs do.
func TakesCallOptions(fn *types.Func) bool { return endsInCallOptions(fn.Signature()) }

func endsInCallOptions(sig *types.Signature) bool {
	if !sig.Variadic() {
		return false
	}
	last, ok := sig.Params().At(sig.Params().Len() - 1).Type().(*types.Slice)
	if !ok {
		return false // append(b, s...)
	}
	named, ok := types.Unalias(last.Elem()).(*types.Named)
	return ok && isGRPC(named.Obj(), "CallOption")
}

func isGRPC(obj types.Object, name string) bool {
	return obj != nil && obj.Name() == name && obj.Pkg() != nil && obj.Pkg().Path() == GRPCPath
}

// invocation finds the call of Invoke or NewStream that passes the method's
// own context on.
func invocation(pass *analysis.Pass, decl *ast.FuncDecl) (m Method, found bool) {
	ctx := firstParam(pass, decl)
	if ctx == nil {
		return m, false // unnamed: cannot be passed on
	}
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok || found || len(call.Args) < 3 {
			return !found
		}
		sel, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return true
		}
		stream := sel.Sel.Name == "NewStream" || sel.Sel.Name == "NewClientStream"
		if !stream && sel.Sel.Name != "Invoke" {
			return true
		}
		if id, ok := ast.Unparen(call.Args[0]).(*ast.Ident); !ok || pass.TypesInfo.Uses[id] != ctx {
			return true
		}
		for _, arg := range call.Args[1:] {
			if name, ok := fullMethod(pass, arg); ok {
				m = Method{FullMethod: name, ClientStream: stream, ServerStream: stream}
				found = true
			}
		}
		return !found
	})
	return m, found
}

func firstParam(pass *analysis.Pass, decl *ast.FuncDecl) types.Object {
	names := decl.Type.Params.List[0].Names
	if len(names) == 0 {
		return nil
	}
	return pass.TypesInfo.Defs[names[0]]
}

// fullMethod evaluates a constant of the form "/package.Service/Method".
func fullMethod(pass *analysis.Pass, arg ast.Expr) (string, bool) {
	tv := pass.TypesInfo.Types[arg]
	if tv.Value == nil || tv.Value.Kind() != constant.String {
		return "", false
	}
	name := constant.StringVal(tv.Value)
	return name, strings.HasPrefix(name, "/") && strings.Count(name, "/") == 2
}

// isStream: the first result is an interface (today
// grpc.ServerStreamingClient[T], before that the generated Foo_WatchClient).
func isStream(sig *types.Signature) bool { return types.IsInterface(sig.Results().At(0).Type()) }

// streamSides tells the kinds of streams apart: only a server-streaming
// stub takes a request; only a stream that the server does not answer with
// one has CloseAndRecv.
func streamSides(sig *types.Signature) (client, server bool) {
	if sig.Params().Len() == 3 {
		return false, true
	}
	set := types.NewMethodSet(sig.Results().At(0).Type())
	for sel := range set.Methods() {
		if sel.Obj().Name() == "CloseAndRecv" {
			return true, false
		}
	}
	return true, true
}

// clientInterfaces finds the interfaces of the package that consist of the
// stubs of one type: FooClient beside fooClient.
func clientInterfaces(pkg *types.Package, methods []Method, receivers map[string]*types.Named) []Method {
	var found []Method
	for _, name := range pkg.Scope().Names() {
		iface := lookupInterface(pkg, name)
		if iface == nil || iface.NumMethods() == 0 {
			continue
		}
		for typeName, named := range receivers {
			var stubs []Method
			for m := range iface.Methods() {
				i := slices.IndexFunc(methods, func(s Method) bool { return s.Type == typeName && s.Name == m.Name() })
				if i < 0 {
					break // has a method that is no stub of this type
				}
				stub := methods[i]
				stub.Type = name
				stubs = append(stubs, stub)
			}
			if len(stubs) == iface.NumMethods() && implementsExported(types.NewMethodSet(types.NewPointer(named)), iface) {
				found = append(found, stubs...)
				break
			}
		}
	}
	return found
}

// serverMethods finds the server interfaces that the package's
// RegisterFooServer functions take, and matches their methods with the
// client's by name.
func serverMethods(pass *analysis.Pass, client []Method) []Method {
	var methods []Method
	scope := pass.Pkg.Scope()
	for _, name := range scope.Names() {
		fn, ok := scope.Lookup(name).(*types.Func)
		if !ok || !strings.HasPrefix(name, "Register") {
			continue
		}
		typeName, iface := registers(fn)
		if iface == nil || typeName.Pkg() != pass.Pkg {
			continue
		}
		service := strings.TrimSuffix(typeName.Name(), "Server")
		for m := range iface.Methods() {
			if !m.Exported() {
				continue
			}
			method := Method{Type: typeName.Name(), Name: m.Name()}
			i := slices.IndexFunc(client, func(c Method) bool { return c.Name == m.Name() && c.Type == service+"Client" })
			if i >= 0 {
				method.FullMethod = client[i].FullMethod
				method.ClientStream, method.ServerStream = client[i].ClientStream, client[i].ServerStream
			} else {
				method.ClientStream, method.ServerStream = serverStreamSides(m.Signature())
			}
			methods = append(methods, method)
		}
	}
	slices.SortFunc(methods, compareMethods)
	return methods
}

// registers: func RegisterFooServer(s grpc.ServiceRegistrar, srv FooServer),
// with *grpc.Server as the first parameter in older code.
func registers(fn *types.Func) (*types.TypeName, *types.Interface) {
	params := fn.Signature().Params()
	if params.Len() != 2 || fn.Signature().Results().Len() != 0 {
		return nil, nil
	}
	registrar := NamedOf(params.At(0).Type())
	if registrar == nil || !isGRPC(registrar.Obj(), "ServiceRegistrar") && !isGRPC(registrar.Obj(), "Server") {
		return nil, nil
	}
	server := NamedOf(params.At(1).Type())
	if server == nil {
		return nil, nil
	}
	iface, _ := server.Underlying().(*types.Interface)
	return server.Obj(), iface
}

func serverStreamSides(sig *types.Signature) (client, server bool) {
	switch {
	case sig.Results().Len() == 2:
		return false, false
	case sig.Params().Len() == 2:
		return false, true
	}
	set := types.NewMethodSet(sig.Params().At(0).Type())
	for sel := range set.Methods() {
		if sel.Obj().Name() == "SendAndClose" {
			return true, false
		}
	}
	return true, true
}
