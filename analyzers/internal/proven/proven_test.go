package proven

import (
	"go/ast"
	"go/importer"
	"go/parser"
	"go/token"
	"go/types"
	"strings"
	"testing"

	"golang.org/x/tools/go/ssa"
	"golang.org/x/tools/go/ssa/ssautil"
)

// source holds functions in which calls of use(name) say at which places what
// the calls of is(name) have proven is asked for.
const source = `package p

func is(name string) bool { return name != "" }
func use(string)          {}

func plain() {
	use("not a")
	if is("a") {
		use("a not b")
		return
	}
	use("not a")
}

func and() {
	if is("a") && is("b") {
		use("a b")
		return
	}
	use("not a not b")
}

func or() {
	if is("a") || !is("b") {
		use("not a not b")
		return
	}
	use("b")
}

func stored() {
	ok := is("a") && is("b") && is("c")
	if !ok {
		use("not a")
		return
	}
	use("a b c")
}

func bothWays(x bool) {
	if x {
		if !is("a") {
			return
		}
	} else if !is("a") {
		return
	}
	use("a")
}

func oneWay(x bool) {
	if x {
		if !is("a") {
			return
		}
	}
	use("not a")
}

func loop(n int) {
	first, second := true, false
	for i := 0; i < n; i++ {
		if first && second {
			use("a") // or second would not be true
		}
		first, second = second, first && is("a")
		if second {
			first = !first
		}
	}
	use("not a")
}
`

func TestWalk(t *testing.T) {
	for _, fn := range functions(t) {
		asked := 0
		a := Analysis[string]{Condition: func(cond ssa.Value, outcome bool) []string {
			if call, ok := cond.(*ssa.Call); ok && outcome && called(call) == "is" {
				return []string{argument(call)}
			}
			return nil
		}}
		a.Walk(fn, func(instr ssa.Instruction, known Set[string]) {
			call, ok := instr.(*ssa.Call)
			if !ok || called(call) != "use" {
				return
			}
			asked++
			words := strings.Fields(argument(call))
			for i, word := range words {
				if word == "not" {
					continue
				}
				want := i == 0 || words[i-1] != "not"
				if known.Has(word) != want {
					t.Errorf("%s: at use(%q) %s is known: %t", fn.Name(), argument(call), word, !want)
				}
			}
		})
		if asked == 0 {
			t.Errorf("%s asks for nothing", fn.Name())
		}
	}
}

func called(call *ssa.Call) string { return call.Call.Value.Name() }

func argument(call *ssa.Call) string {
	return strings.Trim(call.Call.Args[0].(*ssa.Const).Value.ExactString(), `"`)
}

func functions(t *testing.T) []*ssa.Function {
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", source, 0)
	if err != nil {
		t.Fatal(err)
	}
	pkg, _, err := ssautil.BuildPackage(&types.Config{Importer: importer.Default()}, fset, types.NewPackage("p", ""), []*ast.File{file}, 0)
	if err != nil {
		t.Fatal(err)
	}
	var list []*ssa.Function
	for _, decl := range file.Decls {
		if decl, ok := decl.(*ast.FuncDecl); ok && decl.Name.Name != "is" && decl.Name.Name != "use" {
			list = append(list, pkg.Func(decl.Name.Name))
		}
	}
	return list
}
