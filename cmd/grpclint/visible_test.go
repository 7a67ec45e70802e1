package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/finding/visible"
	"github.com/grpclint/grpclint/internal/moduletest"
)

// Whatever files are called and hold, no command sends it on to a terminal or
// to the log of a CI system as it is.
func TestNothingHidden(t *testing.T) {
	const escape = "x\x1b[31m\u009b\u202e\x07\n::error ::##[error]##vso[task.x]"
	dir := moduletest.Write(t, `
-- a/a.go --
package a

import (
	"context"

	pb "google.golang.org/grpc/orderpb"
)

func Poll(client pb.OrderServiceClient) {
	client.GetOrder(context.Background(), &pb.GetOrderRequest{}) // ESCAPE
}
-- broken/broken.go --
package broken

import "google.golang.org/grpc"

var _ = grpc.Missing("ESCAPE") + "ESCAPE"
`)
	// Of a comment, only what is in its line.
	inLine := strings.ReplaceAll(escape, "\n", " ")
	for name, text := range map[string]string{
		"a/a.go":                            "",
		"broken/broken.go":                  "",
		escape + "_service_config.json":     `{"methodConfig": [{"name": [{"service": "a` + inLine + `"}], "timeout": "` + inLine + `"}], "` + inLine + `": 1}`,
		"good_service_config.json":          `{"methodConfig": [{"name": [{"service": "x\u001b.Y\n\u202e"}], "timeout": "1s"}]}`,
		escape + ".proto":                   "syntax = \"proto3\";\n/* " + inLine + " */ message M { string " + inLine + " = 1; }\n",
		"b.proto":                           "syntax = \"proto3\";\npackage x;\nimport \"" + inLine + ".proto\";\nservice S { rpc UpdateM(M) returns (M); }\nmessage M { string name = 1; }\n",
		"::error ::" + inLine + ".yaml":     "a: {" + inLine,
		"config.yaml":                       "rules:\n  \"" + `\x1b::error ` + "\": off\n",
		escape + "-dir/service_config.json": "{",
	} {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if text == "" {
			was, err := os.ReadFile(path)
			if err != nil {
				t.Fatal(err)
			}
			text = strings.ReplaceAll(string(was), "ESCAPE", inLine)
		}
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Skip(err) // no such names on this system
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Skip(err)
		}
	}
	said := 0
	for _, args := range [][]string{
		{}, {"-v"}, {"-format=github"}, {"-format=html"}, {"-format=json"}, {"-format=sarif"}, {"-format=junit"}, {"-new-from=" + escape},
		{"-config=config.yaml"}, {"-" + escape}, {"-format=" + escape}, {"-enable=" + escape}, {escape}, {"-C=" + escape},
		{"coverage"}, {"codes"}, {"codes", "-format=json"}, {"graph"}, {"graph", "-format=json"}, {"graph", "-format=svg"}, {"graph", "-format=mermaid"},
		{"explain", escape}, {"explain", "-method=" + escape + "/" + escape, "./..."},
		{"explain", "-service-config=good_service_config.json"}, {"explain", "-service-config=" + escape + "_service_config.json"},
		{"rules", escape}, {"config", "-config=config.yaml"}, {"baseline", escape}, {"baseline", "write"}, {"baseline", "prune"}, {escape, escape},
	} {
		got := runCommand(t, dir, args...)
		said += len(got.stdout) + len(got.stderr)
		for line := range strings.SplitSeq(strings.ReplaceAll(got.stdout+got.stderr, "\t", ""), "\n") {
			if strings.ContainsFunc(line, visible.Hidden) || strings.Contains(line, "##[") || strings.Contains(line, "##vso[") ||
				!strings.HasPrefix(strings.Join(args, " "), "-format=github") && strings.HasPrefix(strings.TrimSpace(line), "::") {
				t.Errorf("%q: the line %q", args, line)
			}
		}
	}
	if said < 5000 {
		t.Errorf("the commands have said no more than %d bytes", said)
	}
}
