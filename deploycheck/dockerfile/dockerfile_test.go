package dockerfile

import (
	"slices"
	"testing"

	"github.com/grpclint/grpclint/deploycheck/source"
)

func stages(content string) []*Stage {
	return Parse(source.Whole(&source.File{Path: "Dockerfile", Content: []byte(content)}))
}

func start(content string) *Command {
	list := stages(content)
	if len(list) == 0 {
		return nil
	}
	return list[len(list)-1].Start(func(name string) *Stage { return StageNamed(list, name) })
}

func TestStart(t *testing.T) {
	tests := []struct {
		content string
		shell   bool
		line    string
		args    []string
	}{
		{"FROM a\nCMD server -v\n", true, "server -v", nil},
		{"FROM a\nENTRYPOINT [\"server\"]\nCMD [\"-v\"]\n", false, "", []string{"server", "-v"}},
		{"FROM a\nENTRYPOINT [\"server\"]\nCMD -v\n", false, "", []string{"server"}},
		{"FROM a as base\nENTRYPOINT server \\\n  # why\n  -v\nFROM base\nEXPOSE 1\n", true, "server -v", nil},
		{"FROM a\nCMD [\"a\"]\nCMD [\"b\"]\n", false, "", []string{"b"}},
		{"FROM a\nRUN <<EOF\nCMD no\nEOF\nCMD [\"sh\", \"-c\", \"x\"]\n", false, "", []string{"sh", "-c", "x"}},
	}
	for _, test := range tests {
		c := start(test.content)
		if c == nil || c.Shell != test.shell || c.Line != test.line || !slices.Equal(c.Args, test.args) {
			t.Errorf("%q: %+v", test.content, c)
		}
	}
	if c := start("FROM a\nRUN x\n"); c != nil {
		t.Errorf("the base decides: %+v", c)
	}
	if list := stages("FROM --platform=linux/amd64 golang:1 AS build\n"); list[0].Name != "build" || list[0].Base != "golang:1" {
		t.Errorf("%+v", list[0])
	}
}

func FuzzParse(f *testing.F) {
	f.Add("FROM a AS b\nRUN <<EOF\nx\nEOF\nCMD x \\\n y\n")
	f.Add("FROM a\nFROM a\nENTRYPOINT [\"a\"]")
	f.Fuzz(func(t *testing.T, content string) {
		start(content)
		for _, s := range stages(content) {
			for _, i := range s.Instructions {
				if from, to := i.Span.InFile(); from < 0 || to < from || to > len(content) {
					t.Fatalf("%q at %d to %d of %d", i.Name, from, to, len(content))
				}
			}
		}
	})
}
