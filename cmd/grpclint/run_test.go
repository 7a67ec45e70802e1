package main

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
)

// The run section of the configuration says what flags say, unless one does.
func TestRunSection(t *testing.T) {
	const generated = "generated/generated.go:12 deadline/missing"
	const special = "client/tagged.go:12 deadline/missing"
	tests := []struct {
		config string
		args   []string
		want   string
		status int
	}{
		{"{severity: error, fail-on: error}", nil, nonpositive + ", " + unknown, 1},
		{"{severity: error, fail-on: error}", []string{"-severity=warning"}, nonpositive + ", " + missing + ", " + unknown, 1},
		{"{fail-on: never}", nil, nonpositive + ", " + missing + ", " + unknown, 0},
		{"{fail-on: never}", []string{"-fail-on=error"}, nonpositive + ", " + missing + ", " + unknown, 1},
		{"{tests: false}", nil, nonpositive + ", " + missing, 1},
		{"{tests: false}", []string{"-tests"}, nonpositive + ", " + missing + ", " + unknown, 1},
		{"{tags: [special]}", nil, nonpositive + ", " + missing + ", " + unknown + ", " + special, 1},
		{"{tags: [special]}", []string{"-tags="}, nonpositive + ", " + missing + ", " + unknown, 1},
		{"{generated: true}", nil, nonpositive + ", " + missing + ", " + unknown + ", " + generated, 1},
		{"{modules: true}", nil, nonpositive + ", " + missing + ", " + unknown + ", nested/nested.go:10 deadline/missing", 1},
	}
	for _, test := range tests {
		dir := moduletest.Write(t, module+"-- .grpclint.yaml --\nrun: "+test.config+"\n")
		got := runIn(t, dir, test.args...)
		if found := lines(got.stdout); found != test.want || got.status != test.status {
			t.Errorf("%s %s: status %d, found\n%s\nwant %d\n%s\n%s", test.config, test.args, got.status, found, test.status, test.want, got.stderr)
		}
	}
	dir := moduletest.Write(t, module+"-- .grpclint.yaml --\nrun: {matrix: [linux/amd64, linux/amd64+special]}\n")
	if got := runIn(t, dir); !strings.Contains(got.stdout, "[deadline/missing] (only linux/amd64+special)") {
		t.Errorf("matrix: %s%s", got.stdout, got.stderr)
	}
}

// A rule that somebody switches on by name is shown, whatever -severity says
// of the others.
func TestNamedRule(t *testing.T) {
	const protos = `
-- book.proto --
syntax = "proto3";
package book.v1;

import "google/api/annotations.proto";

service Books {
  rpc GetBook(GetBookRequest) returns (Book) {
    option (google.api.http) = {get: "/v1/{name=books/*}"};
  }
}

message GetBookRequest {
  string name = 1;
}

message Book {
  string name = 1;
}
`
	const id = "[idempotency/unmarked-read]"
	dir := moduletest.Write(t, protos)
	for _, args := range []string{"", "-all"} {
		if got := runIn(t, dir, strings.Fields(args)...); strings.Contains(got.stdout, id) {
			t.Errorf("%s: %s", args, got.stdout)
		}
	}
	for _, args := range []string{"-enable=idempotency/unmarked-read", "-enable=idempotency", "-all -severity=info"} {
		if got := runIn(t, dir, strings.Fields(args)...); !strings.Contains(got.stdout, "info: ") || !strings.Contains(got.stdout, id) || got.status != 0 {
			t.Errorf("%s: %+v", args, got)
		}
	}
	configured := moduletest.Write(t, protos+"-- .grpclint.yaml --\nrules: {idempotency/unmarked-read: info}\n")
	for _, args := range []string{"", "-severity=error"} {
		if got := runIn(t, configured, strings.Fields(args)...); !strings.Contains(got.stdout, "info: ") || !strings.Contains(got.stdout, id) || got.status != 0 {
			t.Errorf("configured, %s: %+v", args, got)
		}
	}
}

// Services that show findings beside the code look for files from the
// repository's root, wherever grpclint runs.
func TestRepositoryPaths(t *testing.T) {
	repository := t.TempDir()
	dir := filepath.Join(repository, "services", "app")
	if err := os.CopyFS(dir, os.DirFS(moduletest.Write(t, module))); err != nil {
		t.Fatal(err)
	}
	const file = "client/client.go"
	mentions := func(format string, path string, args ...string) bool {
		t.Helper()
		got := runIn(t, dir, append([]string{"-format=" + format}, args...)...)
		for _, form := range []string{`"` + path + `"`, "file=" + path + ",", path + ":11:"} {
			if strings.Contains(got.stdout, form) {
				return true
			}
		}
		t.Logf("%s %s: %s", format, args, got.stdout)
		return false
	}
	outside := []string{"github", "gitlab", "sarif", "checkstyle", "junit"}
	for _, format := range outside {
		if !mentions(format, file) {
			t.Errorf("%s without a repository: not from the working directory", format)
		}
	}
	if err := os.Mkdir(filepath.Join(repository, ".git"), 0o777); err != nil {
		t.Fatal(err)
	}
	for _, format := range outside {
		if !mentions(format, "services/app/"+file) {
			t.Errorf("%s: not from the repository's root", format)
		}
		if !mentions(format, "x/y/"+file, "-path-prefix=x/y/") {
			t.Errorf("%s: without the prefix", format)
		}
		if !mentions(format, file, "-path-prefix=") {
			t.Errorf("%s: not from the working directory", format)
		}
	}
	for _, format := range []string{"text", "json"} {
		if !mentions(format, file) {
			t.Errorf("%s: not from the working directory", format)
		}
	}
}

func TestColor(t *testing.T) {
	tests := []struct {
		choice, noColor, forceColor string
		want                        bool
	}{
		{"auto", "", "", false},
		{"auto", "", "1", true},
		{"auto", "1", "1", false},
		{"always", "1", "", true},
		{"never", "", "1", false},
	}
	for _, test := range tests {
		t.Setenv("NO_COLOR", test.noColor)
		t.Setenv("FORCE_COLOR", test.forceColor)
		if got := colors(test.choice, new(bytes.Buffer)); got != test.want {
			t.Errorf("%+v: %v", test, got)
		}
	}
	dir := moduletest.Write(t, module)
	if got := runIn(t, dir, "-color=always", "./client"); !strings.Contains(got.stdout, "\x1b[1m"+"client/client.go:11:42:") {
		t.Errorf("-color=always: %q", got.stdout)
	}
	if got := runIn(t, dir, "-color=alway", "./client"); got.status != 2 || !strings.Contains(got.stderr, "nearest: always") {
		t.Errorf("-color=alway: %+v", got)
	}
}

// What people type by habit.
func TestHabits(t *testing.T) {
	dir := moduletest.Write(t, module)
	if got, want := runIn(t, dir, "-tests=false"), nonpositive+", "+missing; lines(got.stdout) != want {
		t.Fatalf("%+v", got)
	}
	var stdout, stderr bytes.Buffer
	if status := run(t.Context(), []string{"run", "-C", dir, "-tests=false", "./..."}, &stdout, &stderr); status != 1 || lines(stdout.String()) != nonpositive+", "+missing {
		t.Errorf("run: status %d, %s%s", status, &stdout, &stderr)
	}
	for _, word := range []string{"-version", "--version", "version"} {
		stdout.Reset()
		if status := run(t.Context(), []string{word}, &stdout, &stderr); status != 0 || !strings.HasPrefix(stdout.String(), "grpclint ") {
			t.Errorf("%s: status %d, %s%s", word, status, &stdout, &stderr)
		}
	}
	for _, words := range [][]string{{"-h"}, {"-help"}, {"--help"}, {"help"}} {
		stdout.Reset()
		if status := run(t.Context(), words, &stdout, &stderr); status != 0 {
			t.Errorf("%s: status %d", words, status)
		}
		for _, c := range commands() {
			if !strings.Contains(stdout.String(), "\n  "+c.name+" ") || c.about == "" {
				t.Errorf("%s does not tell of %s", words, c.name)
			}
		}
	}
	stdout.Reset()
	if status := run(t.Context(), []string{"help", "explain"}, &stdout, &stderr); status != 0 || !strings.Contains(stdout.String(), "usage: grpclint explain") {
		t.Errorf("help explain: status %d, %s%s", status, &stdout, &stderr)
	}
	for args, want := range map[string]string{
		"-fail-on=warn": "nearest: warning", "-severity=err": "nearest: error", "-j 0": "-j 0: give a number of packages, 1 or more", "-j -1": "1 or more",
	} {
		if got := runIn(t, dir, strings.Fields(args)...); got.status != 2 || !strings.Contains(got.stderr, want) {
			t.Errorf("%s: %+v, want %s", args, got, want)
		}
	}
}

// What is missing around the program is named.
func TestPoorSurroundings(t *testing.T) {
	dir := moduletest.Write(t, module)
	t.Run("platform", func(t *testing.T) {
		got := runIn(t, dir, "-matrix=foo/bar")
		if got.status != 2 || !strings.Contains(got.stderr, "unsupported GOOS/GOARCH pair foo/bar") || strings.Contains(got.stderr, "no build of -matrix") {
			t.Errorf("%+v", got)
		}
	})
	t.Run("home", func(t *testing.T) {
		for _, name := range []string{"HOME", "XDG_CACHE_HOME", "GOCACHE", "GOMODCACHE", "GOPATH", "USERPROFILE", "LocalAppData"} {
			t.Setenv(name, "")
			os.Unsetenv(name)
		}
		if got := runIn(t, dir); got.status != 2 || strings.Contains(got.stderr, "no package matches") || !strings.Contains(got.stderr, "HOME") {
			t.Errorf("%+v", got)
		}
	})
	t.Run("go", func(t *testing.T) {
		t.Setenv("PATH", t.TempDir())
		if got := runIn(t, dir); got.status != 2 || !strings.Contains(got.stderr, "there is no go command on PATH") {
			t.Errorf("%+v", got)
		}
		protos := moduletest.Write(t, "-- a.proto --\nsyntax = \"proto3\";\npackage a.v1;\n")
		if err := os.Remove(filepath.Join(protos, "go.mod")); err != nil {
			t.Fatal(err)
		}
		if got := runIn(t, protos); got.status != 0 {
			t.Errorf("protos alone need no go command: %+v", got)
		}
	})
}

// Files that only cgo brings in are named, and blamed for what is missing.
func TestCgoOff(t *testing.T) {
	t.Setenv("CGO_ENABLED", "0")
	got := runIn(t, moduletest.Write(t, `
-- go.mod --
module example.com/app

go 1.26.0

require grpc
-- mixed/c.go --
package mixed

// int one() { return 1; }
import "C"

func one() int { return int(C.one()) }
-- mixed/go.go --
package mixed

import _ "google.golang.org/grpc"

var _ = one()
-- whole/c.go --
package whole

import "C"
-- other/other_windows.go --
package other
`), "-format=json")
	if got.status != 2 || !strings.Contains(got.stderr, "left out, because cgo is off: mixed/c.go and whole/c.go (") {
		t.Errorf("status %d, %s", got.status, got.stderr)
	}
	var doc struct {
		Errors []struct{ File, Message string }
	}
	if err := json.Unmarshal([]byte(got.stdout), &doc); err != nil {
		t.Fatal(err)
	}
	if len(doc.Errors) != 1 || doc.Errors[0].File != "mixed/go.go" || !strings.HasSuffix(doc.Errors[0].Message, "(cgo is off, which leaves out c.go)") {
		t.Errorf("%+v", doc.Errors)
	}
}

// Without a go.mod a folder is what stands in it and below.
func TestFolderOfProtos(t *testing.T) {
	dir := moduletest.Write(t, "-- a/b/c.proto --\nsyntax = \"proto3\";\npackage c.v1;\nmessage M {}\nservice S { rpc CreateM(CreateMRequest) returns (M); }\nmessage CreateMRequest { int64 request_id = 1; }\n")
	if err := os.Remove(filepath.Join(dir, "go.mod")); err != nil {
		t.Fatal(err)
	}
	file := filepath.Join(dir, "a", "b", "c.proto")
	inModule := moduletest.Write(t, "-- m.go --\npackage m\n-- a/b/c.proto --\n"+read(t, file))
	if got := runIn(t, inModule, "."); got.status != 0 {
		t.Errorf("in a module, . is one package: %+v", got)
	}
	for _, pattern := range []string{"", ".", "./...", "a", "./a", filepath.Join(dir, "a")} {
		got := runIn(t, dir, strings.Fields(pattern)...)
		if got.status != 1 || !strings.Contains(got.stdout, "a/b/c.proto:5:26: error: ") || got.stderr != "" {
			t.Errorf("%q: %+v", pattern, got)
		}
	}
}

func read(t *testing.T, file string) string {
	t.Helper()
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	return string(text)
}
