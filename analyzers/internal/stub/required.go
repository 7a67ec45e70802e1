package stub

import (
	"go/ast"
	"go/types"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/grpclint/grpclint/protocheck/method/rawdesc"
)

// hasMessages reports whether the package has generated files: only these
// embed descriptors.
func hasMessages(pass *analysis.Pass) bool { return slices.ContainsFunc(pass.Files, ast.IsGenerated) }

// required names the fields that validators ask for, by the Go name of their
// message.
func required(files *rawdesc.Files) (list []string, validated bool) {
	list, validated = files.Required()
	for i, path := range list {
		last := strings.LastIndexByte(path, '.')
		message := strings.Split(path[:last], ".")
		for j := range message {
			message[j] = camelCase(message[j])
		}
		list[i] = strings.Join(message, "_") + path[last:]
	}
	slices.Sort(list)
	return list, validated
}

// camelCase makes the Go name of a message, as protoc-gen-go does: an
// underscore before a small letter goes, and the letter becomes a capital.
func camelCase(name string) string {
	var b strings.Builder
	for i := 0; i < len(name); i++ {
		c := name[i]
		small := func(j int) bool { return j < len(name) && 'a' <= name[j] && name[j] <= 'z' }
		switch {
		case c == '_' && i == 0:
			b.WriteByte('X')
		case c == '_' && small(i+1):
		case small(i) && (i == 0 || name[i-1] == '_' || '0' <= name[i-1] && name[i-1] <= '9'):
			b.WriteByte(c - 'a' + 'A')
		default:
			b.WriteByte(c)
		}
	}
	return b.String()
}

// Required reports whether a validator refuses messages without the field
// that a getter, or the struct of the message t, has by a Go name; or may,
// because nothing is known of the package that the message is from, and
// others ask for fields by options.
func (x *Index) Required(t types.Type, name string) bool {
	named := NamedOf(t)
	if named == nil || named.Obj().Pkg() == nil {
		return false
	}
	pkg := named.Obj().Pkg()
	fact := x.known[pkg.Path()]
	switch {
	case fact == nil && strings.HasPrefix(pkg.Path(), "google.golang.org/protobuf/"):
		return false // well-known types
	case fact == nil && Reaches(pkg):
		return true
	case fact == nil:
		// Messages without services: facts are of packages that reach grpc-go.
		for _, p := range append([]*types.Package{x.pkg}, x.pkg.Imports()...) {
			if f := x.known[p.Path()]; f != nil && f.Validated {
				return true
			}
		}
		return false
	case len(fact.Required) == 0:
		return false
	}
	proto := protoName(named.Underlying(), name)
	if proto == "" {
		// The member of a oneof is in a struct of its own.
		if member, ok := pkg.Scope().Lookup(named.Obj().Name() + "_" + name).(*types.TypeName); ok {
			proto = protoName(member.Type().Underlying(), name)
		}
	}
	_, found := slices.BinarySearch(fact.Required, named.Obj().Name()+"."+proto)
	return found
}

// protoName returns the name that a field of a generated struct has in the
// proto, "" if there is no such field.
func protoName(t types.Type, name string) string {
	s, ok := t.(*types.Struct)
	if !ok {
		return ""
	}
	for i := range s.NumFields() {
		if s.Field(i).Name() != name {
			continue
		}
		for _, part := range strings.Split(reflect.StructTag(s.Tag(i)).Get("protobuf"), ",") {
			if proto, ok := strings.CutPrefix(part, "name="); ok {
				return proto
			}
		}
	}
	return ""
}
