package budget_test

import (
	"fmt"
	"maps"
	"path"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/analyzers/internal/budget"
	"github.com/grpclint/grpclint/analyzers/internal/program"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/growth"
	"github.com/grpclint/grpclint/internal/lint"
	"github.com/grpclint/grpclint/internal/load"
)

// Twice as much code takes about twice as many steps. How long a step takes,
// go run ./bench/growth measures.
func TestGrowth(t *testing.T) {
	const small = 12
	shapes := make(map[string]growth.Shape)
	files := make(map[string]string)
	for _, s := range growth.Shapes() {
		switch kind, _, _ := strings.Cut(s.Name, "-"); kind {
		case "context", "metadata", "conn":
		default:
			continue
		}
		if s.Name == "context-packages" {
			continue // a module of its own
		}
		shapes[s.Name] = s
		for _, times := range []int{1, 2} {
			for name, text := range s.Files(times * small) {
				files[path.Join(s.Name, fmt.Sprint(times), name)] = text
			}
		}
	}
	repository, err := filepath.Abs("../../..")
	if err != nil {
		t.Fatal(err)
	}
	dir := t.TempDir()
	if err := growth.Write(dir, repository, files); err != nil {
		t.Fatal(err)
	}
	loaded := load.Load(load.Config{Dir: dir, Cache: cache.User(), Patterns: []string{"./..."}})
	if len(loaded.Errors) > 0 {
		t.Fatal(loaded.Errors)
	}
	meters := make(map[string]*budget.Meter)
	var mu sync.Mutex
	wrapped := lint.Wrap(analyzers.All(), func(a *analysis.Analyzer, pass *analysis.Pass) (any, error) {
		result, err := a.Run(pass)
		if built, ok := result.(*program.Package); ok {
			mu.Lock()
			defer mu.Unlock()
			meters[pass.Pkg.Path()] = built.Meter
		}
		return result, err
	})
	if _, err := checker.Analyze(wrapped, loaded.Roots, nil); err != nil {
		t.Fatal(err)
	}
	// In these, each of the values is followed through what all the others go
	// through, too, as far as its own budget reaches.
	followed := map[string]bool{"metadata-functions": true, "metadata-appends": true, "context-table": true}
	total := int64(0)
	for name := range maps.Keys(shapes) {
		once, twice := meters["example.com/growth/"+name+"/1"], meters["example.com/growth/"+name+"/2"]
		if once == nil || twice == nil {
			t.Errorf("%s was not analysed", name)
			continue
		}
		total += twice.Steps()
		allowed := once.Steps()*5/2 + 20
		switch {
		case strings.HasSuffix(name, "-recursion"):
			allowed = once.Steps() * 7 / 2 // circles in circles, each of which is gone through
		case followed[name]:
			allowed = once.Steps() * 7 / 2
		}
		if twice.Steps() > allowed {
			t.Errorf("%s: %d steps, and %d for twice the size; at most %d are allowed", name, once.Steps(), twice.Steps(), allowed)
		}
	}
	if total == 0 {
		t.Error("nobody counts steps")
	}
}
