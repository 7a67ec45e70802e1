// Package grpclint holds tests of the module as a whole.
package grpclint

import (
	"encoding/json"
	"errors"
	"io"
	"os"
	"os/exec"
	"slices"
	"strings"
	"testing"
)

const module = "github.com/grpclint/grpclint/"

// A layer says what packages may depend on, directly or not, apart from the
// standard library. Tests may import more.
type layer struct {
	packages string // prefix of the packages that it holds, without module; "x." is x without what is below
	may      []string
	why      string
}

// jsonText is a JSON tokenizer with offsets, which itself depends on nothing.
const jsonText = "github.com/go-json-experiment/json"

// layers from the bottom to the top.
var layers = []layer{
	{"rule", nil,
		"the catalogue is read by tools that want nothing else"},
	{"internal/wholefile", nil,
		"every other layer reads files through it"},
	{"finding", []string{module + "rule"},
		"findings are the common language of Go, proto and JSON checks"},
	{"protocheck/method", []string{"google.golang.org/protobuf"},
		"every other layer asks it, each from descriptions of its own"},
	{"protocheck/serviceconfig", []string{module + "internal/yamlscalar", module + "rule", module + "finding", module + "protocheck/method", jsonText, "go.yaml.in/yaml/v4", "google.golang.org/grpc", "google.golang.org/protobuf", "google.golang.org/genproto", "golang.org/x/"},
		"the checker is a library: it knows nothing of the program; grpc is for its tests, YAML for inyaml"},
	{"protocheck/annotation", []string{module + "protocheck/method", "google.golang.org/protobuf"},
		"it reads descriptors, whoever made them"},
	{"protocheck.", []string{module + "rule", module + "protocheck/method", module + "protocheck/annotation", "google.golang.org/protobuf"},
		"the rules for protos run in other programs, such as buf's plugin, that have compilers of their own"},
	{"protocheck/source", []string{module + "internal/wholefile", module + "rule", module + "finding", module + "protocheck", "github.com/bufbuild/protocompile", "google.golang.org/protobuf", "go.yaml.in/yaml/v4", "golang.org/x/sync"},
		"the compiler is the only one that knows protocompile, and knows nothing of the program"},
	{"internal/yamlscalar", nil,
		"it reads text, whoever parsed it"},
	{"deploycheck", []string{module + "internal/yamlscalar", module + "rule", module + "finding/say", "go.yaml.in/yaml/v4"},
		"the rules for manifests read bytes and facts, whoever found them: no Kubernetes, no Envoy, nothing of the program"},
	{"analyzers", []string{module + "internal/wholefile", module + "rule", module + "finding", module + "analyzers/", module + "protocheck/serviceconfig", module + "protocheck/method", jsonText, "google.golang.org/protobuf/encoding/protowire", "google.golang.org/protobuf/internal", "golang.org/x/"},
		"plug-in users link the analyzers into their own programs: no YAML, no protocompile, no grpc, nothing of the program"},
	{"golangci", []string{module + "internal/wholefile", module + "rule", module + "finding", module + "analyzers", module + "protocheck/serviceconfig", module + "protocheck/method", jsonText, "github.com/golangci/plugin-module-register", "golang.org/x/", "google.golang.org/protobuf"},
		"golangci-lint's users get the analyzers and nothing else of the program"},
}

func TestLayers(t *testing.T) {
	packages := list(t)
	for _, l := range layers {
		held := 0
		for path, deps := range packages {
			if alone, ok := strings.CutSuffix(l.packages, "."); ok && path != module+alone || !ok && !within(path, module+l.packages) {
				continue
			}
			held++
			for _, dep := range deps {
				if isStandard(dep) || within(dep, module+l.packages) {
					continue
				}
				if !slices.ContainsFunc(l.may, func(prefix string) bool { return within(dep, prefix) }) {
					t.Errorf("%s depends on %s: %s", path, dep, l.why)
				}
			}
		}
		if held == 0 {
			t.Errorf("no package in layer %s", l.packages)
		}
	}
}

// Families know nothing of each other, so that each can be used, tested and
// removed alone; what they have in common is in analyzers/internal, which
// knows none of them.
func TestFamiliesAreIndependent(t *testing.T) {
	families := make(map[string]bool)
	for path, deps := range list(t) {
		family := familyOf(path)
		if family == "" {
			continue
		}
		families[family] = true
		for _, dep := range deps {
			if other := familyOf(dep); other != "" && other != family && other != "internal" {
				t.Errorf("%s depends on %s", path, dep)
			}
		}
	}
	if len(families) < 3 {
		t.Errorf("families: %v", families)
	}
}

// familyOf returns the folder below analyzers that holds the package.
func familyOf(path string) string {
	rest, ok := strings.CutPrefix(path, module+"analyzers/")
	if !ok {
		return ""
	}
	family, _, _ := strings.Cut(rest, "/")
	return family
}

// list returns the dependencies of every package of the module, tests not
// counted.
func list(t *testing.T) map[string][]string {
	t.Helper()
	cmd := exec.Command("go", "list", "-json=ImportPath,Deps", "./...")
	cmd.Env = append(os.Environ(), "GOWORK=off")
	cmd.Stderr = os.Stderr
	stdout, err := cmd.Output()
	if err != nil {
		t.Fatal(err)
	}
	packages := make(map[string][]string)
	decoder := json.NewDecoder(strings.NewReader(string(stdout)))
	for {
		var p struct {
			ImportPath string
			Deps       []string
		}
		if err := decoder.Decode(&p); errors.Is(err, io.EOF) {
			return packages
		} else if err != nil {
			t.Fatal(err)
		}
		packages[p.ImportPath] = p.Deps
	}
}

// within reports whether a package is the one with that path or one below.
func within(path, prefix string) bool {
	prefix = strings.TrimSuffix(prefix, "/")
	return path == prefix || strings.HasPrefix(path, prefix+"/")
}

// isStandard: only paths of modules have a dot in their first element.
func isStandard(path string) bool {
	first, _, _ := strings.Cut(path, "/")
	return !strings.Contains(first, ".")
}
