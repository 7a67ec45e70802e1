package protocheck_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"

	"github.com/grpclint/grpclint/protocheck"
	"github.com/grpclint/grpclint/protocheck/source"
	"github.com/grpclint/grpclint/rule"
)

// A testCase is a .proto file without its head. A rule that is to report an
// element finds it between « and »; a case without is one of silence.
type testCase struct{ name, text string }

// head is what cases leave out. R is a reply.
const head = `syntax = "proto3";
package %s;
import "google/api/annotations.proto";
import "google/api/field_behavior.proto";
import "google/api/resource.proto";
import "google/protobuf/field_mask.proto";
import "google/protobuf/struct.proto";
import "google/protobuf/wrappers.proto";
message R {}
`

// load compiles files, which are given by their names.
func load(t testing.TB, files map[string]string) (*source.Set, map[string]*source.File) {
	t.Helper()
	dir := t.TempDir()
	var paths []string
	for name, text := range files {
		path := filepath.Join(dir, filepath.FromSlash(name))
		if err := os.MkdirAll(filepath.Dir(path), 0o777); err != nil {
			t.Fatal(err)
		}
		if err := os.WriteFile(path, []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
		paths = append(paths, path)
	}
	set := source.Load(paths, source.Options{Dir: dir})
	byName := make(map[string]*source.File)
	for _, f := range set.Files() {
		name, err := filepath.Rel(dir, f.Path)
		if err != nil {
			t.Fatal(err)
		}
		byName[filepath.ToSlash(name)] = f
	}
	return set, byName
}

// compiles fails the test if a file has errors.
func compiles(t *testing.T, f *source.File) {
	t.Helper()
	for _, e := range f.Errors {
		t.Errorf("does not compile: %s", e.Message)
	}
	if f.Descriptor == nil {
		t.Fatal("has no descriptor")
	}
}

// only enables one rule.
func only(id string) func(*rule.Rule) bool {
	return func(r *rule.Rule) bool { return r.ID == id }
}

var marks = regexp.MustCompile("[«»]")

// checkCases runs the rule over its cases. Of a rule that is on by default
// five are to be bad and eight silent.
func checkCases(t *testing.T, id string, cases []testCase) {
	t.Helper()
	files := make(map[string]string)
	wants := make([][]string, len(cases))
	bad := 0
	for i, c := range cases {
		text := marked(c.text)
		wants[i] = text
		if len(text) > 0 {
			bad++
		}
		files[fileName(i)] = fmt.Sprintf(head, fmt.Sprintf("case%d.v1", i)) + marks.ReplaceAllString(c.text, "")
	}
	if r := rule.MustLookup(id); r.On && (bad < 5 || len(cases)-bad < 8) {
		t.Errorf("%d bad and %d silent cases", bad, len(cases)-bad)
	}
	set, byName := load(t, files)
	for i, c := range cases {
		t.Run(c.name, func(t *testing.T) {
			f := byName[fileName(i)]
			if strings.Contains(c.name, "missing import") {
				if f.Descriptor == nil {
					t.Fatal("has no descriptor")
				}
			} else {
				compiles(t, f)
			}
			var got []string
			for _, issue := range protocheck.Check(f.Descriptor, set, protocheck.Options{Enabled: only(id)}) {
				checkIssue(t, id, issue)
				place, ok := set.Locate(issue.At)
				if !ok {
					t.Errorf("no place: %s", issue.Message)
					continue
				}
				text := files[fileName(i)]
				got = append(got, text[place.Start:place.End]+" at "+fmt.Sprint(place.Start-strings.Index(text, "message R {}\n")))
			}
			if !slices.Equal(got, wants[i]) {
				t.Errorf("reported %q, want %q in\n%s", got, wants[i], c.text)
			}
		})
	}
}

func fileName(i int) string { return fmt.Sprintf("case%d/v1/case.proto", i) }

// marked returns what is between marks, each with its offset.
func marked(text string) []string {
	var found []string
	offset := len("message R {}\n")
	for {
		before, rest, ok := strings.Cut(text, "«")
		if !ok {
			return found
		}
		inside, after, _ := strings.Cut(rest, "»")
		offset += len(before)
		found = append(found, fmt.Sprintf("%s at %d", inside, offset))
		offset += len(inside)
		text = after
	}
}

func checkIssue(t *testing.T, id string, issue protocheck.Issue) {
	t.Helper()
	if issue.Rule.ID != id {
		t.Errorf("reported by %s", issue.Rule.ID)
	}
	if issue.Severity > issue.Rule.Severity {
		t.Errorf("severity %v is above the rule's, %v", issue.Severity, issue.Rule.Severity)
	}
	if len(issue.Message) >= 140 || strings.Contains(issue.Message, "\n") || strings.Contains(issue.Message, id) {
		t.Errorf("message of %d characters: %s", len(issue.Message), issue.Message)
	}
	kind := rule.NoFix
	for _, fix := range issue.Fixes {
		kind = max(kind, rule.SuggestedFix)
		if fix.Safe {
			kind = rule.SafeFix
		}
	}
	if kind > issue.Rule.Fix {
		t.Errorf("a fix of kind %v, the page says %v", kind, issue.Rule.Fix)
	}
}

// Descriptors of generated code, and of messages that hold themselves, are
// judged without a source.
func TestGeneratedDescriptors(t *testing.T) {
	all := protocheck.Options{Enabled: func(*rule.Rule) bool { return true }}
	n := 0
	protoregistry.GlobalFiles.RangeFiles(func(file protoreflect.FileDescriptor) bool {
		n++
		for _, issue := range protocheck.Check(file, nil, all) {
			t.Logf("%s: %s", file.Path(), issue.Message)
		}
		return true
	})
	if n == 0 {
		t.Error("no files")
	}
}

// The same file gives the same issues in the same order.
func TestOrder(t *testing.T) {
	text := fmt.Sprintf(head, "shop.v1") + `
		message Order { bytes etag = 1; string note = 2; message Item { int64 etag = 1; } Order parent = 3; }
		message Q { int64 request_id = 1; Order order = 2; }
		service S { rpc SendOrder(Q) returns (R); rpc CreateOrder(Q) returns (R); rpc UpdateOrder(Q) returns (R); }`
	var first []string
	for range 5 {
		set, byName := load(t, map[string]string{"a.proto": text})
		var got []string
		for _, issue := range protocheck.Check(byName["a.proto"].Descriptor, set, protocheck.Options{}) {
			got = append(got, issue.Rule.ID+" "+string(issue.At.Descriptor.FullName()))
		}
		if first == nil {
			first = got
		}
		if len(got) < 3 || !slices.Equal(got, first) {
			t.Errorf("got %q, first %q", got, first)
		}
	}
}

// A fix leaves a file that compiles and that the rule is silent about.
func TestFixes(t *testing.T) {
	tests := []struct{ rule, before, after string }{
		{"etag/type", `message Order { bytes etag = 1; }`, `message Order { string etag = 1; }`},
		{"etag/type", `message Order { optional int64 etag = 1; }`, `message Order { optional string etag = 1; }`},
		{"etag/type", `message Order { map<string, bytes> etag = 1; }`, `message Order { string etag = 1; }`},
		{
			"etag/behavior",
			`message Order { string name = 1; string etag = 2 [(google.api.field_behavior) = OUTPUT_ONLY]; } message Q { Order order = 1; } service S { rpc UpdateOrder(Q) returns (R); }`,
			`message Order { string name = 1; string etag = 2; } message Q { Order order = 1; } service S { rpc UpdateOrder(Q) returns (R); }`,
		},
		{
			"idempotency/token-type",
			`message Q { string a = 1; repeated string request_id = 2; } service S { rpc CreateOrder(Q) returns (R); }`,
			`message Q { string a = 1; string request_id = 2; } service S { rpc CreateOrder(Q) returns (R); }`,
		},
		{
			"idempotency/token-required",
			`message Q { string request_id = 1 [(google.api.field_behavior) = REQUIRED]; } service S { rpc CreateOrder(Q) returns (R); }`,
			`message Q { string request_id = 1 [(google.api.field_behavior) = OPTIONAL]; } service S { rpc CreateOrder(Q) returns (R); }`,
		},
		{
			"idempotency/level",
			"message Q { string a = 1; }\nservice S {\n  rpc DeleteOrder(Q) returns (R) {\n    option deprecated = true;\n    option idempotency_level = NO_SIDE_EFFECTS;\n  }\n}\n",
			"message Q { string a = 1; }\nservice S {\n  rpc DeleteOrder(Q) returns (R) {\n    option deprecated = true;\n  }\n}\n",
		},
	}
	for _, test := range tests {
		before, after := fmt.Sprintf(head, "shop.v1")+test.before, fmt.Sprintf(head, "shop.v1")+test.after
		if got := applyFix(t, test.rule, before); got != after {
			t.Errorf("%s: got\n%s\nwant\n%s", test.rule, got, after)
		}
	}
	// An option that was not there, and its import.
	for id, text := range map[string]string{
		"idempotency/token-format":  "message Q {\n  // A UUID.\n  string request_id = 1;\n}\nservice S {\n  rpc CreateOrder(Q) returns (R);\n}\n",
		"idempotency/unmarked-read": "message Q {}\nservice S {\n  rpc GetOrder(Q) returns (R);\n}\n",
	} {
		applyFix(t, id, fmt.Sprintf(head, "shop.v1")+text)
	}
}

// applyFix applies the first fix of the rule's only issue and checks that
// nothing is left to be reported.
func applyFix(t *testing.T, id, text string) string {
	t.Helper()
	options := protocheck.Options{Enabled: only(id)}
	set, byName := load(t, map[string]string{"a.proto": text})
	issues := protocheck.Check(byName["a.proto"].Descriptor, set, options)
	if len(issues) != 1 || len(issues[0].Fixes) == 0 {
		t.Fatalf("%s: %d issues", id, len(issues))
	}
	var changes []source.Change
	for _, edit := range issues[0].Fixes[0].Edits {
		change, ok := set.Change(edit)
		if !ok {
			t.Fatalf("%s: %q has no place", id, edit.NewText)
		}
		changes = append(changes, change)
	}
	slices.SortFunc(changes, func(a, b source.Change) int { return b.Start - a.Start })
	for _, change := range changes {
		text = text[:change.Start] + change.NewText + text[change.End:]
	}
	set, byName = load(t, map[string]string{"a.proto": text})
	compiles(t, byName["a.proto"])
	for _, issue := range protocheck.Check(byName["a.proto"].Descriptor, set, options) {
		t.Errorf("%s: still reported: %s\n%s", id, issue.Message, text)
	}
	return text
}

// The code of every page is judged as the page says: the incorrect by
// exactly its rule, the correct by none that is on.
func TestPages(t *testing.T) {
	type block struct {
		rule      *rule.Rule
		incorrect bool
	}
	blocks := make(map[string]block)
	files := make(map[string]string)
	for _, family := range []string{"idempotency", "etag", "proto"} {
		for _, r := range rule.Family(family) {
			for _, heading := range []string{"Incorrect", "Correct"} {
				for i, code := range protoBlocks(r.Page(), heading) {
					name := fmt.Sprintf("%s/%s%d/v1/page.proto", r.ID, strings.ToLower(heading), i)
					blocks[name] = block{r, heading == "Incorrect"}
					files[name] = complete(code, fmt.Sprintf("page%d.v1", len(files)))
				}
			}
		}
	}
	if len(blocks) < 2*17 {
		t.Errorf("only %d blocks", len(blocks))
	}
	set, byName := load(t, files)
	for name, b := range blocks {
		t.Run(name, func(t *testing.T) {
			compiles(t, byName[name])
			reporting := make(map[string]int)
			for _, issue := range protocheck.Check(byName[name].Descriptor, set, protocheck.Options{
				Enabled: func(r *rule.Rule) bool { return r.On || r == b.rule },
			}) {
				reporting[issue.Rule.ID]++
				if b.incorrect && issue.Severity != 0 && issue.Severity != b.rule.Severity {
					t.Errorf("severity %v, the rule's is %v", issue.Severity, b.rule.Severity)
				}
			}
			if b.incorrect && (len(reporting) != 1 || reporting[b.rule.ID] == 0) || !b.incorrect && len(reporting) > 0 {
				t.Errorf("reported by %v in\n%s", reporting, files[name])
			}
		})
	}
}

// complete adds what a code block leaves out for its readers.
func complete(code, pkg string) string {
	text := "syntax = \"proto3\";\n"
	if !strings.HasPrefix(code, "package ") {
		text += "package " + pkg + ";\n"
	}
	for mention, path := range map[string]string{
		"(google.api.http)":           "google/api/annotations.proto",
		"(google.api.field_behavior)": "google/api/field_behavior.proto",
		"(google.api.field_info)":     "google/api/field_info.proto",
		"(google.api.resource)":       "google/api/resource.proto",
		"google.protobuf.FieldMask":   "google/protobuf/field_mask.proto",
	} {
		if strings.Contains(code, mention) {
			code = insertImport(code, path)
		}
	}
	return text + code
}

// insertImport puts an import where it may stand: a package clause of the
// block may follow.
func insertImport(code, path string) string { return fmt.Sprintf("import %q;\n", path) + code }

func protoBlocks(page, heading string) []string {
	_, section, _ := strings.Cut(page, "## "+heading+"\n")
	section, _, _ = strings.Cut(section, "\n## ")
	var blocks []string
	for {
		_, rest, found := strings.Cut(section, "```proto\n")
		if !found {
			return blocks
		}
		block, after, _ := strings.Cut(rest, "```")
		blocks = append(blocks, block)
		section = after
	}
}
