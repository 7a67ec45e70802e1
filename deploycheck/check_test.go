package deploycheck

import (
	"encoding/json"
	"fmt"
	"path/filepath"
	"slices"
	"strings"
	"testing"

	"golang.org/x/tools/txtar"

	"github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/rule"
)

// Each archive below testdata is a set of manifests. A comment "# want RULE"
// stands in the line of an issue, or alone in the line above it; "# want
// RULE:info" is for one of a lower severity. What has no such comment is
// silent. The file code.json is what is known of the code, and an archive's
// comment may name a version of nginx: "nginx 1.29.7".
func TestCases(t *testing.T) {
	archives, err := filepath.Glob("testdata/*.txtar")
	if err != nil || len(archives) == 0 {
		t.Fatal(archives, err)
	}
	for _, path := range archives {
		t.Run(strings.TrimSuffix(filepath.Base(path), ".txtar"), func(t *testing.T) {
			archive, err := txtar.ParseFile(path)
			if err != nil {
				t.Fatal(err)
			}
			checkArchive(t, archive)
		})
	}
}

func checkArchive(t *testing.T, archive *txtar.Archive) {
	var options Options
	if version, ok := strings.CutPrefix(strings.TrimSpace(string(archive.Comment)), "nginx "); ok {
		options.Nginx = version
	}
	reader := NewReader()
	wanted := make(map[string]int)
	for _, f := range archive.Files {
		if f.Name == "code.json" {
			options.Code = new(Code)
			decoder := json.NewDecoder(strings.NewReader(string(f.Data)))
			decoder.DisallowUnknownFields()
			if err := decoder.Decode(options.Code); err != nil {
				t.Fatal(err)
			}
			continue
		}
		file := &source.File{Path: "/repo/" + f.Name, Content: f.Data}
		if MayHold(file.Path, file.Content) {
			reader.Add(file)
		} else if strings.Contains(string(f.Data), "# want ") {
			t.Errorf("%s is not even read", f.Name)
		}
		lines := strings.Split(string(f.Data), "\n")
		for i, line := range lines {
			before, wants, ok := strings.Cut(line, "# want ")
			if !ok {
				continue
			}
			at := i + 1
			if strings.TrimSpace(before) == "" {
				at++
			}
			for id := range strings.FieldsSeq(wants) {
				wanted[fmt.Sprintf("%s:%d: %s", f.Name, at, id)]++
			}
		}
	}
	for _, e := range reader.Errors {
		t.Errorf("%s:%d: %s", e.File.Path, e.Line, e.Message)
	}
	for _, i := range Check(reader.Set(), options) {
		id := i.Rule.ID
		if i.Severity != 0 && i.Severity != i.Rule.Severity {
			id += ":" + i.Severity.String()
		}
		if len(i.Message) >= 140 {
			t.Errorf("a message of %d characters: %s", len(i.Message), i.Message)
		}
		if strings.Contains(i.Message, "  ") || strings.Contains(i.Message, "%!") {
			t.Errorf("message %q", i.Message)
		}
		key := fmt.Sprintf("%s:%d: %s", strings.TrimPrefix(i.At.Text.File.Path, "/repo/"), i.At.Line(), id)
		if wanted[key]--; wanted[key] < 0 {
			t.Errorf("unexpected %s: %s", key, i.Message)
		}
		if start, end := i.At.InFile(); end <= start {
			t.Errorf("%s has no range", key)
		}
	}
	for key, left := range wanted {
		if left > 0 {
			t.Errorf("missing %s", key)
		}
	}
}

// Every rule on by default has at least five bad cases, and eight that are
// silent about something near.
func TestEnoughCases(t *testing.T) {
	bad, silent := make(map[string]int), make(map[string]int)
	archives, _ := filepath.Glob("testdata/*.txtar")
	for _, path := range archives {
		archive, err := txtar.ParseFile(path)
		if err != nil {
			t.Fatal(err)
		}
		for _, f := range archive.Files {
			for line := range strings.Lines(string(f.Data)) {
				if _, wants, ok := strings.Cut(line, "# want "); ok {
					for id := range strings.FieldsSeq(wants) {
						id, _, _ = strings.Cut(id, ":")
						bad[id]++
					}
				}
				if _, about, ok := strings.Cut(line, "# silent "); ok {
					id, why, _ := strings.Cut(strings.TrimSpace(about), " ")
					if why == "" {
						t.Errorf("%s: a silent case says why: %s", path, line)
					}
					silent[id]++
				}
			}
		}
	}
	for _, r := range rule.Family("deploy") {
		if !Looks(r) || !r.On {
			continue
		}
		if bad[r.ID] < 5 || silent[r.ID] < 8 {
			t.Errorf("%s has %d bad and %d silent cases", r.ID, bad[r.ID], silent[r.ID])
		}
	}
	for id := range bad {
		if !slices.ContainsFunc(rule.All(), func(r *rule.Rule) bool { return r.ID == id }) {
			t.Errorf("%s is no rule", id)
		}
	}
}

// cluster is the manifests of n services, each of which calls the next.
func cluster(n int) *Set {
	reader := NewReader()
	for i := range n {
		reader.Add(&source.File{Path: fmt.Sprintf("/repo/%d.yaml", i), Content: fmt.Appendf(nil, `apiVersion: apps/v1
kind: Deployment
metadata: {name: a%d}
spec:
  template:
    metadata: {labels: {app: a%[1]d}}
    spec:
      containers:
      - {name: a, image: x/a%[1]d, ports: [{name: grpc, containerPort: 50051}], env: [{name: NEXT_ADDR, value: "a%[2]d:50051"}]}
---
apiVersion: v1
kind: Service
metadata: {name: a%[1]d}
spec:
  selector: {app: a%[1]d}
  ports: [{name: grpc, port: 50051, targetPort: grpc}]
`, i, (i+1)%n)})
	}
	return reader.Set()
}

// The work grows with the number of manifests and no faster.
func BenchmarkCheck(b *testing.B) {
	for _, n := range []int{1000, 2000, 4000} {
		set := cluster(n)
		b.Run(fmt.Sprint(n), func(b *testing.B) {
			for b.Loop() {
				Check(set, Options{})
			}
		})
	}
}
