package fact_test

import (
	"bytes"
	"encoding/gob"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"reflect"
	"slices"
	"testing"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/fact"
)

type Fact struct{ fact.Of[told] }

type told struct {
	Funcs fact.Table[summary]
	Flag  bool
}

type summary struct {
	Param  int
	Chain  []string
	hidden int
}

// through is what a fact is after a driver has written and read it.
func through(t *testing.T, f analysis.Fact) *Fact {
	t.Helper()
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(f); err != nil {
		t.Fatal(err)
	}
	got := &Fact{fact.New(&told{Flag: true})}
	if err := gob.NewDecoder(&buf).Decode(got); err != nil {
		t.Fatal(err)
	}
	return got
}

func TestTells(t *testing.T) {
	for _, test := range []struct {
		fact Fact
		want bool
	}{
		{Fact{}, false},
		{Fact{fact.New(new(told))}, false},
		{Fact{fact.New(&told{Funcs: fact.Table[summary]{Rows: []fact.Row[summary]{}}})}, false},
		{Fact{fact.New(&told{Flag: true})}, true},
	} {
		if got := test.fact.Tells(); got != test.want {
			t.Errorf("%s tells: %t", &test.fact, got)
		}
	}
}

func TestThroughGob(t *testing.T) {
	some := &told{Flag: true}
	some.Funcs.Add("F", summary{Param: 1, Chain: []string{"g"}, hidden: 3})
	got := through(t, &Fact{fact.New(some)}).Told()
	if is := got.Funcs.Find("F"); is == nil || !reflect.DeepEqual(*is, summary{Param: 1, Chain: []string{"g"}}) || !got.Flag {
		t.Errorf("got %+v", got)
	}
	for _, nothing := range []*Fact{new(Fact), {fact.New(new(told))}} {
		if got := through(t, nothing).Told(); !reflect.DeepEqual(*got, told{}) {
			t.Errorf("nothing is %+v", got)
		}
	}
}

func TestTable(t *testing.T) {
	const src = `package p
func G[T any]() {}
type T struct{}
func (*T) M() {}
var _ = G[int]
`
	fset := token.NewFileSet()
	file, err := parser.ParseFile(fset, "p.go", src, 0)
	if err != nil {
		t.Fatal(err)
	}
	info := &types.Info{Uses: make(map[*ast.Ident]types.Object), Instances: make(map[*ast.Ident]types.Instance)}
	pkg, err := new(types.Config).Check("p", fset, []*ast.File{file}, info)
	if err != nil {
		t.Fatal(err)
	}
	generic := pkg.Scope().Lookup("G").(*types.Func)
	method := pkg.Scope().Lookup("T").Type().(*types.Named).Method(0)

	var table fact.Table[int]
	table.Add("x", 1)
	table.AddFunc(method, 2)
	table.AddFunc(generic, 3)
	table.Add("x", 4) // said before
	table.Sort()
	for key, want := range map[string]int{"x": 1, "T.M": 2, "G": 3} {
		if got := table.Find(key); got == nil || *got != want {
			t.Errorf("%s is %v, want %d", key, got, want)
		}
	}
	if len(table.Rows) != 3 || table.Find("M") != nil || table.Find("y") != nil {
		t.Errorf("rows: %v", table.Rows)
	}
	if got := table.Of(method); got == nil || *got != 2 {
		t.Errorf("the method is %v", got)
	}
	instance := 0
	for id, obj := range info.Uses {
		if fn, ok := obj.(*types.Func); ok && len(info.Instances) > 0 {
			instance++
			if got := table.Of(fn); got == nil || *got != 3 {
				t.Errorf("%s is %v", id.Name, got)
			}
		}
	}
	if instance != 1 {
		t.Errorf("%d instances", instance)
	}
}

func TestKnown(t *testing.T) {
	a, b, c := types.NewPackage("example.com/a", "a"), types.NewPackage("example.com/b", "b"), types.NewPackage("example.com/c", "c")
	pass := &analysis.Pass{AllPackageFacts: func() []analysis.PackageFact {
		return []analysis.PackageFact{{Package: a, Fact: &Fact{fact.New(&told{Flag: true})}}, {Package: b, Fact: new(Fact)}}
	}}
	known := fact.Known[told](pass)
	in := func(pkg *types.Package) *types.Func {
		return types.NewFunc(token.NoPos, pkg, "F", types.NewSignatureType(nil, nil, nil, nil, nil, false))
	}
	if !known["example.com/a"].Flag || !known.Has("example.com/b") || known.Has("example.com/c") {
		t.Errorf("known: %v", known)
	}
	withheld := new(Fact)
	withheld.Withhold()
	facts := []analysis.PackageFact{{Package: a, Fact: &Fact{fact.New(&told{Flag: true})}}, {Package: b, Fact: withheld}}
	pass.AllPackageFacts = func() []analysis.PackageFact { return facts }
	looked := fact.Known[told](pass, "example.com/a", "example.com/b", "example.com/c")
	if !looked["example.com/a"].Flag || looked.Has("example.com/b") || !looked.Has("example.com/c") || looked["example.com/c"].Flag {
		t.Errorf("known of those that were looked at: %v", looked)
	}
	if known.Of(in(a)) != known["example.com/a"] || known.Of(in(c)) != nil || known.Of(in(nil)) != nil || known.Of(nil) != nil {
		t.Error("a function is not known by its package")
	}
}

func factOf(flag bool, rows ...fact.Row[summary]) *Fact {
	return &Fact{fact.New(&told{Funcs: fact.Table[summary]{Rows: rows}, Flag: flag})}
}

func TestMentions(t *testing.T) {
	f := factOf(true, fact.Row[summary]{Key: "F"}, fact.Row[summary]{Key: "T.M"})
	for key, want := range map[string]bool{"F": true, "T.M": true, "M": false} {
		if got := f.Mentions(key); got != want {
			t.Errorf("mentions %s: %t", key, got)
		}
	}
	if new(Fact).Mentions("F") {
		t.Error("a fact without anything mentions F")
	}
}

func TestDifferences(t *testing.T) {
	f, g, other := fact.Row[summary]{Key: "F"}, fact.Row[summary]{Key: "G"}, fact.Row[summary]{Key: "G", Is: summary{Param: 1}}
	for _, test := range []struct {
		name   string
		a, b   *Fact
		keys   []string
		others bool
	}{
		{"same", factOf(true, f, g), factOf(true, f, g), nil, false},
		{"one more", factOf(true, f, g), factOf(true, f), []string{"G"}, false},
		{"one less", factOf(true, g), factOf(true, f, g), []string{"F"}, false},
		{"another", factOf(true, f, g), factOf(true, f, other), []string{"G"}, false},
		{"not exported", factOf(true, fact.Row[summary]{Key: "F", Is: summary{hidden: 1}}), factOf(true, f), nil, false},
		{"flag", factOf(true, f), factOf(false, f), nil, true},
		{"nothing", new(Fact), factOf(true, f), []string{"F"}, true},
	} {
		keys, others := test.a.Differences(test.b)
		if !slices.Equal(keys, test.keys) || others != test.others {
			t.Errorf("%s: %q, others: %t", test.name, keys, others)
		}
	}
}
