package growth

import (
	"fmt"
	"strings"
)

// files are shapes of protos and configurations.
func files() []Shape {
	one := func(file, name string, n int, write func(t *text, n int)) Shape {
		return Shape{Name: name, N: n, Files: func(n int) map[string]string {
			var t text
			write(&t, n)
			return map[string]string{file: t.String()}
		}}
	}
	const proto = "syntax = \"proto3\";\npackage p.v1;\n"
	const rpc = `package p

import (
	"context"

	"example.com/testdata/stubs/orderpb"
)

func f(c orderpb.OrderServiceClient) { c.GetOrder(context.Background(), nil) }

var _ = f
`
	config := func(name string, n int, write func(t *text, n int)) Shape {
		return Shape{Name: name, N: n, Files: func(n int) map[string]string {
			var t text
			write(&t, n)
			return map[string]string{".grpclint.yaml": t.String(), "p.go": rpc}
		}}
	}
	return []Shape{
		one("a.proto", "proto-directives", 7500, func(t *text, n int) {
			t.WriteString(proto)
			t.repeat(n, func(i int) { t.line("//grpclint:ignore etag/type because %d", i) })
			t.line("message M { string etag = 1; }")
		}),
		one("a.proto", "proto-comments", 7500, func(t *text, n int) {
			t.WriteString(proto)
			t.repeat(n, func(i int) {
				t.line("// %d\n//grpclint:ignore etag/type because %d\n\nmessage M%d { int32 etag = 1; } // after", i, i, i)
			})
		}),
		one("a.proto", "proto-methods", 1000, func(t *text, n int) {
			t.WriteString(proto)
			t.line("service S {")
			t.repeat(n, func(i int) { t.line("  rpc CreateM%d(CreateM%dRequest) returns (M%d);", i, i, i) })
			t.line("}")
			t.repeat(n, func(i int) {
				t.line("message CreateM%dRequest { M%d m = 1; string request_id = 2; }\nmessage M%d { string name = 1; int32 etag = 2; M%d next = 3; }", i, i, i, (i+1)%n)
			})
		}),
		one("a.proto", "proto-services", 500, func(t *text, n int) {
			t.WriteString(proto)
			t.line("message R { string request_id = 1; }")
			t.repeat(n, func(i int) {
				t.line("service S%d { rpc Create%d(R) returns (stream R); rpc Get%d(R) returns (R) { option idempotency_level = NO_SIDE_EFFECTS; } }", i, i, i)
			})
		}),
		one("a.proto", "proto-fields", 2500, func(t *text, n int) {
			t.WriteString(proto)
			t.line("message M {")
			t.repeat(n, func(i int) { t.line("  string f%d = %d [deprecated = true];", i, i+1) })
			t.line("}\nservice S { rpc CreateM(M) returns (M); }")
		}),
		one("a.proto", "proto-nested", 7, func(t *text, n int) {
			t.WriteString(proto)
			t.WriteString(strings.Repeat("message M { string etag = 1; ", n) + strings.Repeat("}", n))
		}),
		one("a.proto", "proto-recursive", 100, func(t *text, n int) {
			t.WriteString(proto)
			t.repeat(n, func(i int) {
				t.line("message M%d { M%d a = 1; M%d b = 2; repeated M%d c = 3; string request_id = 4; }", i, (i+1)%n, i*7%n, (i*13+5)%n)
			})
			t.line("service S { rpc CreateM(M0) returns (M0); rpc UpdateM(M1) returns (M1); rpc DeleteM(M2) returns (M2); }")
		}),
		one("a.proto", "proto-options", 250, func(t *text, n int) {
			t.WriteString("syntax = \"proto3\";\npackage p.v1;\nimport \"google/api/annotations.proto\";\nmessage M {}\nservice S {\n  rpc GetM(M) returns (M) {\n    option (google.api.http) = { get: \"/v1/m\"\n")
			t.repeat(n, func(i int) { t.line("additional_bindings { get: \"/v1/m%d\" }", i) })
			t.line("};\n  }\n}")
		}),
		{Name: "proto-imports", N: 50, Files: func(n int) map[string]string {
			files := make(map[string]string)
			for i := range n {
				var t text
				t.WriteString(proto)
				for j := i + 1; j < min(i+4, n); j++ {
					t.line("import public \"p%d.proto\";", j)
				}
				t.line("message M%d { string etag = 1; }", i)
				files[fmt.Sprintf("p%d.proto", i)] = t.String()
			}
			return files
		}},
		{Name: "proto-files", N: 100, Files: func(n int) map[string]string {
			files := make(map[string]string)
			for i := range n {
				files[fmt.Sprintf("p%d.proto", i)] = proto + fmt.Sprintf("message M%d { int32 etag = 1; }\nservice S%d { rpc CreateM%d(M%d) returns (M%d); }\n", i, i, i, i, i)
			}
			return files
		}},
		one("a_service_config.json", "json-methods", 1000, func(t *text, n int) {
			t.line("{\"methodConfig\": [")
			t.repeat(n, func(i int) {
				t.line("  {\"name\": [{\"service\": \"p.S%d\", \"method\": \"M\"}], \"timeout\": \"1s\", \"retryPolicy\": {\"maxAttempts\": 3, \"initialBackoff\": \"0.1s\", \"maxBackoff\": \"1s\", \"backoffMultiplier\": 2, \"retryableStatusCodes\": [\"UNAVAILABLE\"]}},", i)
			})
			t.line("  {\"name\": [{}], \"waitForReady\": true}\n]}")
		}),
		one("a_service_config.json", "json-names", 2500, func(t *text, n int) {
			t.line("{\"methodConfig\": [{\"name\": [")
			t.repeat(n, func(i int) { t.line("  {\"service\": \"p.S%d\"},", i) })
			t.line("  {\"service\": \"q.S\"}], \"timeout\": \"1s\"}]}")
		}),
		one("a_service_config.json", "json-duplicates", 1000, func(t *text, n int) {
			t.line("{\"methodConfig\": [{\"name\": [")
			t.repeat(n, func(i int) { t.line("  {\"service\": \"p.S\"},") })
			t.line("  {\"service\": \"q.S\"}], \"timeout\": \"1s\"}]}")
		}),
		one("a_service_config.json", "json-unknown-keys", 1000, func(t *text, n int) {
			t.line("{")
			t.repeat(n, func(i int) { t.line("  \"methodConfigs%d\": [],", i) })
			t.line("  \"methodConfig\": []}")
		}),
		one("a_service_config.json", "json-deep", 1250, func(t *text, n int) {
			t.WriteString("{\"loadBalancingConfig\": " + strings.Repeat("[{\"round_robin\": ", n) + "{}" + strings.Repeat("}]", n) + "}")
		}),
		one("a_service_config.json", "json-deep-policies", 1250, func(t *text, n int) {
			t.WriteString("{\"loadBalancingConfig\": " + strings.Repeat("[{\"priority_experimental\": {\"priorities\": [\"a\"], \"children\": {\"a\": {\"config\": ", n) + "[{\"round_robin\": {}}]" + strings.Repeat("}}}}]", n) + "}")
		}),
		one("a.yaml", "yaml-methods", 500, func(t *text, n int) {
			t.line("methodConfig:")
			t.repeat(n, func(i int) { t.line("- name:\n  - service: p.S%d\n  timeout: 1s", i) })
		}),
		one("a.yaml", "yaml-deep", 1000, func(t *text, n int) {
			t.line("methodConfig: %s{}%s", strings.Repeat("[", n), strings.Repeat("]", n))
		}),
		one("a.yaml", "yaml-aliases", 8, func(t *text, n int) {
			t.line("a0: &a0 {name: [{service: p.S}], timeout: 1s}")
			t.repeat(n, func(i int) { t.line("a%d: &a%d [*a%d, *a%d, *a%d, *a%d]", i+1, i+1, i, i, i, i) })
			t.line("methodConfig: *a%d", n)
		}),
		one("a.yaml", "yaml-strings", 250, func(t *text, n int) {
			t.line("data:")
			t.repeat(n, func(i int) {
				t.line("  config%d: |\n    {\"methodConfig\": [{\"name\": [{\"service\": \"p.S\"}], \"timeout\": \"1s\"}]}", i)
			})
		}),
		config("config-rules", 25_000, func(t *text, n int) {
			t.line("rules:")
			t.repeat(n, func(i int) { t.line("  no-such/rule-%d: error", i) })
		}),
		config("config-excludes", 2_500, func(t *text, n int) {
			t.line("exclude:")
			t.repeat(n, func(i int) {
				t.line("  - path: \"**/x%d/**\"\n    rules: [deadline/missing]\n    reason: because", i)
			})
		}),
		config("config-deep", 1000, func(t *text, n int) {
			t.line("rules: %s{}%s", strings.Repeat("[", n), strings.Repeat("]", n))
		}),
	}
}
