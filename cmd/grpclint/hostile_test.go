package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
)

// place puts something under the name of a file of a module.
type place struct {
	name string
	put  func(t *testing.T, path string)
}

func fifo(t *testing.T, path string) { makeFIFO(t, path) }

func folder(t *testing.T, path string) {
	if err := os.MkdirAll(path, 0o777); err != nil {
		t.Fatal(err)
	}
}

func linkTo(target string) func(*testing.T, string) {
	return func(t *testing.T, path string) {
		if err := os.Symlink(target, path); err != nil {
			t.Skip(err)
		}
	}
}

// What is no file, or none of the repository's, is named, and nothing waits
// for it or shows what is in it. All else is checked.
func TestHostileFiles(t *testing.T) {
	const (
		irregular = "is no regular file"
		secret    = "root:x:0:0:root"
		found     = nonpositive + ", " + missing
	)
	tests := []struct {
		name   string
		places []place
		args   string
		status int
		found  string
		says   string
	}{
		{"config FIFO", []place{{".grpclint.yaml", fifo}}, "", 2, "", ".grpclint.yaml: " + irregular},
		{"config device", []place{{".grpclint.yaml", linkTo("/dev/zero")}}, "", 2, "", ".grpclint.yaml: is a link out of the repository"},
		{"config folder", []place{{".grpclint.yaml", folder}}, "", 2, "", ".grpclint.yaml: is a folder"},
		{"config endless", []place{{".grpclint.yaml", linkTo(".grpclint.yaml")}}, "", 2, "", ".grpclint.yaml: is a link that leads back to itself"},
		{"config dangling", []place{{".grpclint.yaml", linkTo("nothing")}}, "", 2, "", ".grpclint.yaml: is a link to nothing"},
		{"config elsewhere", []place{{".grpclint.yaml", linkTo("../secret")}}, "", 2, "", ".grpclint.yaml: is a link out of the repository"},
		{"config named elsewhere", []place{{"c.yaml", linkTo("../secret")}}, "-config=c.yaml", 2, "", "c.yaml: is a link out of the repository"},
		{"baseline FIFO", []place{{"b.json", fifo}}, "-baseline=b.json", 2, "", "b.json: " + irregular},
		{"baseline elsewhere", []place{{"b.json", linkTo("../secret")}}, "-baseline=b.json", 2, "", "b.json: is a link out of the repository"},
		{"go.mod FIFO", []place{{"go.mod", fifo}}, "", 2, "", "go.mod: " + irregular},
		{"go.mod device", []place{{"go.mod", linkTo("/dev/zero")}}, "", 2, "", "go.mod: " + irregular},
		{"go.sum FIFO", []place{{"go.sum", fifo}}, "", 2, "", "go.sum: " + irregular},
		{"modules.txt FIFO", []place{{"vendor", folder}, {"vendor/modules.txt", fifo}}, "", 2, "", "vendor/modules.txt: " + irregular},
		{"buf.yaml FIFO", []place{{"buf.yaml", fifo}, {"a.proto", content("syntax = \"proto3\";\n")}}, "", 1, found, ""},
		{"source FIFO", []place{{"client/more.go", fifo}, {"plain/plain.c", fifo}}, "", 2, found, "client/more.go: " + irregular},
		{"source FIFO in a folder", []place{{"client/more.go", fifo}}, "./client", 2, found, "client/more.go: " + irregular},
		{"source device", []place{{"client/more.go", linkTo("/dev/zero")}}, "", 2, found, "client/more.go: " + irregular},
		{"named config elsewhere", []place{{"x.json", linkTo("../secret")}}, "x.json", 2, "", "x.json: is a link out of the repository"},
		{"named proto elsewhere", []place{{"x.proto", linkTo("../secret")}}, "x.proto", 2, "", "x.proto: is a link out of the repository"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			t.Setenv("GOFLAGS", "-mod=mod")
			dir := moduletest.Write(t, module)
			folder(t, filepath.Join(dir, ".git"))
			content(secret)(t, filepath.Join(dir, "..", "secret"))
			for _, p := range test.places {
				path := filepath.Join(dir, filepath.FromSlash(p.name))
				_ = os.Remove(path)
				p.put(t, path)
			}
			got := runIn(t, dir, append([]string{"-quiet", "-tests=false"}, strings.Fields(test.args)...)...)
			if got.status != test.status || lines(got.stdout) != test.found || !strings.Contains(got.stderr, test.says) {
				t.Errorf("got %+v", got)
			}
			if strings.Contains(got.stdout+got.stderr, "root:x") {
				t.Errorf("the secret is out: %+v", got)
			}
		})
	}
}

// Of the files with fixes those that can be written are, the others are named,
// and their findings are there.
func TestFixUnwritable(t *testing.T) {
	dir := moduletest.Write(t, fixable+strings.Replace(strings.Replace(fixable, "server/server.go", "readonly/readonly.go", 1), "package server", "package readonly", 1)+
		strings.Replace(strings.Replace(fixable, "server/server.go", "linked/doc.go", 1), "package server", "package linked", 1))
	linked, outside := filepath.Join(dir, "linked", "doc.go"), filepath.Join(dir, "..", "outside.go")
	if err := os.Rename(linked, outside); err != nil {
		t.Fatal(err)
	}
	linkTo(outside)(t, linked)
	if err := os.Chmod(filepath.Join(dir, "readonly", "readonly.go"), 0o444); err != nil {
		t.Fatal(err)
	}
	before, err := os.ReadFile(outside)
	if err != nil {
		t.Fatal(err)
	}
	got := runIn(t, dir, "-fix")
	if got.status != 2 || strings.Count(got.stdout, "deadline/detached") == 0 ||
		!strings.Contains(got.stderr, "readonly/readonly.go: not fixed: is read-only") || !strings.Contains(got.stderr, "linked/doc.go: not fixed: is a link") {
		t.Errorf("got %+v", got)
	}
	if now, _ := os.ReadFile(filepath.Join(dir, "server", "server.go")); !strings.Contains(string(now), fixedLine) {
		t.Errorf("-fix leaves\n%s", now)
	}
	if now, _ := os.ReadFile(outside); string(now) != string(before) {
		t.Errorf("a file outside is now\n%s", now)
	}
}
