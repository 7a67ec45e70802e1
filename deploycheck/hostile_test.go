package deploycheck

import (
	"fmt"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/deploycheck/source"
)

// bomb is a list of lists of lists, of nine each, in a few lines.
func bomb(levels int, separator string) string {
	var b strings.Builder
	b.WriteString("a0: &a0 {x: 1}\n")
	for i := 1; i <= levels; i++ {
		fmt.Fprintf(&b, "a%d: &a%[1]d%s[%s]\n", i, separator, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
	}
	return b.String()
}

// Whatever a file is made of, it is read and judged in no time, and nothing
// panics.
func TestHostile(t *testing.T) {
	merges := "a0: &a0 {x: 1}\n"
	for i := 1; i <= 12; i++ {
		merges += fmt.Sprintf("a%d: &a%[1]d\n  <<: [%s]\n", i, strings.TrimSuffix(strings.Repeat(fmt.Sprintf("*a%d, ", i-1), 9), ", "))
	}
	for name, text := range map[string]string{
		"aliases":     "static_resources: {}\n" + bomb(12, " "),
		"merges":      "apiVersion: v1\nkind: Service\n" + merges + "spec: *a12\nmetadata: *a12\n",
		"circle":      "apiVersion: v1\nkind: List\nitems: &i [*i]\n",
		"deep":        "static_resources: " + strings.Repeat("[", 5000) + strings.Repeat("]", 5000) + "\n",
		"deep maps":   "apiVersion: v1\nkind: Pod\nspec: " + strings.Repeat("{a: ", 2000) + strings.Repeat("}", 2000) + "\n",
		"lists":       "apiVersion: v1\nkind: List\nitems: " + strings.Repeat("[{apiVersion: v1, kind: List, items: ", 100) + "[]" + strings.Repeat("}]", 100) + "\n",
		"types":       "apiVersion: {a: b}\nkind: [Service]\n---\napiVersion: v1\nkind: Service\nspec: 5\nmetadata: [x]\n---\napiVersion: apps/v1\nkind: Deployment\nspec: {template: {spec: {containers: {a: b}}}}\n",
		"nulls":       "apiVersion: v1\nkind: Service\nspec: {ports: [null, {}, 3], selector: null}\n---\napiVersion: networking.k8s.io/v1\nkind: Ingress\nmetadata: {annotations: {nginx.ingress.kubernetes.io/backend-protocol: GRPC}}\nspec: null\n",
		"keys":        "apiVersion: v1\nkind: Service\n? {a: b}\n: c\n? [d]\n: e\nspec: {? {x: y} : z}\n",
		"binary":      "apiVersion: v1\x00kind: Service",
		"tabs":        "apiVersion: v1\nkind: Service\n\tspec: 1\n",
		"bom":         "\ufeffapiVersion: v1\nkind: Service\nspec: {clusterIP: None}\n",
		"crlf":        "apiVersion: v1\r\nkind: Service\r\nspec:\r\n  clusterIP: None\r\n",
		"groups":      "groups: [{rules: [{alert: grpc, expr: {a: b}}, {alert: a, expr: 'grpc_x{'}, null]}, null]\nrules: 1\n",
		"open braces": "apiVersion: v1\nkind: {{ .x\n",
	} {
		t.Run(name, func(t *testing.T) {
			reader := NewReader()
			reader.Add(&source.File{Path: "/repo/a.yaml", Content: []byte(text)})
			Check(reader.Set(), Options{})
			Layers(reader.Set(), Options{}, "a.A/B")
		})
	}
	for name, text := range map[string]string{
		"blocks":    strings.Repeat("server { ", 10_000) + "grpc_pass x;",
		"words":     "upstream " + strings.Repeat("a", 1<<20) + " { }",
		"no server": "grpc_pass; upstream; server; server { listen; location { grpc_pass grpc://; proxy_pass http://; } } upstream u { server; }",
		"variables": "server { listen $a; location ~ ^/(.*)$ { grpc_pass $b; proxy_pass http://$c/; } }",
	} {
		t.Run("nginx "+name, func(t *testing.T) {
			reader := NewReader()
			reader.Add(&source.File{Path: "/repo/nginx.conf", Content: []byte(text)})
			Check(reader.Set(), Options{})
		})
	}
	for _, text := range []string{"FROM", "FROM \\\n\\\n", "CMD x", "FROM a\nCMD", "FROM a\nENTRYPOINT [\"", "FROM a AS a\nFROM a AS a\n", "FROM x AS y\nFROM y AS x\n"} {
		reader := NewReader()
		reader.Add(&source.File{Path: "/repo/Dockerfile", Content: []byte(text)})
		Check(reader.Set(), Options{Code: &Code{Programs: []Program{{Dir: "/repo", Module: "/repo", Graceful: true, Serves: []string{"a.A"}}}}})
	}
}

// The whole of it holds what any text makes of it.
func FuzzCheck(f *testing.F) {
	f.Add("a.yaml", "apiVersion: v1\nkind: Service\nspec: {clusterIP: None, ports: [{name: grpc, port: 1, targetPort: 2}]}\n")
	f.Add("nginx.conf", "upstream u { server a:1; } server { listen 1; location / { grpc_pass grpc://u; } }")
	f.Add("Dockerfile", "FROM a\nCMD server\n")
	f.Add("a.yaml", "static_resources: {listeners: [{route_config: {virtual_hosts: [{routes: [{match: {grpc: {}}, route: {cluster: a}}]}]}}]}\n")
	f.Add("a.yaml", "groups: [{rules: [{alert: A, expr: 'rate(grpc_server_handled_total{grpc_code!=\"OK\"}[1m])'}]}]\n")
	code := &Code{
		Services: []Service{{Name: "a.B", Methods: []Method{{Name: "C", ServerStream: true, Harmful: true, Attempts: 2}}}},
		Programs: []Program{{Dir: "/repo", Module: "/repo", Serves: []string{"a.B"}, Graceful: true, Ports: []int{1}, Health: true}},
	}
	f.Fuzz(func(t *testing.T, name, content string) {
		reader := NewReader()
		reader.Add(&source.File{Path: "/repo/" + name, Content: []byte(content)})
		for _, i := range Check(reader.Set(), Options{Code: code}) {
			if from, to := i.At.InFile(); from < 0 || to < from || to > len(content) {
				t.Fatalf("%s at %d to %d of %d", i.Rule.ID, from, to, len(content))
			}
		}
	})
}
