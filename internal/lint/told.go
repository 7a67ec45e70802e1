package lint

import (
	"bytes"
	"crypto/sha256"
	"encoding/gob"
	"fmt"
	"go/types"
	"maps"
	"reflect"
	"slices"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/load"
)

// told keeps what packages of other modules tell of themselves. It is always the
// same, and most of what a module imports need not be read for it again.
type told struct {
	kept    *cache.Folder
	kinds   map[string]reflect.Type // of facts, by the names of analyzers
	program string                  // who asks, and with which settings

	known map[*packages.Package]map[reflect.Type]analysis.Fact
	// reads: others keep, who run more analyzers.
	reads bool
}

func newTold(kept *cache.Folder, list []*analysis.Analyzer, near bool) *told {
	if kept == nil {
		return nil
	}
	if near {
		list = append(slices.Clip(list), analyzers.Services()...)
	}
	t := &told{kept: kept, kinds: make(map[string]reflect.Type), known: make(map[*packages.Package]map[reflect.Type]analysis.Fact)}
	seen := make(map[*analysis.Analyzer]bool)
	var add func(*analysis.Analyzer)
	add = func(a *analysis.Analyzer) {
		if seen[a] {
			return
		}
		seen[a] = true
		for _, fact := range a.FactTypes {
			t.kinds[a.Name] = reflect.TypeOf(fact)
		}
		for _, required := range a.Requires {
			add(required)
		}
	}
	for _, a := range list {
		add(a)
	}
	t.program, t.reads = ourselves()+settings(list), near
	for _, name := range slices.Sorted(maps.Keys(t.kinds)) {
		t.program += " " + name // what is not told by one that does not run is another matter
	}
	return t
}

// keyOf returns the key of what a package tells, made of that of what it is.
func (t *told) keyOf(key cache.Key) cache.Key {
	return sha256.Sum256(fmt.Appendf(nil, "facts 1 of %s\n%x", t.program, key))
}

// knows reports whether it is known what a package tells.
func (t *told) knows(p *packages.Package, key cache.Key) bool {
	data, ok := t.kept.Get(t.keyOf(key))
	if !ok {
		return false
	}
	var texts map[string][]byte
	if gob.NewDecoder(bytes.NewReader(data)).Decode(&texts) != nil {
		return false
	}
	facts := make(map[reflect.Type]analysis.Fact, len(texts))
	for name, text := range texts {
		kind := t.kinds[name]
		if kind == nil {
			return false
		}
		fact := reflect.New(kind.Elem()).Interface().(analysis.Fact)
		if gob.NewDecoder(bytes.NewReader(text)).Decode(fact) != nil {
			return false
		}
		facts[kind] = fact
	}
	t.known[p] = facts
	return true
}

// keep keeps what the packages tell of which it was not known.
func (t *told) keep(program *load.Program, all facts) {
	if t.reads {
		return
	}
	for p, key := range program.Keys {
		if t.known[p] != nil || p.IllTyped || p.Types == nil {
			continue
		}
		texts := make(map[string][]byte)
		for name, kind := range t.kinds {
			fact := all[p.Types][kind]
			if fact == nil {
				continue
			}
			var text bytes.Buffer
			if gob.NewEncoder(&text).Encode(fact) != nil {
				return
			}
			texts[name] = text.Bytes()
		}
		var data bytes.Buffer
		if gob.NewEncoder(&data).Encode(texts) == nil {
			t.kept.Put(t.keyOf(key), data.Bytes())
		}
	}
}

// detail says how much was known.
func (t *told) detail() string {
	if t == nil || len(t.known) == 0 {
		return ""
	}
	return fmt.Sprintf("; of %s it is known what they tell", say.Count(len(t.known), "package"))
}

// instead has packages tell what they told before, without running anything.
func (t *told) instead(run func(*analysis.Analyzer, *analysis.Pass) (any, error)) func(*analysis.Analyzer, *analysis.Pass) (any, error) {
	if t == nil {
		return run
	}
	byTypes := make(map[*types.Package]map[reflect.Type]analysis.Fact)
	for p, facts := range t.known {
		if p.Types != nil {
			byTypes[p.Types] = facts
		}
	}
	return func(a *analysis.Analyzer, pass *analysis.Pass) (any, error) {
		facts, known := byTypes[pass.Pkg]
		if !known {
			return run(a, pass)
		}
		for _, kind := range a.FactTypes {
			if fact := facts[reflect.TypeOf(kind)]; fact != nil {
				pass.ExportPackageFact(fact)
			}
		}
		if a.ResultType == nil {
			return nil, nil
		}
		return reflect.Zero(a.ResultType).Interface(), nil
	}
}
