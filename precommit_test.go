package grpclint

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
)

// Each hook, run by pre-commit itself in a repository that uses this one,
// stops a commit that is wrong and lets one pass that is not.
// .ci/run installs pre-commit.
func TestPreCommit(t *testing.T) {
	if os.Getenv("CI") == "" {
		t.Skip("takes long, and needs pre-commit: set CI to run it")
	}
	hooks := hookRepository(t)
	home := t.TempDir() // hooks are built once
	for _, test := range []struct {
		hook        string
		file        string
		wrong, says string
		right       string
	}{
		{
			hook: "grpclint",
			file: "client/client.go",
			wrong: `package client

import (
	"context"

	pb "google.golang.org/grpc/orderpb"
)

func Get(client pb.OrderServiceClient) (*pb.Order, error) {
	return client.GetOrder(context.Background(), &pb.GetOrderRequest{})
}
`,
			says: "client/client.go:10:25: warning: OrderService.GetOrder can hang for ever",
			right: `package client

import (
	"context"

	pb "google.golang.org/grpc/orderpb"
)

func Get(ctx context.Context, client pb.OrderServiceClient) (*pb.Order, error) {
	return client.GetOrder(ctx, &pb.GetOrderRequest{})
}
`,
		},
		{
			hook:  "grpclint-proto",
			file:  "proto/shop.proto",
			wrong: strings.Replace(shopProto, "LEVEL", "NO_SIDE_EFFECTS", 1),
			says:  "[idempotency/level]",
			right: strings.Replace(shopProto, "LEVEL", "IDEMPOTENT", 1),
		},
		{
			hook:  "grpclint-service-config",
			file:  "deploy/shop_service_config.json",
			wrong: `{"methodConfig": [{"name": [{}], "timeout": "400ms"}]}`,
			says:  "[serviceconfig/duration]",
			right: `{"methodConfig": [{"name": [{}], "timeout": "0.4s"}]}`,
		},
		{
			hook:  "grpclint-config",
			file:  ".grpclint.yaml",
			wrong: "rules:\n  deadline/mising: off\n",
			says:  "deadline/missing",
			right: "rules:\n  deadline/missing: off\n",
		},
	} {
		t.Run(test.hook, func(t *testing.T) {
			dir := moduletest.Write(t, "-- shop.go --\npackage shop\n")
			commit := func() (output string, ok bool) {
				t.Helper()
				inRepository(t, dir, "git", "add", "-A")
				cmd := exec.Command("git", "commit", "-q", "-m", "Change")
				cmd.Dir, cmd.Env = dir, repositoryEnv("PRE_COMMIT_HOME="+home)
				text, err := cmd.CombinedOutput()
				return string(text), err == nil
			}
			inRepository(t, dir, "git", "init", "-q")
			write(t, filepath.Join(dir, ".pre-commit-config.yaml"),
				"repos:\n  - repo: "+hooks+"\n    rev: v0.1.0\n    hooks:\n      - id: "+test.hook+"\n")
			inRepository(t, dir, "pre-commit", "install")
			if output, ok := commit(); !ok {
				t.Fatalf("the first commit is stopped:\n%s", output)
			}

			write(t, filepath.Join(dir, test.file), test.wrong)
			if output, ok := commit(); ok || !strings.Contains(output, test.says) || !strings.Contains(output, "- hook id: "+test.hook+"\n") {
				t.Errorf("a wrong commit passes: %t, and pre-commit says\n%s", ok, output)
			}
			write(t, filepath.Join(dir, test.file), test.right)
			if output, ok := commit(); !ok || !strings.Contains(output, "Passed") {
				t.Errorf("a right commit passes: %t, and pre-commit says\n%s", ok, output)
			}
		})
	}
	names := inRepository(t, ".", "sed", "-n", "s/^- id: //p", ".pre-commit-hooks.yaml")
	if n := strings.Count(names, "\n"); n != 4 {
		t.Errorf("%d hooks, of which 4 are tested: %s", n, names)
	}
}

const shopProto = `syntax = "proto3";

package shop.v1;

service Shop {
  rpc DeleteOrder(DeleteOrderRequest) returns (DeleteOrderResponse) {
    option idempotency_level = LEVEL;
  }
}

message DeleteOrderRequest {
  string name = 1;
}

message DeleteOrderResponse {}
`

// hookRepository makes a repository of the files of this one as they are
// now, without tests and their data, and returns its folder.
func hookRepository(t *testing.T) string {
	t.Helper()
	dir := t.TempDir()
	for _, name := range strings.Split(inRepository(t, ".", "git", "ls-files", "-z", "--cached", "--others", "--exclude-standard"), "\x00") {
		if name == "" || strings.HasSuffix(name, "_test.go") || strings.Contains("/"+name, "/testdata/") {
			continue
		}
		text, err := os.ReadFile(name)
		if os.IsNotExist(err) {
			continue // deleted, and not yet committed
		} else if err != nil {
			t.Fatal(err)
		}
		write(t, filepath.Join(dir, name), string(text))
	}
	inRepository(t, dir, "git", "init", "-q")
	inRepository(t, dir, "git", "add", "-A")
	inRepository(t, dir, "git", "commit", "-q", "-m", "Release")
	inRepository(t, dir, "git", "tag", "v0.1.0")
	return dir
}

// inRepository runs a command without the developer's settings of git, and
// returns what it prints.
func inRepository(t *testing.T, dir, name string, args ...string) string {
	t.Helper()
	cmd := exec.Command(name, args...)
	cmd.Dir, cmd.Env = dir, repositoryEnv()
	output, err := cmd.CombinedOutput()
	if err != nil {
		t.Fatalf("%v: %v\n%s", cmd.Args, err, output)
	}
	return string(output)
}

// repositoryEnv has the module cache of this machine: pre-commit builds hooks
// in a GOPATH of their own.
func repositoryEnv(extra ...string) []string {
	env := append(os.Environ(), "GOWORK=off", "GOMODCACHE="+goEnv("GOMODCACHE"), "GIT_CONFIG_GLOBAL="+os.DevNull, "GIT_CONFIG_NOSYSTEM=1",
		"GIT_AUTHOR_NAME=Test", "GIT_AUTHOR_EMAIL=test@example.com", "GIT_COMMITTER_NAME=Test", "GIT_COMMITTER_EMAIL=test@example.com")
	return append(env, extra...)
}

func goEnv(name string) string {
	output, err := exec.Command("go", "env", name).Output()
	if err != nil {
		return ""
	}
	return strings.TrimSpace(string(output))
}

func write(t *testing.T, name, text string) {
	t.Helper()
	if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
		t.Fatal(err)
	}
	if err := os.WriteFile(name, []byte(text), 0o666); err != nil {
		t.Fatal(err)
	}
}
