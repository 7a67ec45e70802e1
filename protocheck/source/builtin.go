package source

import (
	"embed"
	"strings"

	"google.golang.org/protobuf/types/descriptorpb"
)

// builtins are files that most APIs import and few repositories contain.
// They hold what rules ask for, under the names and numbers of the originals,
// and are used where the originals are not to be found.
//
//go:embed builtin
var builtins embed.FS

// descriptorFile defines the options, and is built into every compiler.
const descriptorFile = "google/protobuf/descriptor.proto"

// builtinWhole are those that declare every type of the original.
var builtinWhole = map[string]bool{
	"google/protobuf/any.proto":            true,
	"google/protobuf/api.proto":            true,
	"google/protobuf/duration.proto":       true,
	"google/protobuf/empty.proto":          true,
	"google/protobuf/field_mask.proto":     true,
	"google/protobuf/source_context.proto": true,
	"google/protobuf/struct.proto":         true,
	"google/protobuf/timestamp.proto":      true,
	"google/protobuf/type.proto":           true,
	"google/protobuf/wrappers.proto":       true,
}

// builtinFolders hold files of which nothing but the import is needed: what
// they declare is unknown, and nobody is told that they are not there.
var builtinFolders = []string{
	"google/protobuf/", "google/api/", "google/rpc/", "google/type/", "google/longrunning/",
	"buf/validate/", "validate/validate.proto", "gogoproto/", "protoc-gen-openapiv2/options/",
	"protoc-gen-swagger/options/", "tagger/tagger.proto",
}

// builtinPrefixes are by what some projects import those files.
var builtinPrefixes = []string{
	"github.com/gogo/protobuf/protobuf/", "github.com/gogo/protobuf/", "github.com/gogo/googleapis/",
	"github.com/grpc-ecosystem/grpc-gateway/third_party/googleapis/", "github.com/grpc-ecosystem/grpc-gateway/v2/",
	"github.com/grpc-ecosystem/grpc-gateway/", "github.com/googleapis/googleapis/", "github.com/envoyproxy/protoc-gen-validate/",
	"github.com/lyft/protoc-gen-validate/", "third_party/googleapis/", "third_party/", "github.com/protocolbuffers/protobuf/src/",
}

// addBuiltin returns the built-in file for an import, or nil.
func (s *Set) addBuiltin(imported string) (file *File, isNew bool) {
	name := imported
	if !isBuiltin(name) {
		for _, prefix := range builtinPrefixes {
			if rest, ok := strings.CutPrefix(imported, prefix); ok && isBuiltin(rest) {
				name = rest
				break
			}
		}
		if !isBuiltin(name) {
			return nil, false
		}
	}
	key := "builtin:" + name
	if f := s.byPath[key]; f != nil {
		return f, false
	}
	f := &File{Path: key, Import: name, Root: "builtin:", partial: !builtinWhole[name]}
	s.byPath[key] = f
	if name == descriptorFile {
		d := descriptorpb.File_google_protobuf_descriptor_proto
		f.partial, f.pkg, f.Descriptor, f.index = false, string(d.Package()), d, indexOf(d)
		f.once.Do(func() {})
		return f, false
	}
	text, err := builtins.ReadFile("builtin/" + name)
	f.builtin = string(text)
	if err != nil {
		f.builtin = "syntax = \"proto3\";"
	}
	return f, true
}

func isBuiltin(name string) bool {
	for _, folder := range builtinFolders {
		if strings.HasPrefix(name, folder) {
			return true
		}
	}
	return false
}
