package command

import (
	"encoding/json"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/tables"
)

// protoProject is a folder with a .proto file and a service config.
func protoProject(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for name, text := range map[string]string{
		"go.mod": "module example.com/shop\n",
		"api/shop.proto": `syntax = "proto3";
package shop.v1;
service Order {
  rpc Get(GetRequest) returns (Reply);
  rpc Charge(ChargeRequest) returns (Reply);
  rpc Pay(PayRequest) returns (Reply);
  rpc Watch(GetRequest) returns (stream Reply);
  // Place stores an order.
  //grpclint:idempotent by the order's number
  rpc Place(ChargeRequest) returns (Reply);
}
message GetRequest { string name = 1; }
message ChargeRequest { int64 cents = 1; }
message PayRequest { int64 cents = 1; string request_id = 2; }
message Reply {}
`,
		"deploy/shop_service_config.json": `{"methodConfig": [
  {"name": [{"service": "shop.v1.Order", "method": "Get"}], "timeout": "1.5s", "retryPolicy": {
    "maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}},
  {"name": [{"service": "shop.v1.Order", "method": "Pay"}], "timeout": "2s"}
]}
`,
	} {
		name = filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	return dir
}

func TestCoverage(t *testing.T) {
	dir := protoProject(t)
	status, text, stderr := run(t, Coverage, "-C", dir)
	if status != exitOK || stderr != "" {
		t.Fatalf("status %d, %s", status, stderr)
	}
	want := []string{
		"METHOD                CLASS                      DEADLINE  RETRIES         GIVEN BY",
		"shop.v1.Order/Get     safe                       1.5s      2: UNAVAILABLE  deploy/shop_service_config.json:2",
		"shop.v1.Order/Charge  mutating                   -         -               -",
		"shop.v1.Order/Pay     idempotent with a token    2s        -               deploy/shop_service_config.json:4",
		"shop.v1.Order/Watch   safe, stream               -         -               -",
		"shop.v1.Order/Place   idempotent by declaration  -         -               -",
		"",
		"5 methods; 2 with a deadline, 1 with retries",
		"",
	}
	if got := strings.Split(text, "\n"); !slices.Equal(got, want) {
		t.Errorf("got\n%s\nwant\n%s", text, strings.Join(want, "\n"))
	}

	_, text, _ = run(t, Coverage, "-C", dir, "-format=json", "./...")
	var out struct {
		Version int
		Methods []tables.CoverageRow
	}
	if err := json.Unmarshal([]byte(text), &out); err != nil {
		t.Fatal(err)
	}
	if len(out.Methods) != 5 || out.Version != 1 {
		t.Fatalf("%+v", out)
	}
	get := out.Methods[0]
	if get.Method != "shop.v1.Order/Get" || get.Timeout != "1.5s" || get.Attempts != 3 || !slices.Equal(get.Codes, []string{"UNAVAILABLE"}) ||
		get.File != "deploy/shop_service_config.json" || get.Line != 2 || get.Entry != "shop.v1.Order/Get" || get.Dial {
		t.Errorf("%+v", get)
	}
	if watch := out.Methods[3]; watch.Streams != "server" || watch.File != "" {
		t.Errorf("%+v", watch)
	}

	if status, _, stderr := run(t, Coverage, "-format=xml"); status != exitBad || !strings.Contains(stderr, `unknown format "xml"`) {
		t.Errorf("status %d, %s", status, stderr)
	}
	if status, _, stderr := run(t, Coverage, "-C", dir, "nothing.proto"); status != exitBad || !strings.Contains(stderr, "nothing.proto") {
		t.Errorf("status %d, %s", status, stderr)
	}
}

func TestExplainMethod(t *testing.T) {
	dir := protoProject(t)
	tests := []struct {
		method string
		status int
		want   []string
	}{
		{"shop.v1.Order/Charge", exitOK, []string{"class     mutating\n", "because   its name says that it does something each time: Charge", "known by  api/shop.proto\n"}},
		{"/shop.v1.Order/Pay", exitOK, []string{"idempotent with a token", "tokens    request_id"}},
		{"shop.v1.Order/Place", exitOK, []string{"idempotent by declaration", "by the order's number"}},
		{"shop.v1.Order/Watch", exitOK, []string{"streams   server"}},
		{"shop.v1.Order", exitOK, []string{"shop.v1.Order/Get\n", "\n\nshop.v1.Order/Charge\n"}},
		{"shop.v1.Order/Gett", exitBad, []string{"shop.v1.Order has no method Gett (nearest: Get)"}},
		{"shop.v1.Orders/Get", exitBad, []string{"there is no service shop.v1.Orders in what was read (nearest: shop.v1.Order)"}},
	}
	for _, test := range tests {
		t.Run(test.method, func(t *testing.T) {
			status, stdout, stderr := run(t, Explain, "-C", dir, "-method", test.method, "./...")
			if status != test.status || (status == exitOK) != (stderr == "") {
				t.Errorf("status %d, errors %q", status, stderr)
			}
			for _, want := range test.want {
				if !strings.Contains(stdout+stderr, want) {
					t.Errorf("lacks %q:\n%s%s", want, stdout, stderr)
				}
			}
		})
	}
}
