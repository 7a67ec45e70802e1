package nginxconf

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/deploycheck/source"
)

func text(content string) *source.Text {
	return source.Whole(&source.File{Path: "nginx.conf", Content: []byte(content)})
}

func shown(list []*Directive) string {
	var b strings.Builder
	for _, d := range list {
		fmt.Fprintf(&b, "(%s", d.Text)
		for _, a := range d.Args {
			fmt.Fprintf(&b, " %q", a.Text)
		}
		if d.HasBlock {
			b.WriteString(" " + shown(d.Block))
		}
		b.WriteString(")")
	}
	return b.String()
}

func TestParse(t *testing.T) {
	for content, want := range map[string]string{
		"":   "",
		"a;": "(a)",
		"listen 80 http2; # x\nb 'c d' \"e\\\"f\";":                 `(listen "80" "http2")(b "c d" "e\"f")`,
		"server { location / { grpc_pass grpc://${HOST}:50051; } }": `(server (location "/" (grpc_pass "grpc://${HOST}:50051")))`,
		"{{ if .x }}\nlisten {{ .port }};\n{{ end }}\nb;":           `(listen "{{ .port }}")(b)`,
		"content_by_lua_block { if a then b = { c } end } d;":       `(content_by_lua_block )(d)`,
		"location ~* \\.(a|b)$ { x; }":                              `(location "~*" "\\.(a|b)$" (x))`,
	} {
		got, err := Parse(text(content))
		if err != nil || shown(got) != want {
			t.Errorf("%q: %s, %v; want %s", content, shown(got), err, want)
		}
	}
	for content, line := range map[string]int{"a {\nb;": 1, "a;\n}": 2, "a\n": 1, "a;\nb 'c": 2, "a ${b": 1, "a { b }": 1} {
		_, err := Parse(text(content))
		var e *Error
		if !errors.As(err, &e) || e.Line != line {
			t.Errorf("%q: %v", content, err)
		}
	}
}

func TestInherited(t *testing.T) {
	top, err := Parse(text("http { grpc_read_timeout 1h; server { location / { grpc_pass x; } } server { include y; location / { grpc_pass x; } } }"))
	if err != nil {
		t.Fatal(err)
	}
	var passes []*Directive
	Walk(top, func(d *Directive) {
		if d.Text == "grpc_pass" {
			passes = append(passes, d)
		}
	})
	for i, want := range []bool{true, false} {
		if d, known := passes[i].Inherited(top, "grpc_read_timeout"); d == nil || d.Arg() != "1h" || known != want {
			t.Errorf("%d: %v, %v", i, d, known)
		}
	}
	if d, known := passes[0].Inherited(top, "client_max_body_size"); d != nil || !known {
		t.Errorf("%v, %v", d, known)
	}
}

// Whatever the text is, its words are at places in it.
func FuzzParse(f *testing.F) {
	f.Add("http { server { listen 80; location /a.B/ { grpc_pass grpc://x; } } }")
	f.Add("a 'b\\'c' \"d\" ${e}{{f}} { g; }")
	f.Add("x_by_lua_block { {} }")
	f.Fuzz(func(t *testing.T, content string) {
		top, _ := Parse(text(content))
		Walk(top, func(d *Directive) {
			for _, w := range append([]Word{d.Word, {Span: d.Whole()}}, d.Args...) {
				if from, to := w.Span.InFile(); from < 0 || to < from || to > len(content) {
					t.Fatalf("%q at %d to %d of %d", w.Text, from, to, len(content))
				}
			}
		})
	})
}
