package golangci

import (
	"strings"
	"testing"

	"github.com/golangci/plugin-module-register/register"

	"github.com/grpclint/grpclint/analyzers"
)

func TestPlugin(t *testing.T) {
	registered, err := register.GetPlugin(Name)
	if err != nil {
		t.Fatal(err)
	}
	p, err := registered(map[string]any{
		"rules":         map[string]any{"conn": "off", "conn/leak": "warning", "deadline/missing": "info", "conn/single-address": "error"},
		"serviceconfig": map[string]any{"grpc-go": "1.70.0"},
		"deadline":      map[string]any{"bounded-by": []any{"example.com/x.A", "example.com/x.B"}},
	})
	if err != nil {
		t.Fatal(err)
	}
	if mode := p.GetLoadMode(); mode != register.LoadModeTypesInfo {
		t.Errorf("load mode %s", mode)
	}
	built, err := p.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	if len(built) != len(analyzers.All()) {
		t.Errorf("%d analyzers of %d", len(built), len(analyzers.All()))
	}
	flags := make(map[string]string)
	for _, a := range built {
		for _, name := range []string{"enable", "disable", "grpc-go", "bounded-by"} {
			if f := a.Flags.Lookup(name); f != nil {
				flags[a.Name+"."+name] = f.Value.String()
			}
		}
	}
	for flag, want := range map[string]string{
		"conn.enable":           "conn/leak,conn/single-address",
		"deadline.disable":      "deadline/missing",
		"deadline.enable":       "",
		"serviceconfig.grpc-go": "1.70.0",
		"deadline.bounded-by":   "example.com/x.A,example.com/x.B",
	} {
		if flags[flag] != want {
			t.Errorf("%s is %q, want %q", flag, flags[flag], want)
		}
	}
	if got := flags["conn.disable"]; !strings.Contains(got, "conn/per-call") || strings.Contains(got, "conn/leak") {
		t.Errorf("conn.disable is %q", got)
	}
}

func TestSettingsErrors(t *testing.T) {
	for name, settings := range map[string]map[string]any{
		"rule":     {"rules": map[string]any{"conn/laek": "off"}},
		"severity": {"rules": map[string]any{"conn/leak": "of"}},
		"key":      {"rule": map[string]any{}},
		"type":     {"deadline": map[string]any{"bounded-by": 1}},
	} {
		p, err := New(settings)
		if err == nil {
			_, err = p.BuildAnalyzers()
		}
		if err == nil || !strings.HasPrefix(err.Error(), "grpclint: settings: ") {
			t.Errorf("%s: %v", name, err)
		}
	}
	if _, err := New(nil); err != nil {
		t.Errorf("no settings: %v", err)
	}
}
