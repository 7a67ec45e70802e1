package source

import (
	"bytes"
	"fmt"

	"google.golang.org/protobuf/reflect/protoreflect"
)

// findDuplicates reports files that define again what another file defines.
// Each tree is compiled for itself, so nothing is lost but the certainty of
// what a name means to the rest of the run. Copies of a file are no
// contradiction.
func (s *Set) findDuplicates(all []*File) {
	first := make(map[protoreflect.FullName]*File)
	for _, asked := range []bool{true, false} {
		for _, f := range all {
			if f.Descriptor == nil || f.asked != asked || f.Root == "builtin:" {
				continue
			}
			var twice protoreflect.FullName
			var by *File
			eachTopLevel(f.Descriptor, func(name protoreflect.FullName) {
				other := first[name]
				switch {
				case other == nil:
					first[name] = f
				case by == nil:
					twice, by = name, other
				}
			})
			if by == nil || !f.asked || bytes.Equal(textOf(f), textOf(by)) {
				continue
			}
			f.Errors = append(f.Errors, Error{
				Offset:  s.declaredAt(f, string(twice)),
				Message: fmt.Sprintf("%s is also defined in %s: names are looked up there", twice, by.Path),
				Other:   by,
			})
		}
	}
}

func eachTopLevel(file protoreflect.FileDescriptor, visit func(protoreflect.FullName)) {
	for i := range file.Messages().Len() {
		visit(file.Messages().Get(i).FullName())
	}
	for i := range file.Enums().Len() {
		visit(file.Enums().Get(i).FullName())
	}
	for i := range file.Extensions().Len() {
		visit(file.Extensions().Get(i).FullName())
	}
	for i := range file.Services().Len() {
		visit(file.Services().Get(i).FullName())
	}
}
