package lifetime

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
	"github.com/grpclint/grpclint/analyzers/internal/funckey"
)

// A survey reads the source of one package. It needs no more than syntax and
// types, because every package that reaches grpc-go is read.
type survey struct {
	pass   *analysis.Pass
	inTest func(token.Pos) bool
	module string
	known  fact.Index[told]
	// reaches tells whether a package has been looked at that reaches grpc-go.
	reaches func(path string) bool

	bodies   []*body
	declared map[types.Object]*body
}

// A body is a declared function, a function literal that is a command, or
// all that stands outside of functions in a file. Other literals belong to
// the body around them.
type body struct {
	node   ast.Node
	fn     *types.Func // nil if not declared
	around *body       // of a literal

	serves bool // accepts connections
	waits  bool // waits for a signal
	loops  bool // goes round without an end

	command bool
	uses    map[*types.Func]bool // functions of this package that it names
	usedBy  []*body
}

// lasts reports whether who calls the function does not get control back
// soon. Goroutines that poll in the background do not keep it.
func (b *body) lasts() bool { return b.serves || b.waits }

// read fills bodies.
func (s *survey) read() {
	s.declared = make(map[types.Object]*body)
	for _, file := range s.pass.Files {
		if s.inTest(file.FileStart) {
			continue
		}
		outside := s.add(&body{node: file})
		for _, decl := range file.Decls {
			fn, ok := decl.(*ast.FuncDecl)
			if !ok {
				s.readBody(outside, decl)
				continue
			}
			obj, _ := s.pass.TypesInfo.Defs[fn.Name].(*types.Func)
			b := s.add(&body{node: fn, fn: obj})
			if obj != nil {
				b.command = IsCommand(obj.Signature()) || isCLICommand(obj) || isKongCommand(obj)
				b.serves = handlesHTTP(obj.Signature())
				s.declared[obj] = b
			}
			if fn.Body != nil {
				s.readBody(b, fn.Body)
			}
		}
	}
	s.spread()
}

func (s *survey) add(b *body) *body {
	s.bodies = append(s.bodies, b)
	return b
}

// readBody looks at everything below a node.
func (s *survey) readBody(b *body, root ast.Node) {
	background := make(map[*ast.FuncLit]bool)
	choices := make(map[ast.Stmt]bool) // of select statements
	var walk func(b *body, n ast.Node, inBackground bool)
	walk = func(b *body, root ast.Node, inBackground bool) {
		ast.Inspect(root, func(n ast.Node) bool {
			if n == root {
				return true
			}
			switch n := n.(type) {
			case *ast.FuncLit:
				if sig, ok := s.pass.TypesInfo.TypeOf(n).(*types.Signature); ok && IsCommand(sig) {
					command := s.add(&body{node: n, around: b, command: true})
					walk(command, n, false)
					return false
				}
				if background[n] && !inBackground {
					walk(b, n, true)
					return false
				}
			case *ast.GoStmt:
				if lit, ok := ast.Unparen(n.Call.Fun).(*ast.FuncLit); ok {
					background[lit] = true
				}
			case *ast.CallExpr:
				if sel, ok := n.Fun.(*ast.SelectorExpr); ok && sel.Sel.Name == "Go" && len(n.Args) == 1 {
					if lit, ok := ast.Unparen(n.Args[0]).(*ast.FuncLit); ok {
						background[lit] = true // of an errgroup
					}
				}
			case *ast.Ident:
				if fn, ok := s.pass.TypesInfo.Uses[n].(*types.Func); ok {
					s.use(b, fn.Origin())
				}
			case *ast.ForStmt:
				b.loops = b.loops || s.isEndless(n)
			case *ast.RangeStmt:
				b.loops = b.loops || s.isTicker(n.X)
				b.waits = b.waits || !inBackground && s.isSignals(n.X)
			case *ast.SelectStmt:
				b.waits = b.waits || len(n.Body.List) == 0
			case *ast.CommClause:
				choices[n.Comm] = true
			case *ast.UnaryExpr:
				b.waits = b.waits || !inBackground && s.waitsForSignal(n)
			case *ast.ExprStmt:
				b.waits = b.waits || !inBackground && !choices[n] && s.waitsForEnd(n)
			}
			return true
		})
	}
	walk(b, root, false)
}

// use notes that a body names a function: calls it, or hands it on.
func (s *survey) use(b *body, fn *types.Func) {
	if fn.Pkg() == nil {
		return
	}
	if fn.Pkg() == s.pass.Pkg {
		if b.uses == nil {
			b.uses = make(map[*types.Func]bool)
		}
		b.uses[fn] = true
		return
	}
	b.serves = b.serves || s.serves(fn)
}

// spread tells every body what the functions do that it names.
func (s *survey) spread() {
	for _, b := range s.bodies {
		for fn := range b.uses {
			if used := s.declared[fn]; used != nil {
				used.usedBy = append(used.usedBy, b)
			}
		}
		if b.around != nil {
			b.usedBy = append(b.usedBy, b.around)
		}
	}
	var lasting []*body
	for _, b := range s.bodies {
		if b.lasts() {
			lasting = append(lasting, b)
		}
	}
	for len(lasting) > 0 {
		b := lasting[0]
		lasting = lasting[1:]
		for _, user := range b.usedBy {
			if user.serves == (user.serves || b.serves) && user.waits == (user.waits || b.waits) {
				continue
			}
			user.serves = user.serves || b.serves
			user.waits = user.waits || b.waits
			lasting = append(lasting, user)
		}
	}
}

// exported names what importers need to know of.
func (s *survey) exported() []string {
	var keys []string
	for fn, b := range s.declared {
		if fn.Exported() && b.lasts() {
			keys = append(keys, funckey.Of(fn.(*types.Func)))
		}
	}
	slices.Sort(keys)
	return slices.Compact(keys)
}
