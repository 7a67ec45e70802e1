package yamldoc

import (
	"errors"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/deploycheck/source"
)

func parse(t *testing.T, content string) []*Node {
	t.Helper()
	docs, err := Read(source.Whole(&source.File{Path: "x.yaml", Content: []byte(content)}))
	if err != nil {
		t.Fatal(err)
	}
	return docs
}

func spanned(n *Node) string {
	span := n.Span()
	from, to := span.InFile()
	return string(span.Text.File.Content[from:to])
}

func TestGet(t *testing.T) {
	docs := parse(t, `
base: &base
  timeout: 5s
  retries: {attempts: 3}
route:
  <<: *base
  host: "orders"
none: None
nothing: ~
empty:
twice: 1
twice: 2
---
- 'it''s'
- ü: x
`)
	if len(docs) != 2 {
		t.Fatalf("%d documents", len(docs))
	}
	d := docs[0]
	for path, want := range map[string]string{
		"route.timeout": "5s", "route.host": "orders", "route.retries.attempts": "3", "none": "None", "twice": "", "empty": "", "route.nope": "",
	} {
		if got := d.Get(strings.Split(path, ".")...).String(); got != want {
			t.Errorf("%s: %q, want %q", path, got, want)
		}
	}
	for key, want := range map[string]bool{"none": false, "nothing": true, "empty": true, "twice": false, "other": true} {
		if got := d.Lacks(key); got != want {
			t.Errorf("lacks %s: %v", key, got)
		}
	}
	if got := spanned(d.Get("route", "host")); got != "orders" {
		t.Errorf("span %q", got)
	}
	if got := spanned(docs[1].Items()[1].Get("ü")); got != "x" {
		t.Errorf("span behind characters of two bytes: %q", got)
	}
	if got := spanned(docs[1].Items()[0]); got != "it''s" {
		t.Errorf("span of what is quoted: %q", got)
	}
}

func TestTemplates(t *testing.T) {
	closed := parse(t, "name: {{ .Release.Name }}-web\nport: 80\n")[0]
	if _, ok := closed.Get("name").Value(); ok {
		t.Error("what a template decides is taken for a value")
	}
	if !closed.Lacks("tls") {
		t.Error("no action can add a key")
	}
	open := parse(t, "{{- if .Values.web }}\nport: 80\n{{- with .Values.tls }}\ntls: {{ toYaml . | nindent 2 }}\n{{ end }}\n{{- end }}\n")[0]
	if open.Lacks("hosts") || open.Get("port").String() != "80" || spanned(open.Get("port")) != "80" {
		t.Error("a template with conditions")
	}
	both := parse(t, "{{ if .a }}\nport: 1\n{{ else }}\nport: 2\n{{ end }}\n")[0]
	if both.Get("port") != nil {
		t.Error("one of two")
	}
	for _, text := range []string{"{{", "a: {{ x", "}}{{", "{{}}{{", "a: {{/* x\ny */}}\nb: 1\n", "a: {{ .x | default\n  \"y\" }}\nb: 1\n"} {
		got, _ := filled([]byte(text))
		if len(got) != len(text) || strings.Count(string(got), "\n") != strings.Count(text, "\n") {
			t.Errorf("%q became %q", text, got)
		}
	}
}

func TestText(t *testing.T) {
	d := parse(t, "data:\n  nginx.conf: |\n    server {\n      listen 80;\n    }\n")[0]
	text := d.Get("data", "nginx.conf").Text()
	at := strings.Index(string(text.Content), "listen 80")
	from, to := source.Span{Text: text, Start: at, End: at + len("listen 80")}.InFile()
	if got := string(text.File.Content[from:to]); got != "listen 80" {
		t.Errorf("span %q", got)
	}
	if line := (source.Span{Text: text, Start: at}).Line(); line != 4 {
		t.Errorf("line %d", line)
	}
}

func TestErrors(t *testing.T) {
	docs, err := Read(source.Whole(&source.File{Content: []byte("a: 1\n---\nb: [\n")}))
	var e *Error
	if len(docs) != 1 || !errors.As(err, &e) {
		t.Errorf("%d documents, %v", len(docs), err)
	}
	loop := "a: &a\n  b: *a\n"
	docs, _ = Read(source.Whole(&source.File{Content: []byte(loop)}))
	for _, d := range docs {
		_ = d.Get("a", "b", "b", "b", "c").Lacks("x")
	}
	merges := "a: &a\n  <<: *a\n  x: 1\n"
	docs, _ = Read(source.Whole(&source.File{Content: []byte(merges)}))
	for _, d := range docs {
		d.Get("a").Lacks("y")
	}
}

// Whatever the text is, its parts are at places in it.
func FuzzRead(f *testing.F) {
	f.Add("a: {{ .x }}\nb:\n  - c: |\n      d\n")
	f.Add("&a b: *a\n? x\n: y\n")
	f.Add("\t\n\"a\\u00fc\": 'b''c'\n---\n%YAML 1.1\n")
	f.Fuzz(func(t *testing.T, content string) {
		docs, _ := Read(source.Whole(&source.File{Content: []byte(content)}))
		var visit func(n *Node, depth int)
		visit = func(n *Node, depth int) {
			from, to := n.Span().InFile()
			if from < 0 || to < from || to > len(content) {
				t.Fatalf("span %d to %d of %d bytes", from, to, len(content))
			}
			if text := n.Text(); text != nil {
				from, to := source.Span{Text: text, Start: 0, End: len(text.Content)}.InFile()
				if from < 0 || to < from || to > len(content) {
					t.Fatalf("text %d to %d of %d bytes", from, to, len(content))
				}
			}
			if depth == 0 {
				return
			}
			for _, f := range n.Fields() {
				visit(f.Key, depth-1)
				visit(f.Value, depth-1)
				n.Get(f.Name)
				n.Lacks(f.Name)
			}
			for _, item := range n.Items() {
				visit(item, depth-1)
			}
		}
		for _, d := range docs {
			visit(d, 6)
		}
	})
}
