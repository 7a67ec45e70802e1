package main

import (
	"encoding/json"
	"fmt"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
)

// A module whose files differ by platform and by tag.
const platforms = `
-- all.go --
package m

import (
	"context"

	pb "google.golang.org/grpc/orderpb"
)

func All(client pb.OrderServiceClient) error {
	_, err := client.GetOrder(context.Background(), &pb.GetOrderRequest{})
	return err
}

func Silenced(client pb.OrderServiceClient) error {
	//grpclint:ignore deadline/missing whoever stops the program ends it
	_, err := client.GetOrder(start(), &pb.GetOrderRequest{})
	return err
}

func Useless() {
	//grpclint:ignore deadline/missing there is nothing to ignore
	println()
}
-- start_unix.go --
//go:build !windows

package m

import (
	"context"
	"time"
)

func start() context.Context {
	ctx, _ := context.WithTimeout(context.Background(), time.Minute)
	return ctx
}
-- start_windows.go --
package m

import (
	"context"

	pb "google.golang.org/grpc/orderpb"
)

func start() context.Context { return context.Background() }

func Windows(client pb.OrderServiceClient) error {
	_, err := client.GetOrder(context.Background(), &pb.GetOrderRequest{})
	return err
}
-- tagged.go --
//go:build integration

package m

import (
	"context"

	pb "google.golang.org/grpc/orderpb"
)

func Tagged(client pb.OrderServiceClient) error {
	_, err := client.GetOrder(context.Background(), &pb.GetOrderRequest{})
	return err
}
-- never.go --
//go:build ignore

package main
-- plan9/plan9_plan9.go --
package plan9
-- win/win_windows.go --
package win
`

func TestMatrix(t *testing.T) {
	dir := moduletest.Write(t, platforms)
	found := func(matrix string, patterns ...string) (findings []string, excluded []string, got result) {
		t.Helper()
		got = runIn(t, dir, append([]string{"-format=json", "-matrix=" + matrix}, patterns...)...)
		var report struct {
			Findings []struct {
				File, Rule string
				Line       int
				Builds     []string
			}
			Excluded []string
		}
		if err := json.Unmarshal([]byte(got.stdout), &report); err != nil {
			t.Fatalf("%v: %s%s", err, got.stdout, got.stderr)
		}
		for _, f := range report.Findings {
			findings = append(findings, strings.TrimSpace(fmt.Sprint(f.File, ":", f.Line, " ", f.Rule, " ", strings.Join(f.Builds, " "))))
		}
		return findings, report.Excluded, got
	}
	const (
		all     = "all.go:10 deadline/missing"
		useless = "all.go:21 suppress/unused"
		windows = "start_windows.go:12 deadline/missing"
		tagged  = "tagged.go:12 deadline/missing"
	)
	for _, test := range []struct {
		matrix   string
		want     []string
		excluded []string
	}{
		{"linux/amd64", []string{all, "all.go:15 suppress/unused", useless},
			[]string{"never.go", "plan9/plan9_plan9.go", "start_windows.go", "tagged.go", "win/win_windows.go"}},
		{"linux/amd64,windows/amd64", []string{all, useless, windows + " windows/amd64"},
			[]string{"never.go", "plan9/plan9_plan9.go", "tagged.go"}},
		{"linux/amd64+integration,windows/arm64+integration,windows/amd64", []string{all, useless,
			windows + " windows/arm64+integration windows/amd64", tagged + " linux/amd64+integration windows/arm64+integration"},
			[]string{"never.go", "plan9/plan9_plan9.go"}},
	} {
		got, excluded, result := found(test.matrix)
		if !slices.Equal(got, test.want) || result.status != 1 {
			t.Errorf("%s: status %d, found\n%s\nwant\n%s\n%s", test.matrix, result.status, strings.Join(got, "\n"), strings.Join(test.want, "\n"), result.stderr)
		}
		if !slices.Equal(excluded, test.excluded) || !strings.Contains(result.stderr, "no build of -matrix has them: "+strings.Join(test.excluded, ", ")+"\n") {
			t.Errorf("%s: excluded %v, want %v, and said is\n%s", test.matrix, excluded, test.excluded, result.stderr)
		}
	}
	if _, _, got := found("linux/amd64,windows/amd64", "./win"); got.status != 0 {
		t.Errorf("a package for one of the platforms: %+v", got)
	}
	if findings, _, got := found("linux/amd64,linx/amd64"); got.status != 2 || slices.ContainsFunc(findings, func(f string) bool { return strings.Contains(f, "unused") }) || !strings.Contains(got.stderr, "unsupported GOOS/GOARCH pair linx/amd64") {
		t.Errorf("a platform that does not exist: %+v", got)
	}
	if got := runIn(t, dir, "-matrix=linux/amd64,windows/amd64", "./..."); !strings.Contains(got.stdout, "[deadline/missing] (only windows/amd64)\n") {
		t.Errorf("text: %s", got.stdout)
	}
}

// Without a matrix as well, an unknown platform is no empty module.
func TestUnknownPlatform(t *testing.T) {
	t.Setenv("GOOS", "linx")
	if got := runIn(t, moduletest.Write(t, platforms), "./..."); got.status != 2 || !strings.Contains(got.stderr, "unsupported GOOS/GOARCH pair linx/") {
		t.Errorf("%+v", got)
	}
}
