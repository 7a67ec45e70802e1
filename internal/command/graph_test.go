package command

import (
	"path/filepath"
	"strings"
	"testing"
)

// Who calls whom in the sample application.
func TestGraph(t *testing.T) {
	t.Setenv("GOWORK", "off")
	for _, format := range []string{"text", "json", "mermaid"} {
		t.Run(format, func(t *testing.T) {
			status, got, stderr := run(t, Graph, "-C", filepath.Join("..", "..", "testdata", "src", "shop"), "-format="+format, "./...")
			if status != exitOK || stderr != "" {
				t.Fatalf("status %d, %s", status, stderr)
			}
			wantGolden(t, "shop-graph."+format, got)
		})
	}
}

// Who makes an RPC is found through layers that know nothing of gRPC and are
// put together elsewhere.
func TestGraphOfLayers(t *testing.T) {
	t.Setenv("GOWORK", "off")
	status, got, stderr := run(t, Graph, "-C", filepath.Join("..", "..", "testdata", "linked"), "./programs/layers/...")
	if status != exitOK || stderr != "" {
		t.Fatalf("status %d, %s", status, stderr)
	}
	for _, want := range [][]string{
		{"example.order.v1.OrderService/UpdateOrder ", "example.order.v1.OrderService/GetOrder", "the caller's", "programs/layers/stock/stock.go:28"},
		{"example.com/linked/programs/layers/main", "example.order.v1.OrderService/UpdateOrder", "programs/layers/stock/stock.go:33"},
	} {
		found := false
		for line := range strings.Lines(got) {
			matches := true
			for _, part := range want {
				matches = matches && strings.Contains(line, part)
			}
			found = found || matches
		}
		if !found {
			t.Errorf("no line with %q in\n%s", want, got)
		}
	}
}

func TestGraphOfNothing(t *testing.T) {
	dir := protoProject(t)
	for format, want := range map[string]string{"text": "no RPCs", "json": `"calls": []`, "mermaid": "flowchart LR\n", "svg": "<svg "} {
		status, got, stderr := run(t, Graph, "-C", dir, "-format="+format)
		if status != exitOK || stderr != "" || !strings.Contains(got, want) {
			t.Errorf("%s: status %d, %s%s", format, status, got, stderr)
		}
	}
	if status, _, stderr := run(t, Graph, "-format=dot"); status != exitBad || !strings.Contains(stderr, `unknown format "dot" (known: text, json, mermaid, svg)`) {
		t.Errorf("status %d, %s", status, stderr)
	}
}
