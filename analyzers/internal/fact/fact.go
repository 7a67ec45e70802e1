// Package fact carries what packages tell their importers.
//
// An engine has a type of facts, which it needs because drivers tell facts
// apart by their types, and a type for what they tell:
//
//	type Fact struct{ fact.Of[told] }
//
//	type told struct {
//		Funcs   fact.Table[summary] // by function
//		Recovers bool
//	}
//
// It learns what its imports have told from [Known], and tells by
//
//	pass.ExportPackageFact(&Fact{fact.New(&told)})
//
// A fact that tells nothing is not exported: it would cost some hundred bytes in
// most packages. That a package has been looked at follows from the facts of
// package stub; see [Index.Has].
package fact

import (
	"fmt"
	"go/types"
	"iter"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/analyzers/internal/packed"
)

// Of makes a fact of what T holds in exported fields.
type Of[T any] struct {
	told     *T
	withheld bool
}

// New returns what a package tells, for the fact that embeds it. It must not
// change any more.
func New[T any](told *T) Of[T] { return Of[T]{told: told} }

// AFact marks what embeds Of as a fact.
func (*Of[T]) AFact() {}

// Told returns what the package tells.
func (f *Of[T]) Told() *T {
	if f.told == nil {
		return new(T)
	}
	return f.told
}

// Tells reports whether there is anything to tell.
func (f *Of[T]) Tells() bool { return f.told != nil && !packed.IsZero(f.told) }

// Withhold makes the fact one of an analyzer that could not do its work: nobody
// knows what the package does. It never gets into a file, because drivers that
// have files stop at such an analyzer.
func (f *Of[T]) Withhold() { f.told, f.withheld = nil, true }

// Mentions reports whether there is a summary with the key in one of the
// tables.
func (f *Of[T]) Mentions(key string) bool {
	for t := range tablesOf(reflect.ValueOf(f.Told()).Elem()) {
		if t.has(key) {
			return true
		}
	}
	return false
}

// Differences returns the keys of the summaries that two facts of one type do
// not have in common, and whether anything else differs.
func (f *Of[T]) Differences(other any) (keys []string, others bool) {
	mine, told := *f.Told(), *other.(interface{ Told() *T }).Told()
	a, b := reflect.ValueOf(&mine).Elem(), reflect.ValueOf(&told).Elem()
	theirs := slices.Collect(tablesOf(b))
	i := 0
	for t := range tablesOf(a) {
		keys = append(keys, t.differences(theirs[i])...)
		i++
	}
	for i := range a.NumField() { // the rest
		if _, ok := a.Field(i).Addr().Interface().(table); ok {
			a.Field(i).SetZero()
			b.Field(i).SetZero()
		}
	}
	return keys, !packed.Same(&mine, &told)
}

// tablesOf yields the tables among the fields of what is told.
func tablesOf(told reflect.Value) iter.Seq[table] {
	return func(yield func(table) bool) {
		for i := range told.NumField() {
			if t, ok := told.Field(i).Addr().Interface().(table); ok && !yield(t) {
				return
			}
		}
	}
}

func (f *Of[T]) tells() (told *T, withheld bool) { return f.Told(), f.withheld }

// GobEncode makes the fact small.
func (f *Of[T]) GobEncode() ([]byte, error) { return packed.Encode(f.Told()) }

// GobDecode is the reverse of GobEncode.
func (f *Of[T]) GobDecode(data []byte) error {
	f.told = new(T)
	return packed.Decode(data, f.told)
}

func (f *Of[T]) String() string { return fmt.Sprintf("%+v", *f.Told()) }

// An Index is what packages tell, by their paths.
type Index[T any] map[string]*T

// Known returns what the imports of the analysed package tell, and those that
// they import as far as the driver keeps it. Packages that have been looked at
// and have no fact tell nothing.
func Known[T any](pass *analysis.Pass, looked ...string) Index[T] {
	known := make(Index[T], len(looked))
	nothing := new(T)
	for _, path := range looked {
		known[path] = nothing
	}
	for _, f := range pass.AllPackageFacts() {
		fact, ok := f.Fact.(interface{ tells() (*T, bool) })
		if !ok {
			continue
		}
		if told, withheld := fact.tells(); withheld {
			delete(known, f.Package.Path())
		} else {
			known[f.Package.Path()] = told
		}
	}
	return known
}

// Has reports whether a package has told, be it nothing. One that has not, may
// do anything.
func (x Index[T]) Has(path string) bool { return x[path] != nil }

// Of returns what the package of a function tells; nil if nobody has told.
func (x Index[T]) Of(fn *types.Func) *T {
	if fn == nil || fn.Pkg() == nil {
		return nil // of the universe: error.Error
	}
	return x[fn.Pkg().Path()]
}
