package lint

import (
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/moduletest"
	"github.com/grpclint/grpclint/rule"
)

// A package that is looked at by itself says what it says among all, but for what
// only the whole shows: with or without what others of its module told before,
// and with or without what the go command said before.
func TestNear(t *testing.T) {
	t.Setenv("GOWORK", "off")
	dir, err := filepath.Abs("../../testdata/src")
	if err != nil {
		t.Fatal(err)
	}
	kept, listing := cache.In(t.TempDir()), filepath.Join(t.TempDir(), "listing")
	run := func(o Options) (findings []string, details string) {
		o.Dir, o.Policy, o.Severity = dir, everything{}, rule.Info
		o.Detail = func(line string) { details += line + "\n" }
		report := Run(o)
		for _, e := range report.Errors {
			t.Errorf("%+v", e)
		}
		for _, f := range report.Findings {
			findings = append(findings, fmt.Sprintln(f.File, f.Line, f.Column, f.Rule.ID, f.Message, f.Related, f.Fixes))
		}
		return findings, details
	}
	all, _ := run(Options{Patterns: []string{"./shop/..."}, Cache: kept, Own: true, Codes: true})
	for _, folder := range []string{"./shop/order/internal/server", "./shop/gateway/internal/api", "./shop/payment/internal/server"} {
		near := Options{Patterns: []string{folder}, Near: true}
		alone, _ := run(near)
		near.Cache, near.Own, near.Listing = kept, true, listing
		first, details := run(near)
		again, _ := run(near)
		if !slices.Equal(alone, first) || !slices.Equal(first, again) {
			t.Errorf("%s: found\n%q\nwith facts\n%q\nagain\n%q", folder, alone, first, again)
		}
		if !strings.Contains(details, "it is known what they tell") {
			t.Errorf("%s: %s", folder, details)
		}
		found := false
		for _, f := range first {
			found = found || slices.Contains(all, f)
		}
		if !found {
			t.Errorf("%s: %q is not found among all", folder, first)
		}
		if err := os.Remove(listing); err != nil {
			t.Error(err)
		}
	}
}

// Texts that nobody has saved count in the place of files of each kind.
func TestOverlay(t *testing.T) {
	const client = "package m\n\nimport (\n\t\"context\"\n\n\tpb \"google.golang.org/grpc/orderpb\"\n)\n\nfunc Poll(c pb.OrderServiceClient, ctx context.Context) { c.GetOrder(ctx, nil) }\n"
	const proto = "syntax = \"proto3\";\npackage shop;\nservice Orders {\n\trpc GetOrder(Order) returns (Order) {}\n}\nmessage Order {}\n"
	const config = `{"methodConfig": [{"name": [{}], "timeout": "1s"}]}`
	dir := moduletest.Write(t, "-- m.go --\n"+client+"-- order.proto --\n"+proto+"-- service_config.json --\n"+config+"\n")
	edited := map[string][]byte{
		filepath.Join(dir, "m.go"):                []byte(strings.Replace(client, "c.GetOrder(ctx", "c.GetOrder(context.Background()", 1)),
		filepath.Join(dir, "order.proto"):         []byte(strings.Replace(proto, "returns", "retruns", 1)),
		filepath.Join(dir, "service_config.json"): []byte(strings.Replace(config, "1s", "one", 1)),
	}
	for path, text := range edited {
		report := Run(Options{Dir: dir, Env: moduletest.Environ(), Policy: everything{}, Severity: rule.Warning, Overlay: map[string][]byte{path: text}})
		said := 0
		for _, f := range report.Findings {
			if f.Path == path {
				said++
			}
		}
		for _, e := range report.Errors {
			if e.File == filepath.Base(path) {
				said++
			}
		}
		if said == 0 {
			t.Errorf("nothing is said of %s: %v", filepath.Base(path), report.Findings)
		}
	}
	if report := Run(Options{Dir: dir, Env: moduletest.Environ(), Policy: everything{}, Severity: rule.Warning}); len(report.Findings)+len(report.Errors) > 0 {
		t.Errorf("of what is saved is said %v %v", report.Findings, report.Errors)
	}
}
