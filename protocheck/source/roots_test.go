package source_test

import (
	"fmt"
	"path/filepath"
	"strings"
	"testing"

	"github.com/grpclint/grpclint/protocheck/source"
)

// Where import paths start, and what is found from there. Roots lists each
// file's root and import path.
func TestRoots(t *testing.T) {
	const order = "syntax = \"proto3\";\npackage shop.v1;\nimport \"money/money.proto\";\nmessage Order { money.Money price = 1; }\n"
	const money = "syntax = \"proto3\";\npackage money;\nmessage Money { int64 units = 1; }\n"
	const alone = "syntax = \"proto3\";\npackage shop.v1;\nmessage Alone {}\n"
	tests := []struct {
		name, archive string
		roots         []string
		want          string
	}{
		{"by import", "-- p/shop/v1/order.proto --\n" + order + "-- p/money/money.proto --\n" + money, nil,
			"p: money/money.proto, p: shop/v1/order.proto"},
		{"by how others import it", "-- p/q/x/money/money.proto --\n" + money + "-- p/q/order.proto --\n" + order, nil,
			"p/q: order.proto, p/q/x: money/money.proto"},
		{"the longest import counts", "-- p/a.proto --\nsyntax = \"proto3\"; import \"b.proto\";\n-- p/b.proto --\nsyntax = \"proto3\";\n-- c.proto --\nsyntax = \"proto3\"; import \"p/b.proto\";\n", nil,
			".: c.proto, p: a.proto, .: p/b.proto"},
		{"by package", "-- p/shop/v1/alone.proto --\n" + alone, nil, "p: shop/v1/alone.proto"},
		{"by nothing", "-- p/other/alone.proto --\n" + alone, nil, "p/other: alone.proto"},
		{"given", "-- a/shop/order.proto --\n" + order + "-- b/money/money.proto --\n" + money, []string{"a", "b"},
			"a: shop/order.proto, b: money/money.proto"},
		{"the innermost that is given", "-- a/shop/order.proto --\n" + order + "-- a/b/money/money.proto --\n" + money, []string{".", "a/b"},
			"a/b: money/money.proto, .: a/shop/order.proto"},
		{"buf.yaml v1", "-- p/buf.yaml --\nversion: v1\n-- p/other/alone.proto --\n" + alone, nil, "p: other/alone.proto"},
		{"buf.yaml v1 that is empty", "-- p/buf.yaml --\n-- p/other/alone.proto --\n" + alone, nil, "p: other/alone.proto"},
		{"buf.yaml v1beta1", "-- p/buf.yaml --\nversion: v1beta1\nbuild:\n  roots: [one, two]\n-- p/one/other/alone.proto --\n" + alone, nil, "p/one: other/alone.proto"},
		{"buf.yaml v2", "-- buf.yaml --\nversion: v2\nmodules:\n  - path: one\n  - path: two/proto\n    name: x\n-- one/x/order.proto --\n" + order + "-- two/proto/money/money.proto --\n" + money, nil,
			"one: x/order.proto, two/proto: money/money.proto"},
		{"buf.yaml v2 without modules", "-- buf.yaml --\nversion: v2\n-- one/alone.proto --\n" + alone, nil, ".: one/alone.proto"},
		{"buf.work.yaml", "-- buf.work.yaml --\nversion: v1\ndirectories:\n  - one\n  - two\n-- one/buf.yaml --\nversion: v1\n-- one/x/order.proto --\n" + order + "-- two/money/money.proto --\n" + money, nil,
			"one: x/order.proto, two: money/money.proto"},
		{"buf.yaml of no module", "-- buf.yaml --\nversion: v2\nmodules: [{path: one}]\n-- two/shop/v1/alone.proto --\n" + alone, nil, "two: shop/v1/alone.proto"},
		{"buf.yaml that is broken", "-- p/buf.yaml --\n{{{\n-- p/other/alone.proto --\n" + alone, nil, "p: other/alone.proto"},
	}
	for _, test := range tests {
		t.Run(test.name, func(t *testing.T) {
			dir, s := load(t, test.archive, source.Options{Roots: test.roots})
			var got []string
			for _, f := range s.Files() {
				root, err := filepath.Rel(dir, f.Root)
				if err != nil {
					t.Fatal(err)
				}
				got = append(got, fmt.Sprintf("%s: %s", filepath.ToSlash(root), f.Import))
			}
			if list := strings.Join(got, ", "); list != test.want {
				t.Errorf("got %s\nwant %s", list, test.want)
			}
			if problems := problems(dir, s); problems != "" {
				t.Error(problems)
			}
		})
	}
}

// What a file imports is found although nobody asked for it, also far away,
// and is not checked itself.
func TestImported(t *testing.T) {
	const archive = `
-- a/order.proto --
syntax = "proto3";
package shop;
import "b/b.proto";
message Order { c.Public c = 1; b.B b = 2; }
-- lib/b/b.proto --
syntax = "proto3";
package b;
import public "b/c.proto";
message B { string s = 1; }
-- lib/b/c.proto --
syntax = "proto3";
package c;
message Public { string s = 1; }
`
	dir, s := load(t, archive, source.Options{Roots: []string{"a", "lib"}}, "a/order.proto")
	if got := problems(dir, s); got != "" || len(s.Files()) != 1 {
		t.Fatalf("%d files, %s", len(s.Files()), got)
	}
	fields := s.Files()[0].Descriptor.Messages().Get(0).Fields()
	for i := range 2 {
		if m := fields.Get(i).Message(); m.IsPlaceholder() || m.Fields().Len() != 1 {
			t.Errorf("field %d has the type %v", i, m)
		}
	}
	if s.HasPackage("b") || !s.HasPackage("shop") {
		t.Errorf("packages %v", s.Packages())
	}
}

// A tree that is asked for in part is found whole.
func TestNearby(t *testing.T) {
	const use = "syntax = \"proto3\";\npackage shop;\nimport \"google/api/annotations.proto\";\nimport \"shop/order.proto\";\nmessage Use { Order o = 1; }\n"
	const order = "syntax = \"proto3\";\npackage shop;\nmessage Order {}\n"
	dir, s := load(t, "-- proto/shop/use.proto --\n"+use+"-- proto/shop/order.proto --\n"+order, source.Options{}, "proto/shop/use.proto")
	if got := problems(dir, s); got != "" {
		t.Error(got)
	}
}

// What a file imports as it lies in a GOPATH is found in its repository,
// whoever owned that once.
func TestImportedByRepository(t *testing.T) {
	const archive = `
-- shop/.git --
-- shop/api/use.proto --
syntax = "proto3";
package shop;
import "github.com/owner/shop/types/order.proto";
import "shop/types/item.proto";
message Use { Order o = 1; Item i = 2; }
-- shop/types/order.proto --
syntax = "proto3";
package shop;
message Order {}
-- shop/types/item.proto --
syntax = "proto3";
package shop;
message Item {}
-- shop/api/lost.proto --
syntax = "proto3";
package shop;
import "github.com/owner/shop";
import "store/types/item.proto";
import "github.com/owner/shop/types/none.proto";
`
	dir, s := load(t, archive, source.Options{Dir: "shop"}, "shop/api/lost.proto", "shop/api/use.proto")
	if got := problems(dir, s); strings.Contains(got, "use.proto") || strings.Count(got, "shop/api/lost.proto") != 1 {
		t.Error(got)
	}
}
