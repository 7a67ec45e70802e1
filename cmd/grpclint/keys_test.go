package main

import (
	"bytes"
	"encoding/json"
	"flag"
	"maps"
	"os"
	"os/exec"
	"path/filepath"
	"reflect"
	"slices"
	"strings"
	"testing"

	"go.yaml.in/yaml/v4"
	"golang.org/x/tools/go/analysis/checker"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/golangci"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/config"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/moduletest"
)

// A keyCase is a program in which a key of the configuration makes a
// difference.
type keyCase struct {
	files string // of the module, beside those of the case for all
	// both is set with the key and without it.
	both string
	set  string
	// Where the key is known, too: go vet and golangci-lint have ways of
	// their own for the others.
	vet, plugin bool
}

// What the service configs of the cases say is refused by a grpc-go, and only
// in part ignored by another; a client generator has no use for it.
const oncePolicy = `{"methodConfig": [{"name": [{"service": "shop.OrderService"}], "retryPolicy": {"maxAttempts": 1, "initialBackoff": "1s", "maxBackoff": "1s", "backoffMultiplier": 2, "retryableStatusCodes": ["UNAVAILABLE"]}}]}`

const (
	dialling = `
-- dial/dial.go --
package dial

import "google.golang.org/grpc"

func Dial() (*grpc.ClientConn, error) {
	return grpc.NewClient("dns:///shop", grpc.WithDefaultServiceConfig(` + "`" + oncePolicy + "`" + `))
}
`
	bounding = `
-- limit/limit.go --
package limit

import (
	"context"

	_ "google.golang.org/grpc"
)

func Bounded() context.Context { return context.Background() }
-- use/use.go --
package use

import (
	pb "google.golang.org/grpc/orderpb"

	"example.com/app/limit"
)

func Load(client pb.OrderServiceClient) (*pb.Order, error) {
	return client.GetOrder(limit.Bounded(), &pb.GetOrderRequest{})
}
`
	conflicting = `
-- server/server.go --
package server

import (
	"google.golang.org/grpc/codes"
	"google.golang.org/grpc/status"
	_ "google.golang.org/grpc/orderpb"
)

type order struct{ Etag string }

func check(sent, stored order) error {
	if sent.Etag != stored.Etag {
		return status.Error(codes.FailedPrecondition, "the order has changed")
	}
	return nil
}

var _ = check
`
	importing = `
-- api/update.proto --
syntax = "proto3";
package shop.v1;
import "book/book.proto";
service Books {
  rpc UpdateBook(UpdateBookRequest) returns (Book);
}
message UpdateBookRequest {
  Book book = 1;
  string etag = 2;
}
-- _imports/book/book.proto --
syntax = "proto3";
package shop.v1;
message Book {
  string name = 1;
  string etag = 2;
}
`
)

// proxied is a configuration of nginx that opens a connection for each RPC.
const proxied = `
-- nginx.conf --
upstream shop { server shop:50051; }
server {
	listen 443 ssl http2;
	location / { grpc_pass grpc://shop; }
}
`

func keyCases() map[string]keyCase {
	return map[string]keyCase{
		"rules":                 {set: "rules: {deadline/missing: off}", vet: true, plugin: true},
		"exclude":               {set: "exclude: [{path: \"client/**\", rules: [deadline], reason: old}]"},
		"run.severity":          {set: "run: {severity: error, fail-on: error}"},
		"run.fail-on":           {set: "run: {fail-on: never}"},
		"run.tests":             {set: "run: {tests: false}"},
		"run.tags":              {set: "run: {tags: [special]}"},
		"run.generated":         {set: "run: {generated: true}"},
		"run.matrix":            {set: "run: {matrix: [linux/amd64+special]}"},
		"run.modules":           {set: "run: {modules: true}"},
		"deadline.bounded-by":   {files: bounding, set: "deadline: {bounded-by: [example.com/app/limit.Bounded]}", vet: true, plugin: true},
		"serviceconfig.grpc-go": {files: dialling, set: "serviceconfig: {grpc-go: 1.60.0}", vet: true, plugin: true},
		"serviceconfig.dialect": {files: "\n-- shop_service_config.json --\n" + oncePolicy + "\n", set: "serviceconfig: {dialect: gapic}"},
		"deploy.nginx":          {files: proxied, set: "deploy: {nginx: 1.29.7}"},
		"deploy.skip":           {files: proxied, set: "deploy: {skip: ['*.conf']}"},
		"proto.roots":           {files: importing, set: "proto: {roots: [., _imports]}"},
		"status.etag-code": {files: conflicting, both: "rules: {status/precondition: warning}",
			set: "status: {etag-code: FAILED_PRECONDITION}", vet: true, plugin: true},
	}
}

func (c keyCase) module(t *testing.T, settings string) string {
	t.Helper()
	return moduletest.Write(t, module+c.files+"-- .grpclint.yaml --\n"+settings)
}

func (c keyCase) settings(with bool) string {
	if with {
		return c.both + "\n" + c.set + "\n"
	}
	return c.both + "\n"
}

// Every key that the schema of the configuration has changes what is found,
// in the program and, where they know it, in go vet and golangci-lint.
func TestKeys(t *testing.T) {
	cases := keyCases()
	if want, got := schemaKeys(t), slices.Sorted(maps.Keys(cases)); !slices.Equal(got, want) {
		t.Errorf("cases for the keys\n%s\nThe schema has\n%s", got, want)
	}
	if want, got := pluginKeys(reflect.TypeFor[golangci.Settings](), ""), casesOf(cases, func(c keyCase) bool { return c.plugin }); !slices.Equal(got, want) {
		t.Errorf("cases for the plug-in's settings\n%s\nIt has\n%s", got, want)
	}
	if want, got := flagKeys(), casesOf(cases, func(c keyCase) bool { return c.vet }); !slices.Equal(got, want) {
		t.Errorf("cases for go vet's flags\n%s\nThe analyzers have\n%s", got, want)
	}
	tool := filepath.Join(t.TempDir(), "grpclint")
	if out, err := exec.Command("go", "build", "-o", tool, ".").CombinedOutput(); err != nil {
		t.Fatalf("%v: %s", err, out)
	}
	for key, c := range cases {
		differs := func(t *testing.T, find func(with bool) string) {
			t.Helper()
			if with, without := find(true), find(false); with == without {
				t.Errorf("%s changes nothing about\n%s", c.set, with)
			}
		}
		t.Run("program/"+key, func(t *testing.T) {
			differs(t, func(with bool) string {
				got := runIn(t, c.module(t, c.settings(with)))
				return got.stdout + "status " + string(rune('0'+got.status))
			})
		})
		if c.vet {
			t.Run("vet/"+key, func(t *testing.T) {
				differs(t, func(with bool) string { return vetWith(t, tool, c.module(t, ""), c.settings(with)) })
			})
		}
		if c.plugin {
			t.Run("plugin/"+key, func(t *testing.T) {
				differs(t, func(with bool) string { return pluginWith(t, c.module(t, ""), c.settings(with)) })
			})
		}
	}
}

// vetWith runs go vet with the flags that a configuration stands for.
func vetWith(t *testing.T, tool, dir, settings string) string {
	t.Helper()
	file := filepath.Join(t.TempDir(), "grpclint.yaml")
	if err := os.WriteFile(file, []byte(settings), 0o666); err != nil {
		t.Fatal(err)
	}
	flags := runCommand(t, dir, "config", "-vet-flags", "-config", file)
	if flags.status != 0 {
		t.Fatalf("config -vet-flags: %+v", flags)
	}
	args := append([]string{"vet", "-vettool=" + tool}, strings.Fields(flags.stdout)...)
	cmd := exec.Command("go", append(args, "./...")...)
	cmd.Dir, cmd.Env = dir, append(os.Environ(), "GOWORK=off")
	out, err := cmd.CombinedOutput()
	if err != nil && cmd.ProcessState == nil || bytes.Contains(out, []byte("flag provided but not defined")) {
		t.Fatalf("%v: %s", err, out)
	}
	lines := strings.Split(string(out), "\n")
	slices.Sort(lines)
	return strings.Join(lines, "\n")
}

// pluginWith runs the plug-in with a configuration, and returns what it
// reports to its driver.
func pluginWith(t *testing.T, dir, settings string) string {
	t.Helper()
	defer flagsAsTheyAre(t)()
	var raw map[string]any
	if err := yaml.Unmarshal([]byte(settings), &raw); err != nil {
		t.Fatal(err)
	}
	p, err := golangci.New(raw)
	if err != nil {
		t.Fatal(err)
	}
	list, err := p.BuildAnalyzers()
	if err != nil {
		t.Fatal(err)
	}
	program := load.Load(load.Config{Dir: dir, Cache: cache.User(), Env: append(os.Environ(), "GOWORK=off"), Patterns: []string{"./..."}})
	graph, err := checker.Analyze(list, program.Roots, nil)
	if err != nil {
		t.Fatal(err)
	}
	var found []string
	for action := range graph.All() {
		for _, d := range action.Diagnostics {
			found = append(found, action.Package.Fset.Position(d.Pos).String()+": "+d.Message)
		}
	}
	slices.Sort(found)
	return strings.ReplaceAll(strings.Join(found, "\n"), dir, "")
}

// flagsAsTheyAre returns what gives the analyzers' flags back their values.
func flagsAsTheyAre(t *testing.T) func() {
	var restore []func() error
	for _, a := range analyzers.All() {
		a.Flags.VisitAll(func(f *flag.Flag) {
			value := f.Value.String()
			restore = append(restore, func() error { return f.Value.Set(value) })
		})
	}
	return func() {
		for _, set := range restore {
			if err := set(); err != nil {
				t.Error(err)
			}
		}
	}
}

func casesOf(cases map[string]keyCase, is func(keyCase) bool) []string {
	var keys []string
	for key, c := range cases {
		if is(c) {
			keys = append(keys, key)
		}
	}
	slices.Sort(keys)
	return keys
}

// schemaKeys returns the keys of the configuration: those of rules, and of
// what is in a list, count as one.
func schemaKeys(t *testing.T) []string {
	t.Helper()
	text, err := config.Schema()
	if err != nil {
		t.Fatal(err)
	}
	type object struct{ Properties map[string]object }
	var root object
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	var keys []string
	for name, section := range root.Properties {
		if name == "rules" || len(section.Properties) == 0 {
			keys = append(keys, name)
			continue
		}
		for key := range section.Properties {
			keys = append(keys, name+"."+key)
		}
	}
	slices.Sort(keys)
	return keys
}

// pluginKeys returns the keys of the plug-in's settings.
func pluginKeys(settings reflect.Type, prefix string) []string {
	var keys []string
	for i := range settings.NumField() {
		field := settings.Field(i)
		key := prefix + field.Tag.Get("json")
		if field.Type.Kind() == reflect.Struct {
			keys = append(keys, pluginKeys(field.Type, key+".")...)
			continue
		}
		keys = append(keys, key)
	}
	slices.Sort(keys)
	return keys
}

// flagKeys returns what the analyzers' flags are for, by the keys of the
// configuration.
func flagKeys() []string {
	keys := []string{"rules"}
	for _, a := range analyzers.All() {
		a.Flags.VisitAll(func(f *flag.Flag) {
			switch f.Name {
			case "enable", "disable", "severity":
			default:
				keys = append(keys, a.Name+"."+f.Name)
			}
		})
	}
	slices.Sort(keys)
	return keys
}
