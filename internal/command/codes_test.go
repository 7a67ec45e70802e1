package command

import (
	"encoding/json"
	"flag"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/tables"
)

// update makes the tests write golden files instead of comparing with them.
var update = flag.Bool("update", false, "write golden files")

// wantGolden compares what was printed with a file in testdata.
func wantGolden(t *testing.T, name, got string) {
	t.Helper()
	golden := filepath.Join("testdata", name)
	if *update {
		if err := os.WriteFile(golden, []byte(got), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	want, err := os.ReadFile(golden)
	if err != nil {
		t.Fatal(err)
	}
	if got != string(want) {
		t.Errorf("%s (-update writes it): got\n%s", golden, got)
	}
}

// The tables of the sample application, and of packages that return errors
// of every kind.
func TestCodes(t *testing.T) {
	t.Setenv("GOWORK", "off")
	for name, dir := range map[string]string{"shop": "shop", "codes": "codes"} {
		for _, format := range []string{"text", "json"} {
			t.Run(name+"/"+format, func(t *testing.T) {
				status, got, stderr := run(t, Codes, "-C", filepath.Join("..", "..", "testdata", "src", dir), "-format="+format, "./...")
				if status != exitOK || stderr != "" {
					t.Fatalf("status %d, %s", status, stderr)
				}
				wantGolden(t, name+"-codes."+format, got)
			})
		}
	}
}

// Without Go code there are no handlers; what retries is known all the same.
func TestCodesOfProtos(t *testing.T) {
	dir := protoProject(t)
	status, text, stderr := run(t, Codes, "-C", dir, "-format=json")
	if status != exitOK || stderr != "" {
		t.Fatalf("status %d, %s", status, stderr)
	}
	var out struct {
		Version int
		Methods []tables.MethodCodes
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	if out.Version != 1 || len(out.Methods) != 5 {
		t.Fatalf("%+v", out)
	}
	get := out.Methods[0]
	want := []tables.CodeRetry{{File: "deploy/shop_service_config.json", Line: 2, By: "service config", Attempts: 3}}
	if get.Method != "shop.v1.Order/Get" || len(get.Handlers) != 0 || len(get.Codes) != 1 || get.Codes[0].Code != "UNAVAILABLE" ||
		len(get.Codes[0].Places) != 0 || !slices.Equal(get.Codes[0].Retries, want) {
		t.Errorf("%+v", get)
	}

	if status, _, stderr := run(t, Codes, "-format=xml"); status != exitBad || !strings.Contains(stderr, `unknown format "xml"`) {
		t.Errorf("status %d, %s", status, stderr)
	}
	if status, _, stderr := run(t, Codes, "-C", dir, "nothing.proto"); status != exitBad || !strings.Contains(stderr, "nothing.proto") {
		t.Errorf("status %d, %s", status, stderr)
	}
	if status, text, _ := run(t, Codes, "-C", t.TempDir()); status == exitOK && !strings.HasPrefix(text, "no RPC methods") {
		t.Errorf("status %d, %s", status, text)
	}
}
