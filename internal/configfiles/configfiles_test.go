package configfiles

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/wholefile"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

func TestFound(t *testing.T) {
	tests := []struct {
		name, content string
		form          serviceconfig.Form // Other: the file holds none
	}{
		{"a.json", `{"methodConfig": []}`, serviceconfig.Document},
		{"a.json", "\r\n\t {\"x\": {\"y\": [1]}, \"LoadBalancingConfig\": []}", serviceconfig.Document},
		{"a.json", `{"method_config": []}`, serviceconfig.Document},
		{"a.json", `{"loadBalancingPolicy": "round_robin"}`, serviceconfig.Document},
		{"a.json", `{"RETRYTHROTTLING": {}}`, serviceconfig.Document},
		{"a.json", `{"healthCheckConfig": {}}`, serviceconfig.Document},
		{"a.json", `[{"serviceConfig": {}}]`, serviceconfig.ChoiceList},
		{"a.json", `grpc_config=[{"serviceConfig": {}}]`, serviceconfig.ChoiceList},
		{"a.json", `{"name": "methodConfig"}`, serviceconfig.Other},
		{"a.json", `{"spec": {"methodConfig": []}}`, serviceconfig.Other}, // not at the top
		{"a.json", `["methodConfig"]`, serviceconfig.Other},
		{"a.json", `methodConfig`, serviceconfig.Other},
		{"a.json", ``, serviceconfig.Other},
		{"a.yaml", "a: {b: ['{\"methodConfig\": []}']}", serviceconfig.Document},
		{"a.yml", "a: 'grpc_config=[{\"serviceConfig\": {}}]'", serviceconfig.ChoiceList},
		{"a.yaml", "methodConfig: []", serviceconfig.Other}, // no gRPC library reads YAML
		{"a.yaml", "{{ methodConfig }}: [", serviceconfig.Other},
		{"a.yaml", "{{ .Values.serviceConfig | toJson }}: [", serviceconfig.Other},
		{"my_service_config.json", `{}`, serviceconfig.Document},
		{"service_config_test.json", `?`, serviceconfig.Document},
		{"service_config.yaml", `{}`, serviceconfig.Other},
	}
	for _, test := range tests {
		path := filepath.Join(t.TempDir(), test.name)
		if err := os.WriteFile(path, []byte(test.content), 0o666); err != nil {
			t.Fatal(err)
		}
		file, err := Found(path, nil)
		if err != nil {
			t.Errorf("%s: %s: %v", test.name, test.content, err)
			continue
		}
		form := serviceconfig.Other
		if file != nil {
			form = file.Configs[0].Form
		}
		if form != test.form {
			t.Errorf("%s: %s: form %d, want %d", test.name, test.content, form, test.form)
		}
	}
}

// What cannot be read is an error if it has a config, whoever asks.
func TestNoYAML(t *testing.T) {
	for _, test := range []struct {
		content string
		configs int // before what cannot be read
		err     string
	}{
		{"a: '{\"methodConfig\": []}'\n{{- if .Values.x }}\n", 0, "is a template and no YAML, its service configs are not checked: "},
		{"a: '{\"methodConfig\": []}'\n---\nb: '{\"loadBalancingConfig\": []}'\n{{ end }}\n", 1, "is a template and no YAML"},
		{"a: \"{\\\"retryThrottling\\\": {}}\"\nb: [\n", 0, "is no YAML: "},
	} {
		path := filepath.Join(t.TempDir(), "a.yaml")
		if err := os.WriteFile(path, []byte(test.content), 0o666); err != nil {
			t.Fatal(err)
		}
		for name, read := range map[string]func(string, wholefile.Overlay) (*File, error){"Found": Found, "Named": Named} {
			file, err := read(path, nil)
			configs := 0
			if file != nil {
				configs = len(file.Configs)
			}
			if err == nil || !strings.HasPrefix(err.Error(), test.err) || strings.Contains(err.Error(), "\n") || configs != test.configs {
				t.Errorf("%s: %q: %d configs, error %v", name, test.content, configs, err)
			}
		}
	}
}

// The filter before the parser may let through too much, and nothing too
// little.
func FuzzMayHold(f *testing.F) {
	for _, seed := range []string{
		`{"methodConfig": []}`, `{"METHOD_CONFIG": 1`, `{"loadBalancingConfigs": []}`, `[ {"a": 1, "serviceConfig"`, "grpc_config=x", `{"retrythrottling":`, `{}`,
	} {
		f.Add([]byte(seed))
	}
	f.Fuzz(func(t *testing.T, content []byte) {
		if serviceconfig.FormOf(content) != serviceconfig.Other && !mayHold(content) {
			t.Errorf("%q is dropped", content)
		}
	})
}
