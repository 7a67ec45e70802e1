package inyaml_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/protocheck/serviceconfig/inyaml"
)

// Each file holds one config whose only "400ms", as far as it stands in the
// file, must be where it is said to be.
func TestFind(t *testing.T) {
	tests := []struct {
		name, src string
		want      string // the range in the file of the duration, quotes of JSON included
	}{
		{"literal block", `
apiVersion: v1
kind: ConfigMap
data:
  service-config.json: |
    {
      "methodConfig": [{
        "name": [{"service": "shop.v1.Orders"}],
        "timeout": "400ms"
      }]
    }
  other: x
`, `"400ms"`},
		{"literal block, stripped, with blank lines", "data:\n  c: |-\n\n    {\n\n      \"methodConfig\": [{\"name\": [{}],\n\n\n      \"timeout\": \"400ms\"}]}\n", `"400ms"`},
		{"literal block, kept, CRLF", "c: |+\r\n  {\"methodConfig\": [\r\n  {\"name\": [{}], \"timeout\": \"400ms\"}]}\r\n\r\n", `"400ms"`},
		{"literal block with explicit indentation", "c: |2\n    {\"methodConfig\": [{\"name\": [{}],\n  \"timeout\": \"400ms\"}]}\n", `"400ms"`},
		{"literal block without a last line break", "c: |\n  {\"methodConfig\": [{\"timeout\": \"400ms\"}]}", `"400ms"`},
		{"literal block with an anchor", "c: &a !!str |\n  {\"methodConfig\": [{\"timeout\": \"400ms\"}]}\nd: *a\n", `"400ms"`},
		{"folded block", "c: >-\n  {\"methodConfig\":\n  [{\"name\": [{}],\n\n    \"timeout\":\n  \"400ms\"}]}\nd: 1\n", `"400ms"`},
		{"double quotes", `values: ["x", "{\"methodConfig\": [{\"name\": [{\"service\": \"\u00e9\x41\"}], \"timeout\": \"400ms\"}]}"]`, `\"400ms\`},
		{"double quotes over lines", "c: \"{\\\"methodConfig\\\": [\n\n  {\\\"name\\\": [{}],   \n  \\\"timeout\\\": \\\n   \\\"400ms\\\"}]}\"\n", `\"400ms\`},
		{"single quotes", `c: '{"methodConfig": [{"name": [{"service": "it''s"}], "timeout": "400ms"}]}' # é`, `"400ms"`},
		{"single quotes behind other characters", `{é: 'ü', c: '{"methodConfig": [{"timeout": "400ms"}]}'}`, `"400ms"`},
		{"single quotes over lines", "c: '{\"methodConfig\":\n    [{\"timeout\": \"400ms\"}]}'\n", `"400ms"`},
		{"second document", "a: 1\n---\nenv:\n- name: GRPC\n  value: '{\"methodConfig\": [{\"timeout\": \"400ms\"}]}'\n", `"400ms"`},
		{"argument", "command: [\n  \"--service-config={\\\"methodConfig\\\": [{\\\"timeout\\\": \\\"400ms\\\"}]}\",\n]\n", `\"400ms\`},
		{"plain argument", "args:\n- --c={\"methodConfig\":[{\"timeout\":\"400ms\"}]}\n", `"400ms"`},
		{"choices", "txt: 'grpc_config=[{\"serviceConfig\":{\"methodConfig\": [{\"timeout\": \"400ms\"}]}}]'\n", `"400ms"`},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			configs, err := inyaml.Find([]byte(test.src))
			if err != nil {
				t.Fatal(err)
			}
			if len(configs) != 1 {
				t.Fatalf("%d configs", len(configs))
			}
			c := configs[0]
			if !c.Exact() {
				t.Fatalf("no positions in %q", c.Text)
			}
			start := strings.Index(c.Text, `"400ms"`)
			from, to := c.Span(start, start+len(`"400ms"`))
			if got := test.src[from:to]; got != test.want || from != strings.Index(test.src, test.want) {
				t.Errorf("%d to %d is %q, want %q at %d", from, to, got, test.want, strings.Index(test.src, test.want))
			}
			if plain := test.want == `"400ms"`; c.Verbatim([]byte(test.src), start, start+len(`"400ms"`)) != plain {
				t.Errorf("verbatim is %v", !plain)
			}
			if (c.Form == serviceconfig.ChoiceList) != (test.name == "choices") {
				t.Errorf("form %v", c.Form)
			}
		})
	}
}

func TestFindNone(t *testing.T) {
	for name, src := range map[string]string{
		"empty":              "",
		"no config":          "a: '{\"b\": 1}'\nb: methodConfig\n",
		"YAML, not a string": "methodConfig:\n- timeout: 1s\n",
		"plain":              "a: methodConfig is here\n",
	} {
		if configs, err := inyaml.Find([]byte(src)); err != nil || len(configs) > 0 {
			t.Errorf("%s: %v, %v", name, configs, err)
		}
	}
}

func TestErrors(t *testing.T) {
	// What stands before the document that cannot be read is found.
	configs, err := inyaml.Find([]byte("c: '{\"methodConfig\": []}'\n---\n{{ .Values.x }}: methodConfig\n  y: [\n"))
	if err == nil || len(configs) != 1 {
		t.Errorf("%v, %v", configs, err)
	}
	if _, err := inyaml.Find([]byte(strings.Repeat(" ", 17<<20))); err == nil {
		t.Error("no error for a huge file")
	}
}

// FuzzFind: positions lie in the file, rise, and what is said to stand
// verbatim does.
func FuzzFind(f *testing.F) {
	f.Add("c: |\n  {\"methodConfig\": 1}\n")
	f.Add("c: \"{\\\"methodConfig\\\": \\u00e9}\"")
	f.Add("c: >+\n  {\"methodConfig\":\n\n   1}\n\n")
	f.Add("- '{\"methodConfig\": ''}'\n")
	f.Fuzz(func(t *testing.T, src string) {
		configs, _ := inyaml.Find([]byte(src))
		for _, c := range configs {
			if c.Text == "" {
				t.Fatal("no text")
			}
			var offsets []int
			for i := range len(c.Text) {
				from, to := c.Span(i, i+1)
				if from < 0 || to < from || to > len(src) {
					t.Fatalf("byte %d is from %d to %d of %d", i, from, to, len(src))
				}
				offsets = append(offsets, from)
			}
			if !slices.IsSorted(offsets) {
				t.Fatal(fmt.Sprint("offsets ", offsets))
			}
		}
	})
}
