// Package stub knows which functions are RPCs: the generated client stubs
// and server interfaces of protoc-gen-go-grpc of every age, of
// protoc-gen-go's old plug-in mode and of gogo/protobuf.
//
// A stub is recognised by what it is, a method that passes its own context
// on to Invoke or NewStream with a constant method name; never by its file's
// name. What it finds in a generated package travels to the packages that
// use it as one fact, because the bodies of methods, where older generators
// keep the name, are not in export data.
package stub

import (
	"go/constant"
	"go/types"
	"maps"
	"reflect"
	"slices"
	"strings"
	"sync"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/directive"
	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/wiring"
)

// GRPCPath is the import path of grpc-go.
const GRPCPath = "google.golang.org/grpc"

// Analyzer's result is an *Index, or one that knows nothing for packages
// that do not reach grpc-go.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclintstubs",
	Doc:        "recognise generated gRPC stubs\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Requires:   []*analysis.Analyzer{directive.Analyzer, wiring.Analyzer},
	Run:        run,
	ResultType: reflect.TypeFor[*Index](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// A Fact holds what a package tells about RPCs to those that import it. A
// package exports one, be it empty, exactly if it reaches grpc-go: it
// imports grpc-go itself or a package that has one.
type Fact struct{ fact.Of[told] }

type told struct {
	Client []Method // sorted by Type and Name
	Server []Method // sorted by Type and Name
	RPCs   []RPC    // of both, sorted by FullMethod

	Declared fact.Table[Declared]

	// Required are the fields of the package's messages that validators
	// ask for, "Outer_Inner.proto_name", sorted; Validated says whether
	// one asks for anything.
	Required  []string
	Validated bool

	// Version is google.golang.org/grpc.Version as this package or its
	// imports see it, "" if they disagree or none names it.
	Version string
}

// A Method is one method of a generated client or server type.
type Method struct {
	Type, Name string // Go names
	FullMethod string // "/package.Service/Method"; "" when unknown (server methods of old generators)
	// ClientStream and ServerStream say which side sends a stream.
	ClientStream, ServerStream bool
}

// Unary reports whether neither side streams.
func (m *Method) Unary() bool { return !m.ClientStream && !m.ServerStream }

// An Index answers for one package which functions are RPCs.
type Index struct {
	// Reaches says whether the package imports grpc-go, be it through
	// others, or is wired to what does. If not, everything below is empty.
	Reaches bool
	// Complete says whether every import that visibly reaches grpc-go has
	// told what it knows. What follows from the absence of something
	// ("no dial sets a deadline") is only valid if so.
	Complete bool
	// Version is the version of grpc-go, "" if unknown.
	Version string

	pkg   *types.Package
	known fact.Index[told] // by package path
	// served are the methods of server interfaces that types of the package
	// implement: by *types.TypeName, then by name.
	served sync.Map
	rpcs   func() map[string]*RPC // of all facts, by FullMethod
}

func run(pass *analysis.Pass) (any, error) {
	x := &Index{pkg: pass.Pkg, known: fact.Known[told](pass), Reaches: pass.ResultOf[wiring.Analyzer].(*wiring.Links).Reaches}
	x.rpcs = sync.OnceValue(func() map[string]*RPC { return rpcsOf(x.known) }) // families ask, each from its own goroutine
	var grpc *types.Package
	for _, imported := range pass.Pkg.Imports() {
		if imported.Path() == GRPCPath {
			grpc = imported
			x.Reaches = true
		} else if x.known[imported.Path()] != nil {
			x.Reaches = true
		}
	}
	if !x.Reaches || pass.Pkg.Path() == GRPCPath || len(pass.Files) == 0 {
		x.Reaches = false
		return x, nil
	}
	x.Complete = Complete(pass.Pkg, x.Told)
	x.Version = x.version(grpc)

	own := &told{Version: x.Version}
	if grpc != nil {
		own.Client = clientMethods(pass)
		own.Server = serverMethods(pass, own.Client)
	}
	if len(own.Client)+len(own.Server) > 0 || hasMessages(pass) {
		files := descriptors(pass)
		own.RPCs = rpcs(pass, files, own.Client, own.Server)
		own.Required, own.Validated = required(files)
	}
	x.known[pass.Pkg.Path()] = own
	own.Declared = x.declared(pass)
	pass.ExportPackageFact(&Fact{fact.New(own)})
	return x, nil
}

// Told reports whether a package has been looked at that reaches grpc-go, be it
// that there is nothing to tell of it.
func (x *Index) Told(path string) bool { return x.known[path] != nil }

// Looked lists the packages below the analysed one of which Told is true. An
// engine that has no fact of one of them knows that there is nothing to tell.
func (x *Index) Looked() []string {
	paths := make([]string, 0, len(x.known))
	for path := range x.known {
		if path != x.pkg.Path() {
			paths = append(paths, path)
		}
	}
	return paths
}

// Complete reports whether every import of pkg that visibly reaches grpc-go
// has a fact. It walks what the type checker knows of the imports. Of an
// import's own imports, export data holds those that its API mentions; that
// is enough, because what an API does not mention cannot hand us a
// connection.
func Complete(pkg *types.Package, hasFact func(path string) bool) bool {
	complete := true
	reaching(pkg, make(map[*types.Package]bool), func(p *types.Package) {
		if p != pkg && !hasFact(p.Path()) {
			complete = false
		}
	})
	return complete
}

// Reaches reports whether pkg visibly reaches grpc-go, in the same sense.
func Reaches(pkg *types.Package) bool {
	return reaching(pkg, make(map[*types.Package]bool), func(*types.Package) {})
}

// Touches reports whether a package imports grpc-go or a part of it that is of
// use by itself, such as its status codes, be it through others.
func Touches(pkg *types.Package) bool {
	seen := make(map[*types.Package]bool)
	var touches func(*types.Package) bool
	touches = func(p *types.Package) bool {
		if seen[p] {
			return false
		}
		seen[p] = true
		return strings.HasPrefix(p.Path(), GRPCPath) || slices.ContainsFunc(p.Imports(), touches)
	}
	return touches(pkg)
}

// reaching visits those of p and its imports that reach grpc-go.
func reaching(p *types.Package, known map[*types.Package]bool, visit func(*types.Package)) bool {
	if reaches, seen := known[p]; seen {
		return reaches
	}
	known[p] = false
	for _, imported := range p.Imports() {
		if imported.Path() == GRPCPath || reaching(imported, known, visit) {
			known[p] = true
		}
	}
	if known[p] && p.Path() != GRPCPath {
		visit(p)
	}
	return known[p]
}

func (x *Index) version(grpc *types.Package) string {
	if grpc != nil {
		if c, ok := grpc.Scope().Lookup("Version").(*types.Const); ok && c.Val().Kind() == constant.String {
			return constant.StringVal(c.Val())
		}
		return ""
	}
	tellers := slices.Collect(maps.Values(x.known)) // of a package that does not import what it is wired to
	if slices.ContainsFunc(x.pkg.Imports(), func(p *types.Package) bool { return x.known[p.Path()] != nil }) {
		tellers = nil
		for _, imported := range x.pkg.Imports() {
			tellers = append(tellers, x.known[imported.Path()])
		}
	}
	version := ""
	for _, fact := range tellers {
		if fact == nil || fact.Version == "" {
			continue
		}
		if version != "" && version != fact.Version {
			return "" // two versions in one build: cannot be
		}
		version = fact.Version
	}
	return version
}

// RPC returns the RPC that a call of fn makes, or nil. fn is the method of
// a generated client interface or of the struct behind it.
func (x *Index) RPC(fn *types.Func) *Method {
	return x.lookup(fn, func(f *told) []Method { return f.Client })
}

// ServerMethod returns the RPC that fn, a method of a generated server
// interface, stands for, or nil.
func (x *Index) ServerMethod(fn *types.Func) *Method {
	return x.lookup(fn, func(f *told) []Method { return f.Server })
}

func (x *Index) lookup(fn *types.Func, methods func(*told) []Method) *Method {
	if fn == nil || fn.Pkg() == nil {
		return nil
	}
	fact := x.known[fn.Pkg().Path()]
	if fact == nil {
		return nil
	}
	recv := fn.Signature().Recv()
	if recv == nil {
		return nil
	}
	named := NamedOf(recv.Type())
	if named == nil {
		return nil // a method of a type literal
	}
	list := methods(fact)
	i, ok := slices.BinarySearchFunc(list, Method{Type: named.Obj().Name(), Name: fn.Name()}, compareMethods)
	if !ok {
		return nil
	}
	return &list[i]
}

func compareMethods(a, b Method) int {
	if c := strings.Compare(a.Type, b.Type); c != 0 {
		return c
	}
	return strings.Compare(a.Name, b.Name)
}

// NamedOf returns the defined type behind t and at most one pointer.
func NamedOf(t types.Type) *types.Named {
	if p, ok := types.Unalias(t).(*types.Pointer); ok {
		t = p.Elem()
	}
	named, _ := types.Unalias(t).(*types.Named)
	return named
}

// Handler returns the RPC that the concrete method fn of the analysed
// package serves, or nil: fn's receiver implements a generated server
// interface that has a method of its name.
func (x *Index) Handler(fn *types.Func) *Method {
	if !x.Reaches || fn == nil || fn.Signature().Recv() == nil {
		return nil
	}
	if !handlerShape(fn.Signature()) {
		return nil // neither (ctx, *Req) (*Resp, error) nor (..., stream) error
	}
	recv := fn.Signature().Recv().Type()
	if types.IsInterface(recv) {
		return nil
	}
	named := NamedOf(recv)
	if named == nil {
		return nil
	}
	served, known := x.served.Load(named.Obj())
	if !known {
		served, _ = x.served.LoadOrStore(named.Obj(), x.serves(recv))
	}
	return served.(map[string]*Method)[fn.Name()]
}

// serves returns the methods of the generated server interfaces that a type,
// or a pointer to it, implements. Types have many methods, and each is asked
// for.
func (x *Index) serves(t types.Type) map[string]*Method {
	if _, isPointer := types.Unalias(t).(*types.Pointer); !isPointer {
		t = types.NewPointer(t)
	}
	set := types.NewMethodSet(t)
	served := make(map[string]*Method)
	for _, p := range x.serverPackages() {
		methods := x.known[p.Path()].Server
		implements := make(map[string]bool)
		for i := range methods {
			m := &methods[i]
			known, asked := implements[m.Type]
			if !asked {
				iface := lookupInterface(p, m.Type)
				known = iface != nil && implementsExported(set, iface)
				implements[m.Type] = known
			}
			if known && served[m.Name] == nil {
				served[m.Name] = m
			}
		}
	}
	return served
}

// serverPackages returns the packages whose server interfaces the analysed
// package can implement: itself and its direct imports.
func (x *Index) serverPackages() []*types.Package {
	var pkgs []*types.Package
	for _, p := range append([]*types.Package{x.pkg}, x.pkg.Imports()...) {
		if f := x.known[p.Path()]; f != nil && len(f.Server) > 0 {
			pkgs = append(pkgs, p)
		}
	}
	return pkgs
}

func lookupInterface(p *types.Package, name string) *types.Interface {
	obj, ok := p.Scope().Lookup(name).(*types.TypeName)
	if !ok {
		return nil
	}
	iface, _ := obj.Type().Underlying().(*types.Interface)
	return iface
}

// implementsExported is types.Implements for the exported methods: the
// unexported mustEmbedUnimplemented method is there to force embedding, and
// a type that embeds the Unsafe server instead serves all the same.
func implementsExported(set *types.MethodSet, iface *types.Interface) bool {
	exported := 0
	for m := range iface.Methods() {
		if !m.Exported() {
			continue
		}
		exported++
		sel := set.Lookup(m.Pkg(), m.Name())
		if sel == nil || !types.Identical(sel.Type(), m.Type()) {
			return false
		}
	}
	return exported > 0
}

func handlerShape(sig *types.Signature) bool {
	params, results := sig.Params(), sig.Results()
	switch {
	case params.Len() == 2 && results.Len() == 2:
		return IsContext(params.At(0).Type())
	case (params.Len() == 1 || params.Len() == 2) && results.Len() == 1:
		return types.IsInterface(params.At(params.Len() - 1).Type())
	}
	return false
}

// IsStandard reports whether a path is of the standard library: only paths of
// modules have a dot in their first element.
func IsStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}

// IsContext reports whether t is context.Context.
func IsContext(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	if !ok {
		return false
	}
	obj := named.Obj()
	return obj.Name() == "Context" && obj.Pkg() != nil &&
		(obj.Pkg().Path() == "context" || obj.Pkg().Path() == "golang.org/x/net/context")
}

// ServiceOf returns the service ("package.Service") whose client the
// function constructs (pb.NewFooClient), or "".
func (x *Index) ServiceOf(constructor *types.Func) string {
	if constructor.Pkg() == nil || constructor.Signature().Results().Len() != 1 || x.known[constructor.Pkg().Path()] == nil {
		return ""
	}
	return x.serviceOf(x.known[constructor.Pkg().Path()], NamedOf(constructor.Signature().Results().At(0).Type()))
}

// ServiceOfClient returns the service whose generated client t is, or "".
func (x *Index) ServiceOfClient(t types.Type) string {
	client := NamedOf(t)
	if client == nil || client.Obj().Pkg() == nil {
		return ""
	}
	return x.serviceOf(x.known[client.Obj().Pkg().Path()], client)
}

func (x *Index) serviceOf(fact *told, client *types.Named) string {
	if fact == nil || client == nil {
		return ""
	}
	for _, m := range fact.Client {
		if m.Type == client.Obj().Name() {
			service, _, _ := strings.Cut(strings.TrimPrefix(m.FullMethod, "/"), "/")
			return service
		}
	}
	return ""
}

// IsClient reports whether t is a generated client: the interface or the
// struct behind it.
func (x *Index) IsClient(t *types.TypeName) bool {
	if t.Pkg() == nil {
		return false
	}
	fact := x.known[t.Pkg().Path()]
	return fact != nil && slices.ContainsFunc(fact.Client, func(m Method) bool { return m.Type == t.Name() })
}

// Server returns the methods of a generated server interface, nil if t is
// none or has none.
func (x *Index) Server(t types.Type) []Method {
	named := NamedOf(t)
	if named == nil || named.Obj().Pkg() == nil || x.known[named.Obj().Pkg().Path()] == nil {
		return nil
	}
	for _, group := range servers(x.known[named.Obj().Pkg().Path()]) {
		if group[0].Type == named.Obj().Name() {
			return group
		}
	}
	return nil
}

// Generates reports whether a package has generated clients or servers.
func (x *Index) Generates(pkg *types.Package) bool {
	fact := x.known[pkg.Path()]
	return fact != nil && len(fact.Client)+len(fact.Server) > 0
}
