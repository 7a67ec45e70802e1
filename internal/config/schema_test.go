package config

import (
	"encoding/json"
	"errors"
	"fmt"
	"slices"
	"strings"
	"testing"
)

// The schema knows the keys that the file takes, and no others: the parser
// names those that it knows when it meets another.
func TestSchemaKeys(t *testing.T) {
	text, err := Schema()
	if err != nil {
		t.Fatal(err)
	}
	var root schema
	if err := json.Unmarshal(text, &root); err != nil {
		t.Fatal(err)
	}
	compare := func(where string, s schema, yaml string) {
		t.Helper()
		_, err := Parse("file", []byte(yaml))
		var mistakes Errors
		if !errors.As(err, &mistakes) {
			t.Fatalf("%s: %v", where, err)
		}
		_, known, ok := strings.Cut(mistakes[0].Message, "(known: ")
		if !ok {
			t.Fatalf("%s: %s", where, mistakes[0].Message)
		}
		var keys []string
		for key := range s.Properties {
			keys = append(keys, key)
		}
		slices.Sort(keys)
		if got := strings.Join(keys, ", ") + ")"; got != known {
			t.Errorf("%s: the schema has %s, the parser knows %s", where, got, known)
		}
		if s.Additional == nil || *s.Additional {
			t.Errorf("%s: the schema takes other keys", where)
		}
	}
	compare("the file", root, "qqqqqqqqqqqqqqq: 1\n")
	for key, s := range root.Properties {
		switch {
		case key == "rules":
		case s.Items != nil:
			compare(key, *s.Items, key+":\n  - qqqqqqqqqqqqqqq: 1\n")
		default:
			compare(key, s, key+":\n  qqqqqqqqqqqqqqq: 1\n")
		}
	}
	// Every selector of the schema is one of the parser's.
	for selector := range root.Properties["rules"].Properties {
		if _, err := Parse("file", []byte(fmt.Sprintf("rules: {%s: off}\n", selector))); err != nil {
			t.Error(err)
		}
	}
	for _, code := range root.Properties["status"].Properties["etag-code"].Enum {
		if _, err := Parse("file", []byte("status: {etag-code: "+code+"}\n")); err != nil {
			t.Error(err)
		}
	}
}
