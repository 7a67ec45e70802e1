package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
)

// lineComments is what a tool makes of a template: //line comments name
// lines of it, and of files that are none of its business.
const lineComments = `
-- go.mod --
module example.com/app

go 1.26.0

require grpc
-- server/server.go --
package server

import (
	"context"
	"time"

	pb "google.golang.org/grpc/orderpb"
)

type Server struct {
	pb.UnimplementedOrderServiceServer
	next pb.OrderServiceClient
}

func (s *Server) GetOrder(ctx context.Context, req *pb.GetOrderRequest) (*pb.Order, error) {
//line DIR/secret:2
	c, cancel := context.WithTimeout(context.Background(), time.Second)
	defer cancel()
	return s.next.GetOrder(c, req)
}

func (s *Server) silenced() {
//line server.go:1
	//grpclint:ignore deadline/missing the directive is above the call
	s.next.GetOrder(context.Background(), &pb.GetOrderRequest{})
//line /dev/zero:1
	s.next.GetOrder(context.Background(), &pb.GetOrderRequest{})
//line DIR/fifo:1:1000000000
	s.next.GetOrder(context.Background(), &pb.GetOrderRequest{})
//line secret.y:1000000000
	s.next.GetOrder(context.Background(), &pb.GetOrderRequest{})
}
-- server/secret.y --
hidden
-- other/other.go --
package other

import (
	"context"

	pb "google.golang.org/grpc/orderpb"
)

func Bound(client pb.OrderServiceClient) {
//line secret.y:1
	bound(context.Background(), client)
}

func bound(ctx context.Context, client pb.OrderServiceClient) {
//line DIR/secret:2
	client.GetOrder(ctx, &pb.GetOrderRequest{})
}
-- other/secret.y --
hidden
`

// Findings are in the file that was read, wherever a //line comment says that
// they are, and so is all that is done with them.
func TestLineComments(t *testing.T) {
	dir := moduletest.Write(t, lineComments)
	outside := t.TempDir()
	if err := os.WriteFile(filepath.Join(outside, "secret"), []byte("hidden\nhidden\n"), 0o666); err != nil {
		t.Fatal(err)
	}
	makeFIFO(t, filepath.Join(outside, "fifo"))
	for _, name := range []string{"server/server.go", "other/other.go"} {
		file := filepath.Join(dir, filepath.FromSlash(name))
		text, err := os.ReadFile(file)
		if err == nil {
			err = os.WriteFile(file, []byte(strings.ReplaceAll(string(text), "DIR", filepath.ToSlash(outside))), 0o666)
		}
		if err != nil {
			t.Fatal(err)
		}
	}
	git := func(args ...string) {
		t.Helper()
		cmd := exec.Command("git", append([]string{"-c", "user.name=x", "-c", "user.email=x@example.com"}, args...)...)
		cmd.Dir = dir
		if out, err := cmd.CombinedOutput(); err != nil {
			t.Fatalf("git %s: %v\n%s", args, err, out)
		}
	}
	git("init", "-q")
	git("add", ".")
	git("commit", "-q", "-m", "x")

	const detached, calls = "server/server.go:17 deadline/detached", "server/server.go:27 deadline/missing, server/server.go:29 deadline/missing, server/server.go:31 deadline/missing"
	const all = "other/other.go:11 deadline/missing, " + detached + ", " + calls
	got := runIn(t, dir)
	if found := lines(got.stdout); found != all || got.status != 1 || !strings.Contains(got.stdout, "1 suppressed") {
		t.Errorf("found %s with status %d, want %s; standard error is %s", found, got.status, all, got.stderr)
	}
	if !strings.Contains(got.stdout, "\n    \tbound(context.Background(), client)\n    \t      ^~~~~~~~~~~~~~~~~~~~\n") ||
		!strings.Contains(got.stdout, "\n    other/other.go:16:2: ") {
		t.Errorf("the lines of the file itself are not shown:\n%s", got.stdout)
	}
	for _, format := range []string{"text", "json", "sarif", "github", "gitlab", "checkstyle", "junit", "html"} {
		got := runIn(t, dir, "-format="+format)
		if strings.Contains(got.stdout+got.stderr, "hidden") || strings.Contains(got.stdout, "secret") && format == "json" {
			t.Errorf("-format=%s shows what a comment points to:\n%s", format, got.stdout)
		}
	}

	if got := runIn(t, dir, "-new-from=HEAD"); got.status != 0 || lines(got.stdout) != "" {
		t.Errorf("-new-from gives %+v", got)
	}
	if got := runCommand(t, dir, "baseline", "write"); got.status != 0 || !strings.Contains(got.stdout, "5 findings") {
		t.Errorf("baseline write gives %+v", got)
	}
	if got := runCommand(t, dir, "baseline", "check"); got.status != 0 || lines(got.stdout) != "" {
		t.Errorf("baseline check gives %+v", got)
	}

	file := filepath.Join(dir, "server", "server.go")
	if got := runIn(t, dir, "-fix"); got.status != 1 || !strings.Contains(got.stderr, "fixed 1 ") {
		t.Errorf("-fix gives %+v", got)
	}
	if now, _ := os.ReadFile(file); !strings.Contains(string(now), fixedLine) {
		t.Errorf("-fix leaves\n%s", now)
	}
	git("checkout", "-q", ".")
	if now, err := os.ReadFile(filepath.Join(outside, "secret")); string(now) != "hidden\nhidden\n" {
		t.Errorf("the other file is now %q, %v", now, err)
	}

	// A change of a line that a comment calls another one.
	text, _ := os.ReadFile(file)
	if err := os.WriteFile(file, []byte(strings.Replace(string(text), "time.Second)", "2*time.Second)", 1)), 0o666); err != nil {
		t.Fatal(err)
	}
	if got := runIn(t, dir, "-new-from=HEAD"); got.status != 1 || lines(got.stdout) != detached {
		t.Errorf("-new-from gives %+v", got)
	}
}
