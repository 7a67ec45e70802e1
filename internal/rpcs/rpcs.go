// Package rpcs tells what is known of RPC methods: from compiled .proto
// files, and from generated Go code.
package rpcs

import (
	"path/filepath"
	"slices"
	"sync"

	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/protocheck/method"
	"github.com/grpclint/grpclint/protocheck/method/describe"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/protocheck/source"
)

// OfProtos returns the methods of .proto files, and of those that they
// import. The packages of the former are known whole, unless a file is
// broken. display writes the path of a file for people.
func OfProtos(set *source.Set, display func(path string) string) *serviceconfig.Methods {
	methods := new(serviceconfig.Methods)
	broken := make(map[string]bool) // folders: the package of a file that does not parse is that of its neighbours
	partial := make(map[string]bool)
	for _, f := range set.Files() {
		if isBroken(f) {
			broken[filepath.Dir(f.Path)] = true
		}
	}
	for _, f := range set.Files() {
		if f.Descriptor == nil {
			continue
		}
		if broken[filepath.Dir(f.Path)] {
			partial[string(f.Descriptor.Package())] = true
		}
		// Where two trees define a service, what either has exists.
		services := f.Descriptor.Services()
		for i := range services.Len() {
			methods.Add(service(set, services.Get(i), false, display(f.Path)))
		}
	}
	for _, s := range set.Services() {
		from := string(s.ParentFile().Path())
		methods.Add(service(set, s, true, from))
	}
	for _, pkg := range set.Packages() {
		if !partial[pkg] {
			methods.AddPackage(pkg)
		}
	}
	return methods
}

// Folders returns the services that .proto files define, by the folder that
// they lie in. Those of a folder with a broken file are not known.
func Folders(set *source.Set) map[string][]string {
	folders := make(map[string][]string)
	broken := make(map[string]bool)
	for _, f := range set.Files() {
		dir := filepath.Dir(f.Path)
		if isBroken(f) {
			broken[dir] = true
			continue
		}
		services := f.Descriptor.Services()
		for i := range services.Len() {
			folders[dir] = append(folders[dir], string(services.Get(i).FullName()))
		}
	}
	for dir := range broken {
		delete(folders, dir)
	}
	return folders
}

// isBroken reports whether there may be services in a file that are not in
// its descriptor.
func isBroken(f *source.File) bool {
	if f.Descriptor == nil {
		return true
	}
	for _, e := range f.Errors {
		if len(e.Missing) == 0 && e.Other == nil {
			return true
		}
	}
	return false
}

// service describes a service. What is imported only is somebody else's.
func service(set *source.Set, s protoreflect.ServiceDescriptor, imported bool, from string) serviceconfig.Service {
	known := serviceconfig.Service{Name: string(s.FullName()), Elsewhere: imported}
	for i := range s.Methods().Len() {
		m := s.Methods().Get(i)
		known.Methods = append(known.Methods, serviceconfig.Method{
			Name:         string(m.Name()),
			ClientStream: m.IsStreamingClient(),
			ServerStream: m.IsStreamingServer(),
			From:         from,
			Verdict:      sync.OnceValue(func() method.Verdict { return Verdict(set, m) }),
		})
	}
	return known
}

// Verdict classifies a method by its descriptor and its comments.
func Verdict(set *source.Set, m protoreflect.MethodDescriptor) method.Verdict {
	d := describe.Method(m)
	d.Declared, _ = set.Idempotent(m)
	v := method.Classify(d, method.Options{})
	if v.Class == method.Mutating && mentionsRepetition(set, m.ParentFile()) {
		d.Comment = set.Comment(m)
		v = method.Classify(d, method.Options{})
	}
	return v
}

// mentionsRepetition reports whether a comment in a file may say that a
// method can be called again. To find a method's own takes a second parsing
// of the file, which most do not need.
func mentionsRepetition(set *source.Set, file protoreflect.FileDescriptor) bool {
	mentions := func(word string) bool { return set.Mentions(file, word) }
	if mentions("psert") || mentions("dempotent") {
		return true
	}
	return mentions("exist") && slices.ContainsFunc([]string{"replaced", "overwritten", "updated"}, mentions)
}
