// Package tokenread knows which functions look at the idempotency token of a
// request that they get (AIP-155's request_id): the field that tells a
// repeated request from a new one.
//
// It follows a request through the functions that it is given to, also of
// other packages by facts. A request that goes where nothing is known counts
// as read there.
package tokenread

import (
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
	"github.com/grpclint/grpclint/protocheck/method"
)

// Analyzer's result is an *Info.
var Analyzer = &analysis.Analyzer{
	Name:       "grpclinttokens",
	Doc:        "find who reads idempotency tokens\n\nA prerequisite of grpclint's families; it reports nothing by itself.",
	URL:        "https://pkg.go.dev/github.com/grpclint/grpclint/analyzers",
	Run:        run,
	Requires:   []*analysis.Analyzer{stub.Analyzer, program.Analyzer, testcode.Analyzer},
	ResultType: reflect.TypeFor[*Info](),
	FactTypes:  []analysis.Fact{new(Fact)},
}

// Info is what is known of one package.
type Info struct {
	// Unread are the handlers that carry a request out, and never look at
	// its token, in source order.
	Unread []Handler
	// Read are the messages ("import/path.Message") whose token somebody
	// reads in this package or in one below; "*" stands for any message.
	Read []string
}

// A Handler serves an RPC that is idempotent by a token.
type Handler struct {
	Func    *types.Func
	RPC     *stub.Method
	Token   string // its proto name: "request_id"
	Message string // "import/path.Message"
}

// A Fact tells importers what the exported functions of a package do with
// requests that they get.
type Fact struct{ fact.Of[told] }

type told struct {
	Funcs fact.Table[[]Param] // all of whose uses of a parameter are known
	Read  []string
}

// A Param is a parameter and what is done with it.
type Param struct {
	Index int // as SSA counts, the receiver included
	Use   Use
}

// A Use says what is done with a request.
type Use struct {
	Token bool // its token is read, or may be
	Other bool // another field is
	Acts  bool // something is stored, or somebody called who may do so
}

func run(pass *analysis.Pass) (any, error) {
	info := new(Info)
	stubs := pass.ResultOf[stub.Analyzer].(*stub.Index)
	if !stubs.Reaches {
		return info, nil
	}
	own := new(told)
	tell := func() {
		if f := (&Fact{fact.New(own)}); f.Tells() {
			pass.ExportPackageFact(f)
		}
	}
	t := &tracker{pass: pass, stubs: stubs, uses: make(map[useKey]*Use), acting: make(map[*ssa.Function]bool), known: fact.Known[told](pass, stubs.Looked()...)}
	info.Read = t.read()
	own.Read = info.Read
	if stubs.Generates(pass.Pkg) {
		tell()
		return info, nil // generated code reads every field; what is written beside it may be for interceptors
	}
	if !stubs.Complete || !stub.Complete(pass.Pkg, t.known.Has) {
		// An import that does not tell may read any token.
		info.Read = []string{"*"}
		own.Read = info.Read
		tell()
		return info, nil
	}
	if t.takesRequests() {
		t.ssa = pass.ResultOf[program.Analyzer].(*program.Package).Build()
		info.Unread = t.unread()
		own.Funcs = t.funcs()
	}
	tell()
	info.Read = slices.Clone(info.Read)
	for _, imported := range t.known {
		info.Read = append(info.Read, imported.Read...)
	}
	slices.Sort(info.Read)
	info.Read = slices.Compact(info.Read)
	return info, nil
}

// takesRequests: a function of the package gets a request with a token.
func (t *tracker) takesRequests() bool {
	for _, file := range t.pass.Files {
		for _, decl := range file.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			fn, ok := t.pass.TypesInfo.Defs[decl.Name].(*types.Func)
			if !ok {
				continue
			}
			for p := range fn.Signature().Params().Variables() {
				if tokenOf(p.Type()) != nil {
					return true
				}
			}
		}
	}
	return false
}

// unread judges the package's handlers.
func (t *tracker) unread() []Handler {
	var found []Handler
	for _, fn := range t.ssa.Funcs {
		obj, _ := fn.Object().(*types.Func)
		if obj == nil || testcode.Is(t.pass, fn.Pos()) || len(fn.Params) != 3 {
			continue
		}
		request := fn.Params[2]
		field := tokenOf(request.Type())
		rpc := t.stubs.Handler(obj)
		if field == nil || rpc == nil || !rpc.Unary() {
			continue
		}
		v := t.stubs.Verdict(rpc)
		if v.Class != method.Token || !slices.Contains(v.Tokens, field.proto) {
			continue
		}
		message := messagePath(request.Type())
		if slices.Contains(t.everyRead(), message) || slices.Contains(t.everyRead(), "*") {
			continue // an interceptor or a decorator does it
		}
		if u := t.use(fn, 2); u != nil && !u.Token && u.Other && u.Acts {
			found = append(found, Handler{obj, rpc, field.proto, message})
		}
	}
	return found
}

// everyRead are the messages whose token is read in the package or in those
// that it imports.
func (t *tracker) everyRead() []string {
	if t.all == nil {
		t.all = append([]string{""}, t.read()...)
		for _, imported := range t.known {
			t.all = append(t.all, imported.Read...)
		}
	}
	return t.all
}

// funcs describes what importers can call.
func (t *tracker) funcs() fact.Table[[]Param] {
	var table fact.Table[[]Param]
	for _, fn := range t.ssa.Funcs {
		obj, _ := fn.Object().(*types.Func)
		if obj == nil || !obj.Exported() {
			continue
		}
		var params []Param
		for i, p := range fn.Params {
			if tokenOf(p.Type()) == nil {
				continue
			}
			if u := t.use(fn, i); u != nil {
				params = append(params, Param{i, *u})
			}
		}
		if len(params) > 0 {
			table.AddFunc(obj, params)
		}
	}
	table.Sort()
	return table
}

// A tokenField is the field of a message that tells repeated requests from
// new ones.
type tokenField struct {
	proto string // request_id
	name  string // RequestId; the getter is Get and that
}

// tokenOf returns the token of the message that t points to, nil for none.
func tokenOf(t types.Type) *tokenField {
	pointer, ok := types.Unalias(t).(*types.Pointer)
	if !ok {
		return nil
	}
	named, ok := types.Unalias(pointer.Elem()).(*types.Named)
	if !ok {
		return nil
	}
	s, ok := named.Underlying().(*types.Struct)
	if !ok {
		return nil
	}
	for i := range s.NumFields() {
		for part := range strings.SplitSeq(reflect.StructTag(s.Tag(i)).Get("protobuf"), ",") {
			name, ok := strings.CutPrefix(part, "name=")
			if ok && isToken(name) {
				return &tokenField{name, strings.TrimPrefix(s.Field(i).Name(), "xxx_hidden_")}
			}
		}
	}
	return nil
}

func isToken(name string) bool {
	return slices.Contains(method.DefaultTokens(), name) || strings.Contains(name, "idempoten")
}

func messagePath(t types.Type) string {
	return strings.TrimPrefix(types.TypeString(t, nil), "*")
}

// read finds the messages whose token the package reads, wherever it has
// them from. A use of a getter through an interface, or of the field's name
// in reflection, reads that of any message.
func (t *tracker) read() []string {
	if t.local != nil {
		return t.local[1:]
	}
	t.local = []string{""}
	info := t.pass.TypesInfo
	written := make(map[ast.Expr]bool)
	for _, file := range t.pass.Files {
		if t.stubs.Generates(t.pass.Pkg) && ast.IsGenerated(file) {
			continue
		}
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				for _, left := range n.Lhs {
					written[ast.Unparen(left)] = true
				}
			case *ast.SelectorExpr:
				if written[n] {
					return true
				}
				name := n.Sel.Name
				field, isField := info.Uses[n.Sel].(*types.Var)
				if isField && !field.IsField() || !isField && !strings.HasPrefix(name, "Get") {
					return true
				}
				recv := info.TypeOf(n.X)
				if recv == nil || testcode.Is(t.pass, n.Pos()) {
					return true
				}
				if types.IsInterface(recv) {
					if isTokenGetter(name) {
						t.local = append(t.local, "*")
					}
					return true
				}
				if _, isPointer := types.Unalias(recv).(*types.Pointer); !isPointer {
					recv = types.NewPointer(recv)
				}
				if f := tokenOf(recv); f != nil && (name == f.name || name == "Get"+f.name) {
					t.local = append(t.local, messagePath(recv))
				}
			case *ast.BasicLit:
				if n.Kind == token.STRING && isToken(strings.Trim(n.Value, "`\"")) && isProtoName(info.TypeOf(n)) {
					t.local = append(t.local, "*")
				}
			}
			return true
		})
	}
	list := t.local[1:]
	slices.Sort(list)
	t.local = append([]string{""}, slices.Compact(list)...)
	return t.local[1:]
}

// isTokenGetter: GetRequestId, GetIdempotencyKey and so on.
func isTokenGetter(name string) bool {
	var words []byte
	for i := range len(name) - len("Get") {
		c := name[i+len("Get")]
		if 'A' <= c && c <= 'Z' {
			if i > 0 {
				words = append(words, '_')
			}
			c += 'a' - 'A'
		}
		words = append(words, c)
	}
	return isToken(string(words))
}

// isProtoName: protoreflect.Name, what ByName is asked with.
func isProtoName(t types.Type) bool {
	named, ok := types.Unalias(t).(*types.Named)
	return ok && named.Obj().Name() == "Name" && named.Obj().Pkg() != nil && strings.HasSuffix(named.Obj().Pkg().Path(), "/protoreflect")
}

type useKey struct {
	fn    *ssa.Function
	param int
}

type tracker struct {
	pass   *analysis.Pass
	stubs  *stub.Index
	ssa    *program.Program
	known  fact.Index[told]
	uses   map[useKey]*Use // nil while it is looked at, and where something is not known
	acting map[*ssa.Function]bool
	local  []string // read's result behind an empty one
	all    []string
}
