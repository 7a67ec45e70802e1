package main

import (
	"testing"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/internal/config"
)

// Every option of the configuration reaches an analyzer.
func TestSetOptions(t *testing.T) {
	c, err := config.Parse("", []byte("deadline: {bounded-by: [example.com/a.B, example.com/a.T.M]}\n"))
	if err != nil {
		t.Fatal(err)
	}
	options := c.Options()
	if len(options) == 0 {
		t.Fatal("the configuration sets nothing")
	}
	for _, o := range options {
		set := false
		for _, a := range analyzers.All() {
			if a.Name != o.Analyzer {
				continue
			}
			value := a.Flags.Lookup(o.Flag).Value
			before := value.String()
			if err := setOptions([]config.Option{o}); err != nil {
				t.Fatal(err)
			}
			set = value.String() == o.Value
			if err := value.Set(before); err != nil {
				t.Fatal(err)
			}
		}
		if !set {
			t.Errorf("%+v reaches no analyzer", o)
		}
	}
	if err := setOptions([]config.Option{{Analyzer: "deadline", Flag: "none", Value: "x"}}); err == nil {
		t.Error("no error for a flag that the analyzer does not have")
	}
}

// What the configuration no longer sets is as it was: an editor's changes
// while the program runs.
func TestOptionsGoBack(t *testing.T) {
	for _, a := range analyzers.All() {
		if a.Name != "status" {
			continue
		}
		f := a.Flags.Lookup("etag-code")
		for _, set := range [][]config.Option{{{Analyzer: "status", Flag: "etag-code", Value: "NOT_FOUND"}}, nil} {
			want := f.DefValue
			if set != nil {
				want = "NOT_FOUND"
			}
			if err := setOptions(set); err != nil || f.Value.String() != want {
				t.Errorf("%v: etag-code is %s, want %s (%v)", set, f.Value, want, err)
			}
		}
		return
	}
	t.Error("no family has the option")
}
