package bufplugin

import (
	"slices"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck"
)

// Field numbers of descriptor.proto, of which source paths are made.
const (
	filePackage     = 2
	fileOptions     = 8
	name            = 1 // of messages, fields, services and methods
	fieldType       = 5
	fieldTypeName   = 6
	fieldOptions    = 8
	messageOptions  = 7
	methodInput     = 2
	methodOutput    = 3
	methodOptions   = 4
	idempotency     = 34
	httpRule        = 72295728
	fieldBehavior   = 1052
	fieldInfo       = 291403980
	fieldInfoFormat = 1
)

// optionPaths are the options that rules name, as paths below the options of
// a declaration.
func optionPaths(option string) protoreflect.SourcePath {
	switch option {
	case "idempotency_level":
		return protoreflect.SourcePath{idempotency}
	case "(google.api.http)":
		return protoreflect.SourcePath{httpRule}
	case "(google.api.field_behavior)":
		return protoreflect.SourcePath{fieldBehavior}
	case "(google.api.field_info).format":
		return protoreflect.SourcePath{fieldInfo, fieldInfoFormat}
	}
	return nil
}

// path returns where an element stands: of its part if the source info has
// that, else of its name, else of the declaration.
func path(e protocheck.Element) protoreflect.SourcePath {
	locations := e.Descriptor.ParentFile().SourceLocations()
	base := locations.ByDescriptor(e.Descriptor).Path
	for _, candidate := range candidates(e) {
		full := append(slices.Clip(base), candidate...)
		if found := first(locations, full); found != nil {
			return found
		}
	}
	return base
}

// candidates are the paths of an element below that of its declaration, the
// best first.
func candidates(e protocheck.Element) []protoreflect.SourcePath {
	var paths []protoreflect.SourcePath
	_, isFile := e.Descriptor.(protoreflect.FileDescriptor)
	switch e.Part {
	case protocheck.Type:
		paths = append(paths, protoreflect.SourcePath{fieldTypeName}, protoreflect.SourcePath{fieldType})
	case protocheck.Input:
		paths = append(paths, protoreflect.SourcePath{methodInput})
	case protocheck.Output:
		paths = append(paths, protoreflect.SourcePath{methodOutput})
	case protocheck.Option:
		if option := optionPaths(e.Option); option != nil {
			paths = append(paths, append(protoreflect.SourcePath{optionsOf(e.Descriptor)}, option...))
		}
	case protocheck.Whole:
		return nil
	}
	if isFile {
		return append(paths, protoreflect.SourcePath{filePackage})
	}
	return append(paths, protoreflect.SourcePath{name})
}

func optionsOf(d protoreflect.Descriptor) int32 {
	switch d.(type) {
	case protoreflect.MethodDescriptor:
		return methodOptions
	case protoreflect.FieldDescriptor:
		return fieldOptions
	case protoreflect.MessageDescriptor:
		return messageOptions
	}
	return fileOptions
}

// first returns the first location at or below a path: of an option that is
// a list, each value has its own.
func first(locations protoreflect.SourceLocations, path protoreflect.SourcePath) protoreflect.SourcePath {
	for i := range locations.Len() {
		if at := locations.Get(i).Path; len(at) >= len(path) && slices.Equal(at[:len(path)], path) {
			return at
		}
	}
	return nil
}
