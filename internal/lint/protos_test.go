package lint

import (
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/protocheck"
	"github.com/grpclint/grpclint/rule"
)

// What a rule says of descriptors becomes findings with places, fixes and
// related places, those in other files included.
func TestProtoIssues(t *testing.T) {
	dir := t.TempDir()
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		dir = resolved
	}
	const service = "syntax = \"proto3\";\npackage shop;\nimport \"order.proto\";\nservice Orders {\n\trpc Get(Order) returns (Order);\n}\n"
	for name, text := range map[string]string{
		"service.proto": service,
		"order.proto":   "syntax = \"proto3\";\npackage shop;\nmessage Order {}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	options := Options{Dir: dir, Policy: everything{}, Severity: rule.Info, Patterns: []string{"order.proto", "service.proto"}}
	options.Proto.Check = func(file protoreflect.FileDescriptor, source protocheck.Source) []protocheck.Issue {
		if file.Services().Len() == 0 {
			return nil
		}
		m := file.Services().Get(0).Methods().Get(0)
		if !source.Mentions(file, "rpc Get") || source.Comment(m) != "" {
			t.Error("the source is not the file")
		}
		add := func(e protocheck.Element, text string) protocheck.Edit { return protocheck.Edit{At: e, NewText: text} }
		return []protocheck.Issue{{
			Rule: rule.MustLookup("idempotency/level"), Severity: rule.Warning, Message: "wrong",
			At:      protocheck.Element{Descriptor: m, Part: protocheck.Input},
			Related: []protocheck.Related{{At: protocheck.Element{Descriptor: m.Input()}, Message: "declared here"}},
			Fixes: []protocheck.Fix{
				{Message: "Say so", Safe: true, Edits: []protocheck.Edit{
					add(protocheck.Element{Descriptor: m, Part: protocheck.Option, Option: "deprecated"}, "deprecated = true"),
					add(protocheck.Element{Descriptor: file, Part: protocheck.Import, Option: "order.proto"}, ""),
				}},
				{Message: "Change what is not ours", Edits: []protocheck.Edit{add(protocheck.Element{Descriptor: m.Input()}, "X")}},
			},
		}}
	}
	report := Run(options)
	if len(report.Errors) > 0 || len(report.Findings) != 1 || report.Stats.ProtoFiles != 2 {
		t.Fatalf("got %+v", report)
	}
	f := report.Findings[0]
	if f.File != "service.proto" || f.Line != 5 || f.Column != 10 || f.EndColumn != 15 || f.Severity != rule.Warning {
		t.Errorf("the finding is %+v", f)
	}
	if len(f.Related) != 1 || f.Related[0].File != "order.proto" || f.Related[0].Line != 3 || f.Related[0].Column != 9 {
		t.Errorf("related is %+v", f.Related)
	}
	if len(f.Fixes) != 1 || len(f.Fixes[0].Edits) != 1 {
		t.Fatalf("the fixes are %+v", f.Fixes)
	}
	edit := f.Fixes[0].Edits[0]
	got := service[:edit.Start] + edit.NewText + service[edit.End:]
	if want := strings.Replace(service, "(Order);", "(Order) {\n\t\toption deprecated = true;\n\t}", 1); got != want || edit.Foreign || edit.Analysed != load.SumOf([]byte(service)) {
		t.Errorf("the edit is %+v", edit)
	}
}

// What a rule says of a message that another file declares is a finding of
// that file, once, and is silenced there; if nobody asked for the file, it is
// nobody's.
func TestProtoIssueElsewhere(t *testing.T) {
	dir := t.TempDir()
	const service = "syntax = \"proto3\";\npackage shop;\nimport \"order.proto\";\nservice Orders { rpc Get(Order) returns (Item); }\n"
	for name, text := range map[string]string{
		"a.proto":     service,
		"b.proto":     strings.Replace(service, "Orders", "Others", 1),
		"order.proto": "syntax = \"proto3\";\npackage shop;\nmessage Order {}\n//grpclint:ignore etag/type not ours\nmessage Item {}\n",
	} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte(text), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	options := Options{Dir: dir, Policy: everything{}, Severity: rule.Info}
	options.Proto.Check = func(file protoreflect.FileDescriptor, _ protocheck.Source) []protocheck.Issue {
		if file.Services().Len() == 0 {
			return nil
		}
		m := file.Services().Get(0).Methods().Get(0)
		return []protocheck.Issue{
			{Rule: rule.MustLookup("etag/type"), Message: "wrong", At: protocheck.Element{Descriptor: m.Input()}},
			{Rule: rule.MustLookup("etag/type"), Message: "wrong, and known", At: protocheck.Element{Descriptor: m.Output()}},
		}
	}
	options.Patterns = []string{"a.proto", "b.proto", "order.proto"}
	report := Run(options)
	if len(report.Errors) > 0 || len(report.Findings) != 1 || report.Stats.Suppressed != 1 {
		t.Fatalf("got %+v", report)
	}
	if f := report.Findings[0]; f.File != "order.proto" || f.Line != 3 || f.Column != 9 || f.Message != "wrong" {
		t.Errorf("the finding is %+v", f)
	}
	options.Patterns = []string{"a.proto", "b.proto"}
	if report := Run(options); len(report.Errors) > 0 || len(report.Findings) > 0 {
		t.Errorf("without the file: %+v", report)
	}
}

// A rule that panics costs its file.
func TestProtoPanic(t *testing.T) {
	dir := t.TempDir()
	for _, name := range []string{"a.proto", "b.proto"} {
		if err := os.WriteFile(filepath.Join(dir, name), []byte("syntax = \"proto3\";\n"), 0o666); err != nil {
			t.Fatal(err)
		}
	}
	options := Options{Dir: dir, Policy: everything{}, Severity: rule.Info, Patterns: []string{"a.proto", "b.proto"}, Workers: 1}
	checked := 0
	options.Proto.Check = func(file protoreflect.FileDescriptor, _ protocheck.Source) []protocheck.Issue {
		if file.Path() == "a.proto" {
			panic("oops")
		}
		checked++
		return nil
	}
	report := Run(options)
	if len(report.Errors) != 1 || report.Errors[0].File != "a.proto" || report.Errors[0].Message != "internal error: oops" || report.Errors[0].Detail == "" || checked != 1 {
		t.Errorf("got %+v, %d checked", report.Errors, checked)
	}
}
