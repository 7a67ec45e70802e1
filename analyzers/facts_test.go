package analyzers_test

import (
	"bytes"
	"encoding/gob"
	"maps"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/load"
)

// A record is a fact in a file, as drivers write it.
type record struct {
	PkgPath string
	Object  string
	Fact    analysis.Fact
}

// size is how much drivers keep of a package with some facts.
func size(t *testing.T, path string, facts ...analysis.Fact) int {
	t.Helper()
	var records []record
	for _, f := range facts {
		gob.Register(f)
		records = append(records, record{PkgPath: path, Fact: f})
	}
	var buf bytes.Buffer
	if err := gob.NewEncoder(&buf).Encode(records); err != nil {
		t.Fatal(err)
	}
	return buf.Len()
}

// What one package may tell at most: one that does nothing, and of each kind
// one of the sample application.
const (
	maxQuiet = 500
	maxShop  = 1000
)

// TestSizes: build systems keep the facts of every package, and most packages
// that reach grpc-go have nothing to tell.
func TestSizes(t *testing.T) {
	dir, err := filepath.Abs("../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	const quiet = "example.com/testdata/quiet"
	overlay := map[string][]byte{filepath.Join(dir, "quiet", "quiet.go"): []byte(`package quiet

import "google.golang.org/grpc/codes"
import _ "google.golang.org/grpc"

func Worst(all []codes.Code) int { return len(all) }
`)}
	program := load.Load(load.Config{Dir: dir, Cache: cache.User(), Env: append(os.Environ(), "GOWORK=off"), Patterns: []string{"./quiet", "./shop/..."}, Overlay: overlay})
	for _, e := range program.Errors {
		t.Fatal(e)
	}
	graph, err := checker.Analyze(analyzers.All(), program.Roots, nil)
	if err != nil {
		t.Fatal(err)
	}
	told := make(map[string]map[string]analysis.Fact) // by path and type
	for action := range graph.All() {
		if action.Err != nil {
			t.Fatal(action.Err)
		}
		for _, f := range action.AllPackageFacts() {
			path := f.Package.Path()
			if told[path] == nil {
				told[path] = make(map[string]analysis.Fact)
			}
			told[path][strings.TrimPrefix(reflect.TypeOf(f.Fact).String(), "*")] = f.Fact
		}
	}
	all := slices.Collect(maps.Values(told[quiet]))
	if n := size(t, quiet, all...); len(all) == 0 || n > maxQuiet {
		t.Errorf("a package that has nothing to tell has %d facts of %d bytes: %v", len(all), n, slices.Sorted(maps.Keys(told[quiet])))
	}
	largest := make(map[string]int) // by type
	for path, facts := range told {
		if !strings.Contains(path, "/shop/") {
			continue
		}
		for name, f := range facts {
			largest[name] = max(largest[name], size(t, path, f))
		}
	}
	if len(largest) < 12 {
		t.Errorf("the sample application has facts of %v only", slices.Sorted(maps.Keys(largest)))
	}
	for name, n := range largest {
		if n > maxShop {
			t.Errorf("%d bytes of %s in one package of the sample application", n, name)
		}
	}
}
