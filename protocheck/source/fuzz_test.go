package source_test

import (
	"go/token"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck"
	"github.com/grpclint/grpclint/protocheck/source"
)

// Whatever is in a file, nothing panics, what is said of it has a place in
// it, and so has all that it declares.
func FuzzLoad(f *testing.F) {
	f.Add(everything)
	f.Add(good)
	f.Add("edition = \"2023\";\npackage a.b;\noption features.field_presence = IMPLICIT;\nmessage M { extensions 1 to max; reserved x, y; }\n")
	f.Add("syntax = \"proto2\";\nextend google.protobuf.FieldOptions { optional M o = 50000; }\nimport \"google/protobuf/descriptor.proto\";\nmessage M { optional M m = 1 [(o) = {m: {m <>} , m: [{}, {}]}, (o).m.m = {}]; optional int32 n = 2 [(o).x = inf, default = -1]; }\n")
	f.Add("//grpclint:ignore a b\n//grpclint:idempotent\nmessage M { map<int32, M> m = 1; } // nolint\n")
	builtins, err := filepath.Glob("builtin/*/*/*.proto")
	if err != nil || len(builtins) == 0 {
		f.Fatal(err)
	}
	for _, file := range builtins {
		text, err := os.ReadFile(file)
		if err != nil {
			f.Fatal(err)
		}
		f.Add(string(text))
	}
	dir := f.TempDir()
	f.Fuzz(func(t *testing.T, text string) {
		path := filepath.Join(dir, "a.proto")
		write(t, path, text)
		s := source.Load([]string{path}, source.Options{Dir: dir, Workers: 1})
		loaded := s.Files()[0]
		for _, e := range loaded.Errors {
			if strings.Contains(e.Message, "internal error") || e.Message == "" || strings.Contains(e.Message, "\n") {
				t.Errorf("%q", e.Message)
			}
			if e.Offset < 0 || e.Offset > len(text) {
				t.Errorf("an error at %d of %d", e.Offset, len(text))
			}
			if line, column := s.Position(loaded, e.Offset); line < 1 || column < 1 {
				t.Errorf("an error at %d:%d", line, column)
			}
		}
		if loaded.Descriptor == nil {
			if len(loaded.Errors) == 0 {
				t.Error("nothing is compiled, and nobody knows why")
			}
			return
		}
		fset := token.NewFileSet()
		file := fset.AddFile(path, -1, len(text))
		file.SetLinesForContent([]byte(text))
		for _, d := range s.Directives(loaded, file).All() {
			if d.FromLine < 1 || d.ToLine < d.FromLine {
				t.Errorf("a directive for the lines %d to %d", d.FromLine, d.ToLine)
			}
		}
		check := func(d protoreflect.Descriptor) {
			for part := protocheck.Name; part <= protocheck.Import; part++ {
				e := protocheck.Element{Descriptor: d, Part: part, Option: "deprecated"}
				place, ok := s.Locate(e)
				if ok && (place.Start < 0 || place.Start > place.End || place.End > len(text)) {
					t.Errorf("%s is at %d to %d of %d", d.FullName(), place.Start, place.End, len(text))
				}
				for _, added := range []string{"", "deprecated = true"} {
					change, ok := s.Change(protocheck.Edit{At: e, NewText: added})
					if ok && (change.Start < 0 || change.Start > change.End || change.End > len(text)) {
						t.Errorf("%s is changed at %d to %d of %d", d.FullName(), change.Start, change.End, len(text))
					}
				}
			}
			_ = s.Comment(d)
		}
		check(loaded.Descriptor)
		eachIn(loaded.Descriptor, check)
	})
}

// eachIn visits the messages, fields, enums, values, services and methods of
// a file.
func eachIn(file protoreflect.FileDescriptor, visit func(protoreflect.Descriptor)) {
	var messages func(protoreflect.MessageDescriptors)
	enums := func(list protoreflect.EnumDescriptors) {
		for i := range list.Len() {
			visit(list.Get(i))
			for j := range list.Get(i).Values().Len() {
				visit(list.Get(i).Values().Get(j))
			}
		}
	}
	extensions := func(list protoreflect.ExtensionDescriptors) {
		for i := range list.Len() {
			visit(list.Get(i))
		}
	}
	messages = func(list protoreflect.MessageDescriptors) {
		for i := range list.Len() {
			m := list.Get(i)
			visit(m)
			for j := range m.Fields().Len() {
				visit(m.Fields().Get(j))
			}
			for j := range m.Oneofs().Len() {
				visit(m.Oneofs().Get(j))
			}
			enums(m.Enums())
			extensions(m.Extensions())
			messages(m.Messages())
		}
	}
	messages(file.Messages())
	enums(file.Enums())
	extensions(file.Extensions())
	for i := range file.Services().Len() {
		visit(file.Services().Get(i))
		for j := range file.Services().Get(i).Methods().Len() {
			visit(file.Services().Get(i).Methods().Get(j))
		}
	}
}
