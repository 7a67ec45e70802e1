package main

import (
	"fmt"
	"math/rand/v2"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/moduletest"
)

// edited is a module of which each file has several texts.
const edited = `
-- go.mod --
module example.com/m

go 1.26.0

require grpc
-- client/client.go --
package client

import (
	"context"

	"example.com/m/limits"
	pb "google.golang.org/grpc/orderpb"
)

func Get(client pb.OrderServiceClient) error {
	ctx, cancel := limits.Limit(context.Background())
	defer cancel()
	_, err := client.GetOrder(ctx, &pb.GetOrderRequest{})
	return err
}
-- limits/limits.go --
package limits

import "context"

func Limit(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithCancel(ctx) }
-- dial/dial.go --
package dial

import (
	_ "embed"

	"google.golang.org/grpc"
)

//go:embed config.json
var config string

func Dial(target string) (*grpc.ClientConn, error) {
	return grpc.NewClient(target, grpc.WithDefaultServiceConfig(config))
}
-- dial/config.json --
{"methodConfig": [{"name": [{"service": "shop.OrderService"}], "timeout": "1s"}]}
`

// edits change the module; each may be done at any time and any number of times.
var edits = []struct {
	name string
	file string
	text string // "" removes the file
}{
	{"no deadline", "limits/limits.go", "package limits\n\nimport \"context\"\n\nfunc Limit(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithCancel(ctx) }\n"},
	{"a deadline", "limits/limits.go", "package limits\n\nimport (\n\t\"context\"\n\t\"time\"\n)\n\nfunc Limit(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithTimeout(ctx, time.Second) }\n"},
	{"no deadline there, moved", "limits/limits.go", "\n\n\npackage limits\n\nimport \"context\"\n\nfunc Limit(ctx context.Context) (context.Context, context.CancelFunc) { return context.WithCancel(ctx) }\n"},
	{"does not compile", "limits/limits.go", "package limits\n\nfunc Limit() { return 1 }\n"},
	{"another file", "client/other.go", "package client\n\nimport (\n\t\"context\"\n\n\tpb \"google.golang.org/grpc/orderpb\"\n)\n\nfunc Other(client pb.OrderServiceClient) { client.GetOrder(context.Background(), nil) }\n"},
	{"not any more", "client/other.go", ""},
	{"under another name", "client/another.go", "package client\n\nimport (\n\t\"context\"\n\n\tpb \"google.golang.org/grpc/orderpb\"\n)\n\nfunc Other(client pb.OrderServiceClient) { client.GetOrder(context.Background(), nil) }\n"},
	{"nor that", "client/another.go", ""},
	{"for a tag", "client/tagged.go", "//go:build extra\n\npackage client\n\nimport (\n\t\"context\"\n\n\tpb \"google.golang.org/grpc/orderpb\"\n)\n\nfunc Tagged(client pb.OrderServiceClient) { client.GetOrder(context.Background(), nil) }\n"},
	{"a test", "client/client_test.go", "package client\n\nimport \"testing\"\n\nfunc TestGet(t *testing.T) { Get(nil) }\n"},
	{"a package", "more/more.go", "package more\n\nimport (\n\t\"context\"\n\n\tpb \"google.golang.org/grpc/orderpb\"\n)\n\nfunc More(client pb.OrderServiceClient) { client.GetOrder(context.Background(), nil) }\n"},
	{"not that", "more/more.go", ""},
	{"embedded, misspelt", "dial/config.json", `{"methodConfigs": []}` + "\n"},
	{"embedded, right", "dial/config.json", `{"methodConfig": [{"name": [{"service": "shop.OrderService"}], "timeout": "1s"}]}` + "\n"},
	{"a service config", "config/service_config.json", `{"methodConfig": [{"name": [{}], "timeout": "2s"}]}` + "\n"},
	{"a wrong one", "config/service_config.json", `{"methodConfig": [{"name": [{}], "timeout": "2"}]}` + "\n"},
	{"none", "config/service_config.json", ""},
	{"a proto", "proto/shop.proto", "syntax = \"proto3\";\n\npackage shop;\n\nservice OrderService {\n  rpc GetOrder(Order) returns (Order);\n}\n\nmessage Order {\n  string name = 1;\n}\n"},
	{"a wrong proto", "proto/shop.proto", "syntax = \"proto3\";\n\npackage shop;\n\nmessage Order {\n"},
	{"no proto", "proto/shop.proto", ""},
	{"a rule is off", ".grpclint.yaml", "rules:\n  deadline/missing: off\n"},
	{"a rule is an error", ".grpclint.yaml", "rules:\n  deadline/missing: error\n"},
	{"no configuration", ".grpclint.yaml", ""},
}

// With what was kept a run finds what it finds without, whatever was edited
// between.
func TestKeptResults(t *testing.T) {
	t.Setenv("GRPCLINT_CACHE", t.TempDir())
	dir := moduletest.Write(t, edited)
	random := rand.New(rand.NewPCG(3, 7))
	var done []string
	kept, different := 0, make(map[string]bool)
	for range 25 {
		edit := edits[random.IntN(len(edits))]
		done = append(done, edit.name)
		name := filepath.Join(dir, filepath.FromSlash(edit.file))
		if edit.text == "" {
			if err := os.RemoveAll(name); err != nil {
				t.Fatal(err)
			}
		} else {
			if err := os.MkdirAll(filepath.Dir(name), 0o777); err != nil {
				t.Fatal(err)
			}
			if err := os.WriteFile(name, []byte(edit.text), 0o666); err != nil {
				t.Fatal(err)
			}
		}
		args := []string{"-format=json", "-severity=" + []string{"info", "warning"}[random.IntN(2)], fmt.Sprintf("-tests=%t", random.IntN(2) == 0)}
		if random.IntN(4) == 0 {
			args = append(args, "-tags=extra")
		}
		want := runIn(t, dir, append(args, "-no-cache")...)
		different[want.stdout] = true
		for range 2 {
			if got := runIn(t, dir, args...); got != want {
				t.Fatalf("%v after %q: got\n%+v\nwant\n%+v", args, done, got, want)
			}
		}
		if got := runIn(t, dir, append(args, "-v")...); strings.Contains(got.stderr, "nothing has changed") {
			kept++
		}
	}
	if kept < 12 || len(different) < 7 {
		t.Errorf("%d runs used what was kept, %d different reports", kept, len(different))
	}
}
