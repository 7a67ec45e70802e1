package command

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
)

func TestExplainServiceConfig(t *testing.T) {
	const config = `{"methodConfig": [
  {"name": [{"service": "shop.Order"}], "timeout": "3s"},
  {"name": [{"service": "shop.Order", "method": "Get"}], "timeout": "1s", "retryPolicy": {"maxAttempts": 3, "initialBackoff": "0.1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}
]}
`
	dir := t.TempDir()
	file := func(name, text string) string {
		name = filepath.Join(dir, name)
		if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		return name
	}
	good := file("good.json", config)
	drawing := filepath.Join(dir, "out.svg")
	tests := []struct {
		name   string
		args   []string
		status int
		want   []string
	}{
		{"all methods", []string{good}, 0, []string{"shop.Order/Get\n", "Methods of shop.Order without", "deadline   3s", "deadline   1s"}},
		{"method", []string{good, "-method", "/shop.Order/Get", "-o", drawing}, 0, []string{"shop.Order/Get\n", "deadline   1s", "\n  3 "}},
		{"method of the service", []string{good, "-method=shop.Order/Put"}, 0, []string{"deadline   3s", "retries    none"}},
		{"misspelt", []string{good, "-method=shop.Ordr/Get"}, 0, []string{"has no entry for shop.Ordr/Get (nearest: shop.Order/Get)"}},
		{"in YAML", []string{file("a.yaml", "x: |\n  "+strings.ReplaceAll(config, "\n", "\n  ")+"\n")}, 0, []string{"deadline   1s"}},
		{"empty", []string{file("empty.json", "{}")}, 0, []string{"deadline"}},
		{"drawing of all", []string{good, "-o", drawing}, 2, []string{"-o draws one method: give -method, one of shop.Order, shop.Order/Get"}},
		{"refused", []string{file("bad.json", strings.Replace(config, "3s", "400ms", 1))}, 2, []string{"bad.json: ", "400ms"}},
		{"no JSON", []string{file("none.json", "x")}, 2, []string{"none.json: "}},
		{"YAML without", []string{file("none.yaml", "x: y\n")}, 2, []string{"holds no service config"}},
		{"choices", []string{file("choices.json", `[{"serviceConfig": {}}]`)}, 2, []string{"is a list of choices"}},
		{"version", []string{good, "-grpc-go=latest"}, 2, []string{"no version of grpc-go"}},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			status, stdout, stderr := run(t, Explain, append([]string{"-service-config"}, test.args...)...)
			if status != test.status || status == 0 && stderr != "" || status != 0 && stdout != "" {
				t.Errorf("status %d, output %q, errors %q", status, stdout, stderr)
			}
			for _, want := range test.want {
				if !strings.Contains(stdout+stderr, want) {
					t.Errorf("lacks %q:\n%s%s", want, stdout, stderr)
				}
			}
		})
	}
	if svg, err := os.ReadFile(drawing); err != nil || !strings.HasPrefix(string(svg), "<svg") && !strings.HasPrefix(string(svg), "<?xml") {
		t.Errorf("the drawing is %.40q, %v", svg, err)
	}
}
