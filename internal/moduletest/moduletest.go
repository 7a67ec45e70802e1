// Package moduletest writes small Go modules to disk for tests of loading
// and of the program as a whole.
package moduletest

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"
)

// Write extracts a txtar archive into a new folder, which it returns. A file
// go.mod that the archive does not have is added; "require grpc" in a go.mod
// stands for a requirement of, and a replacement by, a module that has
// nothing of gRPC but the import path and a few declarations. So no test
// waits for the real one to be downloaded or compiled.
func Write(t testing.TB, archive string) string {
	t.Helper()
	dir := t.TempDir()
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	root := filepath.Join(dir, "main")
	files := map[string]string{"go.mod": "module example.com/m\n\ngo 1.25\n\nrequire grpc\n"}
	for _, f := range txtar.Parse([]byte(archive)).Files {
		files[f.Name] = string(f.Data)
	}
	for name, text := range files {
		if filepath.Base(name) == "go.mod" {
			text = strings.ReplaceAll(text, "require grpc\n",
				"require google.golang.org/grpc v1.99.0\n\nreplace google.golang.org/grpc => "+filepath.ToSlash(filepath.Join(dir, "grpc"))+"\n")
		}
		if text == "none\n" {
			continue // the archive wants no such file
		}
		write(t, filepath.Join(root, filepath.FromSlash(name)), text)
	}
	for name, text := range grpc {
		write(t, filepath.Join(dir, "grpc", name), text)
	}
	return root
}

func write(t testing.TB, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}

var grpc = map[string]string{
	"go.mod": "module google.golang.org/grpc\n\ngo 1.25\n",
	"grpc.go": `package grpc

const Version = "1.99.0"

type ClientConn struct{}

func (*ClientConn) Close() error { return nil }

func NewClient(target string) (*ClientConn, error) { return &ClientConn{}, nil }
`,
	"codes/codes.go": "package codes\n\ntype Code uint32\n",
	"health/health.go": `package health

import "google.golang.org/grpc"

func Watch(cc *grpc.ClientConn) {}
`,
}

// Environ returns the environment for commands of tests: nothing of the
// developer's own settings, and no downloads.
func Environ(extra ...string) []string {
	env := append(os.Environ(), "GOWORK=", "GOFLAGS=", "GOPROXY=off", "GO111MODULE=", "GOTOOLCHAIN=local")
	return append(env, extra...)
}
