package source

import (
	"fmt"
	"regexp"
	"strings"

	"google.golang.org/protobuf/proto"
	"google.golang.org/protobuf/reflect/protodesc"
	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/reflect/protoregistry"
	"google.golang.org/protobuf/types/descriptorpb"
)

var errNotFound = protoregistry.NotFound

// link builds a file's descriptors, after those of its imports. Names are
// looked up in what the file can see and nowhere else, so it does no harm
// when another tree defines them, too.
func (s *Set) link(f *File) { f.once.Do(func() { protect(f, s.linkOnce) }) }

func (s *Set) linkOnce(f *File) {
	if f.proto == nil {
		f.lacks = true
		return
	}
	for _, to := range f.resolved {
		if to == nil {
			f.lacks = true
			continue
		}
		s.link(to)
	}
	f.see()
	f.fullTypeNames()
	e := &encoder{extension: f.extension}
	for i := range f.pending {
		f.pending[i].interpret(e, false)
	}
	if f.hasExtensions() {
		// Its own options may use them.
		if draft, err := f.build(); err == nil {
			f.index = indexOf(draft)
		}
	}
	for i := range f.pending {
		f.pending[i].interpret(e, true)
	}
	f.pending = nil
	built, err := f.build()
	if err != nil {
		s.failLink(f, err)
		f.proto, f.index, f.lacks = nil, nil, true
		return
	}
	f.Descriptor, f.index = built, indexOf(built)
	if !f.lacks {
		s.nameUnknown(f)
	}
	f.proto = nil
}

// see finds the files whose names a file can use: its imports, and what
// these import publicly.
func (f *File) see() {
	seen := map[*File]bool{f: true}
	var add func(to *File)
	add = func(to *File) {
		if to == nil || seen[to] {
			return
		}
		seen[to] = true
		f.visible = append(f.visible, to)
		f.lacks = f.lacks || to.partial || to.Descriptor == nil
		for i, next := range to.resolved {
			if to.public[i] {
				f.lacks = f.lacks || next == nil
				add(next)
			}
		}
	}
	for _, to := range f.resolved {
		add(to)
	}
}

func (f *File) hasExtensions() bool {
	if len(f.proto.Extension) > 0 {
		return true
	}
	var nested func([]*descriptorpb.DescriptorProto) bool
	nested = func(messages []*descriptorpb.DescriptorProto) bool {
		for _, m := range messages {
			if len(m.Extension) > 0 || nested(m.NestedType) {
				return true
			}
		}
		return false
	}
	return nested(f.proto.MessageType)
}

// build makes descriptors of what is known so far.
func (f *File) build() (protoreflect.FileDescriptor, error) {
	f.proto.Name = proto.String(f.Import)
	f.proto.Dependency, f.proto.PublicDependency, f.proto.WeakDependency = nil, nil, nil
	taken := map[string]bool{f.Import: true}
	for i, to := range f.resolved {
		name := f.imports[i]
		if to != nil && to.Descriptor != nil {
			name = to.Descriptor.Path()
		}
		if taken[name] {
			continue // the same twice, or another tree's file of this name
		}
		taken[name] = true
		if f.public[i] {
			f.proto.PublicDependency = append(f.proto.PublicDependency, int32(len(f.proto.Dependency)))
		}
		f.proto.Dependency = append(f.proto.Dependency, name)
	}
	return protodesc.FileOptions{AllowUnresolvable: true}.New(f.proto, &view{f: f})
}

// A view is what a file can see.
type view struct {
	f    *File
	told bool // what is visible
}

func (v *view) FindFileByPath(path string) (protoreflect.FileDescriptor, error) {
	for _, to := range v.f.resolved {
		if to == nil || to.Descriptor == nil || to.Descriptor.Path() != path {
			continue
		}
		file := imported{FileDescriptor: to.Descriptor}
		if !v.told {
			v.told, file.visible = true, v.f.visible
		}
		return file, nil
	}
	return nil, errNotFound
}

// An imported file is one as package protodesc asks for it, which only wants
// to know what else can be seen through it, and would follow public imports
// along every way there is: of files that import two others each, these are
// more than anybody can wait for. We know what is visible, and have the first
// import tell all of it.
type imported struct {
	protoreflect.FileDescriptor
	visible []*File
}

func (f imported) Imports() protoreflect.FileImports {
	return publicImports{f.FileDescriptor.Imports(), f.visible}
}

type publicImports struct {
	protoreflect.FileImports // only we cannot be one without
	visible                  []*File
}

func (i publicImports) Len() int { return len(i.visible) }

func (i publicImports) Get(n int) protoreflect.FileImport {
	to := i.visible[n]
	if to.Descriptor == nil {
		return protoreflect.FileImport{} // not public, so nobody looks at it
	}
	return protoreflect.FileImport{FileDescriptor: imported{FileDescriptor: to.Descriptor}, IsPublic: true}
}

func (v *view) FindDescriptorByName(name protoreflect.FullName) (protoreflect.Descriptor, error) {
	for _, to := range v.f.visible {
		if to.pkg != "" && (len(name) <= len(to.pkg) || name[len(to.pkg)] != '.' || string(name[:len(to.pkg)]) != to.pkg) {
			continue
		}
		if d := to.index[name]; d != nil {
			return d, nil
		}
	}
	return nil, errNotFound
}

// indexOf finds types and extensions by their full names.
func indexOf(file protoreflect.FileDescriptor) map[protoreflect.FullName]protoreflect.Descriptor {
	index := make(map[protoreflect.FullName]protoreflect.Descriptor)
	addTypes(index, file)
	return index
}

func addTypes(index map[protoreflect.FullName]protoreflect.Descriptor, in interface {
	Messages() protoreflect.MessageDescriptors
	Enums() protoreflect.EnumDescriptors
	Extensions() protoreflect.ExtensionDescriptors
}) {
	for i := range in.Messages().Len() {
		m := in.Messages().Get(i)
		index[m.FullName()] = m
		addTypes(index, m)
	}
	for i := range in.Enums().Len() {
		e := in.Enums().Get(i)
		index[e.FullName()] = e
	}
	for i := range in.Extensions().Len() {
		x := in.Extensions().Get(i)
		index[x.FullName()] = x
	}
}

// extension finds an extension by its name as written in a scope, from the
// innermost outward.
func (f *File) extension(scope, name string) protoreflect.FieldDescriptor {
	if scope == "" {
		scope = f.pkg
	}
	full, isFull := strings.CutPrefix(name, ".")
	for {
		if !isFull {
			full = join(scope, name)
		}
		d := f.index[protoreflect.FullName(full)]
		if d == nil {
			d, _ = (&view{f: f}).FindDescriptorByName(protoreflect.FullName(full))
		}
		if fd, ok := d.(protoreflect.ExtensionDescriptor); ok && fd.IsExtension() {
			return fd
		}
		if isFull || scope == "" {
			return nil
		}
		scope = scope[:max(strings.LastIndexByte(scope, '.'), 0)]
	}
}

var firstQuoted = regexp.MustCompile(`"([^"]+)"`)

// failLink reports why there are no descriptors. The library knows the name
// of what is wrong, but not its place.
func (s *Set) failLink(f *File, err error) {
	text := strings.TrimPrefix(strings.ReplaceAll(err.Error(), "\u00a0", " "), "proto: ")
	offset := 0
	if m := firstQuoted.FindStringSubmatch(text); m != nil {
		offset = s.declaredAt(f, m[1])
	}
	f.fail(offset, text)
}

// nameUnknown reports types that are not declared, in a file that lacks
// nothing.
func (s *Set) nameUnknown(f *File) {
	u := unknownTypes{seen: make(map[protoreflect.FullName]bool)}
	u.messages(f.Descriptor.Messages())
	u.fields(f.Descriptor.Extensions())
	for i := range f.Descriptor.Services().Len() {
		methods := f.Descriptor.Services().Get(i).Methods()
		for j := range methods.Len() {
			m := methods.Get(j)
			u.add(m, m.Input())
			u.add(m, m.Output())
		}
	}
	for _, unknown := range u.found {
		if n := len(f.Errors); n >= maxErrors {
			f.Errors[n-1].Message += andMore
			return
		}
		name := strings.TrimPrefix(string(unknown.name), "*.")
		f.Errors = append(f.Errors, Error{
			Offset:  s.mentionedAt(f, unknown.by, name),
			Message: fmt.Sprintf("there is no type %s in what this file imports", name),
		})
	}
}

type unknownTypes struct {
	seen  map[protoreflect.FullName]bool
	found []unknownType
}

type unknownType struct {
	by   protoreflect.Descriptor
	name protoreflect.FullName
}

func (u *unknownTypes) add(by, to protoreflect.Descriptor) {
	if !to.IsPlaceholder() || u.seen[to.FullName()] {
		return
	}
	u.seen[to.FullName()] = true
	u.found = append(u.found, unknownType{by, to.FullName()})
}

func (u *unknownTypes) messages(messages protoreflect.MessageDescriptors) {
	for i := range messages.Len() {
		m := messages.Get(i)
		u.fields(m.Fields())
		u.fields(m.Extensions())
		u.messages(m.Messages())
	}
}

func (u *unknownTypes) fields(fields interface {
	Len() int
	Get(int) protoreflect.FieldDescriptor
}) {
	for i := range fields.Len() {
		f := fields.Get(i)
		if m := f.Message(); m != nil {
			u.add(f, m)
		}
		if e := f.Enum(); e != nil {
			u.add(f, e)
		}
		if f.IsExtension() {
			u.add(f, f.ContainingMessage())
		}
	}
}
