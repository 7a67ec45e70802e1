package main

import (
	"bytes"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
)

// runCommand runs a subcommand in a folder.
func runCommand(t *testing.T, dir string, args ...string) result {
	t.Helper()
	t.Setenv("GOWORK", "off")
	t.Chdir(dir)
	var stdout, stderr bytes.Buffer
	status := run(t.Context(), args, &stdout, &stderr)
	return result{status, stdout.String(), stderr.String()}
}

// edit replaces text in a file of a module.
func edit(t *testing.T, dir, file, old, text string) {
	t.Helper()
	path := filepath.Join(dir, file)
	before, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if !strings.Contains(string(before), old) {
		t.Fatalf("%s has no %q", file, old)
	}
	if err := os.WriteFile(path, []byte(strings.ReplaceAll(string(before), old, text)), 0o666); err != nil {
		t.Fatal(err)
	}
}

func TestBaseline(t *testing.T) {
	dir := moduletest.Write(t, module)
	expect := func(got result, status int, stdout, stderr string) {
		t.Helper()
		if got.status != status || !strings.Contains(got.stdout, stdout) || !strings.Contains(got.stderr, stderr) {
			t.Errorf("status %d, want %d\n%s%s\nwant %q and %q", got.status, status, got.stdout, got.stderr, stdout, stderr)
		}
	}
	expect(runCommand(t, dir, "baseline", "check"), 2, "", "no baseline")
	expect(runCommand(t, dir, "baseline", "write"), 0, "3 findings in the baseline", "")
	expect(runCommand(t, dir, "baseline", "check"), 0, "0 findings, 1 suppressed, 3 in the baseline", "")
	expect(runIn(t, dir, "-baseline", ".grpclint-baseline.json", "-format=json"), 0, `"baselined": 3`, "")

	// Lines that move, names that change and another format change nothing.
	edit(t, dir, "client/client.go", "import (", "// A comment.\n\n\nimport (")
	edit(t, dir, "client/client.go", "return fetch(context.Background(), client)", "background := context.Background()\n\terr := fetch(\n\t\tbackground,\n\t\tclient)\n\treturn err")
	edit(t, dir, "client/client.go", "cancel", "release")
	expect(runCommand(t, dir, "baseline", "check"), 0, "3 in the baseline", "")

	// A second one of a kind is new.
	edit(t, dir, "client/client.go", "func Start(", "func Again(client pb.OrderServiceClient) error {\n\treturn fetch(context.Background(), client)\n}\n\nfunc Start(")
	expect(runCommand(t, dir, "baseline", "check", "-tests=false"), 1, "deadline/missing", "")

	// What is fixed is told, and pruned only where it was looked for.
	edit(t, dir, "client/client.go", "-time.Second", "time.Second")
	expect(runCommand(t, dir, "baseline", "check"), 1, "1 finding", "fixed since the baseline was written: client/client.go:")
	expect(runCommand(t, dir, "baseline", "prune", "./plain"), 0, "0 findings fixed, 3 left", "")
	expect(runCommand(t, dir, "baseline", "prune", "-disable", "deadline/nonpositive"), 0, "0 findings fixed, 3 left", "")
	expect(runCommand(t, dir, "baseline", "prune", "-severity", "error", "-fail-on", "error"), 0, "1 finding fixed, 2 left", "")
	expect(runCommand(t, dir, "baseline", "prune"), 0, "0 findings fixed, 2 left", "")
	edit(t, dir, "client/client.go", "time.Second", "-time.Second")
	expect(runCommand(t, dir, "baseline", "check", "-tests=false"), 1, "deadline/nonpositive", "")

	expect(runCommand(t, dir, "baseline"), 2, "", "(known: write, check, prune)")
	expect(runCommand(t, dir, "baseline", "prun"), 2, "", "(nearest: prune)")
	expect(runCommand(t, dir, "baseline", "write", "-fix"), 2, "", "go with check")
	expect(runCommand(t, dir, "baseline", "-help"), 0, "Usage: grpclint baseline write", "")
}

// commit makes a git repository of a folder.
func commit(t *testing.T, dir string) {
	t.Helper()
	for _, args := range [][]string{
		{"init", "-q"}, {"add", "-A"},
		{"-c", "user.name=a", "-c", "user.email=a@example.com", "commit", "-qm", "first"},
	} {
		if out, err := exec.Command("git", append([]string{"-C", dir}, args...)...).CombinedOutput(); err != nil {
			t.Fatalf("git %v: %v\n%s", args, err, out)
		}
	}
}

// TestNewPart: a finding that speaks of several RPCs with one cause is new
// where one of them is, and a baseline knows it by all of them.
func TestNewPart(t *testing.T) {
	dir := moduletest.Write(t, module)
	const poll = "func Poll(client pb.OrderServiceClient) error {\n"
	edit(t, dir, "client/client.go", poll+"\treturn fetch(context.Background(), client)", poll+
		"\tctx := context.Background()\n\tstep(ctx, client)\n\treturn nil")
	edit(t, dir, "client/client.go", poll, "func step(ctx context.Context, client pb.OrderServiceClient) {\n\tfetch(ctx, client)\n}\n\n"+poll)
	edit(t, dir, "client/client.go", "func Load(", "var conn grpc.ClientConnInterface\n\nfunc Load(")
	edit(t, dir, "client/client.go", "import (\n", "import (\n\t\"google.golang.org/grpc\"\n")
	commit(t, dir)
	if got := runCommand(t, dir, "baseline", "write"); got.status != 0 {
		t.Fatal(got.stderr)
	}

	edit(t, dir, "client/client.go", "\tstep(ctx, client)\n", "\tstep(ctx, client)\n\tconn.Invoke(ctx, \"/shop.OrderService/ListOrders\", nil, nil)\n\tconn.Invoke(ctx, \"/shop.OrderService/DeleteOrder\", nil, nil)\n")
	got := runIn(t, dir, "-tests=false", "-new-from=HEAD")
	if got.status != 1 || lines(got.stdout) != "client/client.go:31 deadline/missing" ||
		!strings.Contains(got.stdout, "OrderService.ListOrders and 1 more RPC can hang for ever: context.Background() has no deadline") ||
		!strings.Contains(got.stdout, "client/client.go:29:9: the whole finding is here") {
		t.Errorf("two RPCs on an old root: %d %s%s", got.status, got.stdout, got.stderr)
	}
	// The first RPC is another now: the nearest.
	if got := runIn(t, dir, "-tests=false", "-baseline", ".grpclint-baseline.json", "-fail-on=never"); !strings.HasPrefix(got.stdout, "0 findings") {
		t.Errorf("known by its other part: %s%s", got.stdout, got.stderr)
	}
	edit(t, dir, "client/client.go", "\tconn.Invoke(ctx, \"/shop.OrderService/ListOrders\", nil, nil)\n\tconn.Invoke(ctx, \"/shop.OrderService/DeleteOrder\", nil, nil)\n", "\t_ = client\n")
	if got := runIn(t, dir, "-tests=false", "-new-from=HEAD"); got.status != 0 {
		t.Errorf("nothing new for the RPC: %s%s", got.stdout, got.stderr)
	}
}

func TestNewFrom(t *testing.T) {
	dir := moduletest.Write(t, module)
	commit(t, dir)
	if got := runIn(t, dir, "-tests=false", "-new-from=HEAD"); got.status != 0 || lines(got.stdout) != "" || !strings.Contains(got.stderr, "left out: 2 on lines that are as in HEAD") {
		t.Errorf("nothing changed: %d %s%s", got.status, got.stdout, got.stderr)
	}
	edit(t, dir, "client/client.go", "fetch(context.Background(), client)\n}\n\nfunc Start", "fetch( context.Background(), client)\n}\n\nfunc Start")
	if got := runIn(t, dir, "-tests=false", "-new-from=HEAD"); got.status != 1 || lines(got.stdout) != missing {
		t.Errorf("a changed line: %d %s%s", got.status, got.stdout, got.stderr)
	}
	if got := runIn(t, dir, "-new-from=none"); got.status != 2 || !strings.Contains(got.stderr, `"none" is no revision`) {
		t.Errorf("unknown revision: %d %s", got.status, got.stderr)
	}
}
