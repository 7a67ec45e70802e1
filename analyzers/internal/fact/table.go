package fact

import (
	"cmp"
	"go/types"
	"slices"

	"github.com/grpclint/grpclint/analyzers/internal/funckey"
	"github.com/grpclint/grpclint/analyzers/internal/packed"
)

// A Table holds a summary of each function, or of each variable, of a package
// of which there is something to tell.
type Table[S any] struct{ Rows []Row[S] }

// A Row is one of a table.
type Row[S any] struct {
	Key string // see [funckey.Of], or the name of a variable
	Is  S
}

// Add adds a summary. The table has to be sorted before anybody looks.
func (t *Table[S]) Add(key string, summary S) { t.Rows = append(t.Rows, Row[S]{key, summary}) }

// AddFunc adds a summary of a function or method.
func (t *Table[S]) AddFunc(fn *types.Func, summary S) { t.Add(funckey.Of(fn), summary) }

// Sort sorts the table. Of several summaries of one key the first is kept.
func (t *Table[S]) Sort() {
	slices.SortStableFunc(t.Rows, func(a, b Row[S]) int { return cmp.Compare(a.Key, b.Key) })
	t.Rows = slices.CompactFunc(t.Rows, func(a, b Row[S]) bool { return a.Key == b.Key })
}

// Find returns the summary with a key; nil if there is none.
func (t *Table[S]) Find(key string) *S {
	i, ok := slices.BinarySearchFunc(t.Rows, key, func(r Row[S], key string) int { return cmp.Compare(r.Key, key) })
	if !ok {
		return nil
	}
	return &t.Rows[i].Is
}

// Of returns the summary of a function, or of what it is an instance of; nil
// if there is none.
func (t *Table[S]) Of(fn *types.Func) *S { return t.Find(funckey.Of(fn.Origin())) }

// A table is a Table of anything.
type table interface {
	has(key string) bool
	differences(other table) []string
}

func (t *Table[S]) has(key string) bool { return t.Find(key) != nil }

// differences returns the keys of what two sorted tables do not have in common.
func (t *Table[S]) differences(other table) []string {
	var keys []string
	theirs := other.(*Table[S])
	for i := range t.Rows {
		row := &t.Rows[i]
		if is := theirs.Find(row.Key); is == nil || !packed.Same(&row.Is, is) {
			keys = append(keys, row.Key)
		}
	}
	for _, row := range theirs.Rows {
		if !t.has(row.Key) {
			keys = append(keys, row.Key)
		}
	}
	return keys
}
