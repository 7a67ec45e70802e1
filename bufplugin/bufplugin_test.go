package bufplugin

import (
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"buf.build/go/bufplugin/check"
	"buf.build/go/bufplugin/check/checktest"

	"github.com/grpclint/grpclint/rule"
)

func TestSpec(t *testing.T) {
	spec := Spec()
	checktest.SpecTest(t, spec)
	ids := make(map[string]bool)
	for _, r := range spec.Rules {
		ids[r.ID] = true
	}
	if !ids["GRPCLINT_IDEMPOTENCY_TOKEN_TYPE"] || len(ids) < 17 {
		t.Errorf("rules: %v", ids)
	}
	for _, r := range rule.All() {
		if slices.Contains(families(), r.Family()) && !ids[ID(r)] {
			t.Errorf("%s is missing", r.ID)
		}
	}
}

// shop is the module that the tests check: testdata/shop on the protos of
// google.api that come with grpclint.
func shop(t *testing.T) (dir string) {
	t.Helper()
	dir = t.TempDir()
	for from, to := range map[string]string{
		"testdata/shop": "shop",
		"../protocheck/source/builtin/google/api": "googleapis/google/api",
	} {
		if err := os.CopyFS(filepath.Join(dir, filepath.FromSlash(to)), os.DirFS(filepath.FromSlash(from))); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

// TestCheck runs the rules over descriptors that another compiler made.
func TestCheck(t *testing.T) {
	dir := shop(t)
	request, err := (&checktest.RequestSpec{
		Files: &checktest.ProtoFileSpec{
			DirPaths:  []string{filepath.Join(dir, "shop"), filepath.Join(dir, "googleapis")},
			FilePaths: []string{"shop/v1/shop.proto"},
		},
		RuleIDs: []string{"GRPCLINT_ETAG_CODE", "GRPCLINT_ETAG_BEHAVIOR", "GRPCLINT_IDEMPOTENCY_TOKEN_FORMAT", "GRPCLINT_IDEMPOTENCY_TOKEN_REQUIRED"},
	}).ToRequest(t.Context())
	if err != nil {
		t.Fatal(err)
	}
	client, err := check.NewClientForSpec(Spec())
	if err != nil {
		t.Fatal(err)
	}
	response, err := client.Check(t.Context(), request)
	if err != nil {
		t.Fatal(err)
	}
	text, err := os.ReadFile(filepath.Join(dir, "shop", "shop", "v1", "shop.proto"))
	if err != nil {
		t.Fatal(err)
	}
	lines := strings.Split(string(text), "\n")
	var got []string
	for _, a := range response.Annotations() {
		l := a.FileLocation()
		if l.StartLine() != l.EndLine() {
			t.Errorf("%s spans several lines", a.RuleID())
			continue
		}
		got = append(got, a.RuleID()+": "+lines[l.StartLine()][l.StartColumn():l.EndColumn()])
	}
	slices.Sort(got)
	want := []string{
		"GRPCLINT_ETAG_BEHAVIOR: (google.api.field_behavior) = OUTPUT_ONLY",
		"GRPCLINT_ETAG_CODE: etag",
		"GRPCLINT_IDEMPOTENCY_TOKEN_FORMAT: request_id",
		"GRPCLINT_IDEMPOTENCY_TOKEN_REQUIRED: (google.api.field_behavior) = REQUIRED",
	}
	if !slices.Equal(got, want) {
		t.Errorf("got %q, want %q", got, want)
	}
}

// TestBuf runs buf itself, of the version in go.mod.
func TestBuf(t *testing.T) {
	if testing.Short() {
		t.Skip("builds buf")
	}
	dir := shop(t)
	bin := filepath.Join(dir, "bin")
	for name, pkg := range map[string]string{"buf": "github.com/bufbuild/buf/cmd/buf", "buf-plugin-grpclint": "./buf-plugin-grpclint"} {
		build := exec.CommandContext(t.Context(), "go", "build", "-o", filepath.Join(bin, name+exe()), pkg)
		if output, err := build.CombinedOutput(); err != nil {
			t.Fatalf("%s: %v\n%s", name, err, output)
		}
	}
	const head = "version: v2\nmodules:\n  - path: shop\n  - path: googleapis\nplugins:\n  - plugin: buf-plugin-grpclint\n"
	lint := func(config string) []string {
		t.Helper()
		if err := os.WriteFile(filepath.Join(dir, "buf.yaml"), []byte(head+config), 0o666); err != nil {
			t.Fatal(err)
		}
		cmd := exec.CommandContext(t.Context(), filepath.Join(bin, "buf"+exe()), "lint", "shop", "--error-format", "json")
		cmd.Dir = dir
		cmd.Env = append(os.Environ(), "PATH="+bin+string(filepath.ListSeparator)+os.Getenv("PATH"), "BUF_CACHE_DIR="+filepath.Join(dir, "cache"), "HOME="+dir)
		var stderr strings.Builder
		cmd.Stderr = &stderr
		output, err := cmd.Output()
		if exit, ok := err.(*exec.ExitError); !ok || exit.ExitCode() != 100 { // 100: buf has something to report
			t.Fatalf("buf lint: %v\n%s%s", err, output, stderr.String())
		}
		var got []string
		for line := range strings.Lines(string(output)) {
			var a struct {
				Path, Type, Message string
				StartLine           int `json:"start_line"`
				StartColumn         int `json:"start_column"`
				EndLine             int `json:"end_line"`
				EndColumn           int `json:"end_column"`
			}
			if err := json.Unmarshal([]byte(line), &a); err != nil {
				t.Fatalf("%v: %s", err, line)
			}
			got = append(got, fmt.Sprintf("%s:%d:%d-%d:%d %s", a.Path, a.StartLine, a.StartColumn, a.EndLine, a.EndColumn, a.Type))
		}
		slices.Sort(got)
		return got
	}

	// Without lint.use, buf's own defaults run as well.
	var got []string
	for _, line := range lint("") {
		if strings.Contains(line, Category) {
			got = append(got, line)
		}
	}
	want := []string{
		"shop/shop/v1/shop.proto:13:3-13:8 GRPCLINT_ETAG_TYPE",
		"shop/shop/v1/shop.proto:18:3-18:8 GRPCLINT_IDEMPOTENCY_TOKEN_TYPE",
		"shop/shop/v1/shop.proto:53:5-53:48 GRPCLINT_IDEMPOTENCY_LEVEL",
	}
	if !slices.Equal(got, want) {
		t.Errorf("by default: got\n%s\nwant\n%s", strings.Join(got, "\n"), strings.Join(want, "\n"))
	}

	got = lint("lint:\n  use: [GRPCLINT]\n  except: [GRPCLINT_ETAG_TYPE]\n")
	for _, id := range []string{"GRPCLINT_IDEMPOTENCY_LEVEL", "GRPCLINT_ETAG_CODE", "GRPCLINT_ETAG_BEHAVIOR", "GRPCLINT_IDEMPOTENCY_TOKEN_FORMAT"} {
		if !slices.ContainsFunc(got, func(line string) bool { return strings.HasSuffix(line, " "+id) }) {
			t.Errorf("the category: no %s in\n%s", id, strings.Join(got, "\n"))
		}
	}
	if strings.Contains(strings.Join(got, "\n"), "GRPCLINT_ETAG_TYPE") {
		t.Errorf("a rule that is excepted is reported:\n%s", strings.Join(got, "\n"))
	}
}

func exe() string {
	if os.PathSeparator == '\\' {
		return ".exe"
	}
	return ""
}
