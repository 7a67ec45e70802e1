// Package source compiles .proto files and knows their text.
//
// Its purpose is not to judge whether files compile: protoc does that. It
// makes the most of what is there. A file without its imports has
// descriptors with placeholders, a file with a syntax error is named and
// costs nobody else anything, and trees that define the same names twice
// are each compiled for themselves.
//
// The parser's trees are large, and few files have anything to say about the
// place of a word. So they are dropped as soon as the descriptors are built,
// and a file is parsed again when somebody asks.
package source

import (
	"cmp"
	"fmt"
	"path/filepath"
	"runtime"
	"slices"
	"strings"
	"sync"
	"sync/atomic"

	"google.golang.org/protobuf/reflect/protoreflect"
	"google.golang.org/protobuf/types/descriptorpb"

	"github.com/grpclint/grpclint/internal/wholefile"
)

// Options of [Load].
type Options struct {
	// Roots are folders, absolute, from which import paths start, the first
	// that has a file counts. Without one, roots are those of buf's modules,
	// else they are guessed for each file from what it imports, its package
	// and how others import it.
	Roots []string
	// Dir is where the run starts. What lies above the repository, or
	// above Dir if it is in none, is never looked at.
	Dir string
	// Workers is how many files are worked on at once; below 1 means as
	// many as there are processors.
	Workers int
	// Overlay holds texts in the place of files.
	Overlay map[string][]byte
}

// A Set is what was loaded. It is safe for concurrent use.
type Set struct {
	files   []*File // those that were asked for, sorted by path
	byPath  map[string]*File
	options Options
	roots   *roots
	buf     *bufModules
	known   *knownFiles

	byDescriptor map[protoreflect.FileDescriptor]*File
	services     map[protoreflect.FullName]protoreflect.ServiceDescriptor
	packages     map[string]bool

	texts texts
}

// A File is one .proto file.
type File struct {
	Path   string // absolute
	Import string // how others import it: its path from Root
	Root   string // absolute
	// Descriptor is nil if the file could not be compiled, not even in part.
	Descriptor protoreflect.FileDescriptor
	// Errors say what could not be read or compiled.
	Errors []Error

	asked   bool // else only imported
	overlay wholefile.Overlay
	builtin string // text of a file that comes with the program
	partial bool   // a file that does not hold all that the original does

	size     int
	directed bool // its text may hold directives
	pkg      string
	imports  []string
	public   []bool
	proto    *descriptorpb.FileDescriptorProto // until it is linked
	pending  []pending

	resolved []*File // by the index in imports; nil for those that are missing
	lacks    bool    // it, or what it can see, is not there as a whole
	once     sync.Once
	visible  []*File
	index    map[protoreflect.FullName]protoreflect.Descriptor
}

// An Error is something that is wrong with a file.
type Error struct {
	Offset  int // in bytes; below zero for the file as a whole
	Message string
	Missing []string // imports that are not there
	Other   *File    // that defines the same
}

// Load compiles files, which are given by their absolute paths, with all
// that they import.
func Load(paths []string, options Options) *Set {
	s := &Set{
		options:      options,
		byPath:       make(map[string]*File),
		byDescriptor: make(map[protoreflect.FileDescriptor]*File),
		services:     make(map[protoreflect.FullName]protoreflect.ServiceDescriptor),
		packages:     make(map[string]bool),
	}
	for _, path := range paths {
		if s.byPath[path] == nil {
			f := &File{Path: path, asked: true, overlay: options.Overlay}
			s.byPath[path] = f
			s.files = append(s.files, f)
		}
	}
	slices.SortFunc(s.files, func(a, b *File) int { return cmp.Compare(a.Path, b.Path) })
	s.each(s.files, (*File).parse)
	s.resolve()
	s.cutCycles()
	all := s.all()
	s.each(all, s.link)
	s.collect(all)
	s.findDuplicates(all)
	return s
}

// Complete reports whether all that the file needs is there: else rules are
// silent where they would know with it.
func (f *File) Complete() bool { return f.Descriptor != nil && !f.lacks }

// Files returns the files that were asked for, sorted by path.
func (s *Set) Files() []*File { return s.files }

// File returns the file that a descriptor is from, or nil.
func (s *Set) File(d protoreflect.Descriptor) *File {
	if d == nil || d.ParentFile() == nil {
		return nil
	}
	return s.byDescriptor[d.ParentFile()]
}

// Service returns a service by its full name, or nil. Imported files count.
func (s *Set) Service(name string) protoreflect.ServiceDescriptor {
	return s.services[protoreflect.FullName(name)]
}

// Services returns all services, imported ones included, by full name.
func (s *Set) Services() []protoreflect.ServiceDescriptor {
	all := make([]protoreflect.ServiceDescriptor, 0, len(s.services))
	for _, service := range s.services {
		all = append(all, service)
	}
	slices.SortFunc(all, func(a, b protoreflect.ServiceDescriptor) int { return cmp.Compare(a.FullName(), b.FullName()) })
	return all
}

// HasPackage reports whether a file that was asked for is of that package.
// Its services are known then, unless some file of the run was not read.
func (s *Set) HasPackage(name string) bool { return s.packages[name] }

// Packages returns the packages of the files that were asked for, sorted.
func (s *Set) Packages() []string {
	all := make([]string, 0, len(s.packages))
	for name := range s.packages {
		all = append(all, name)
	}
	slices.Sort(all)
	return all
}

// all returns every file, imported ones included, sorted by path.
func (s *Set) all() []*File {
	all := make([]*File, 0, len(s.byPath))
	for _, f := range s.byPath {
		all = append(all, f)
	}
	slices.SortFunc(all, func(a, b *File) int { return cmp.Compare(a.Path, b.Path) })
	return all
}

// each calls do for every file. A panic costs the file it happens in.
func (s *Set) each(files []*File, do func(*File)) {
	workers := s.options.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(workers, len(files)) {
		group.Go(func() {
			for {
				i := int(next.Add(1)) - 1
				if i >= len(files) {
					return
				}
				protect(files[i], do)
			}
		})
	}
	group.Wait()
}

func protect(f *File, do func(*File)) {
	returned := false
	defer func() {
		if !returned {
			f.fail(0, fmt.Sprintf("internal error: %v", recover()))
			f.proto, f.pending, f.Descriptor = nil, nil, nil
		}
	}()
	do(f)
	returned = true
}

// collect indexes what was linked.
func (s *Set) collect(all []*File) {
	// What was asked for comes first: where trees redefine a name, the
	// user's own counts.
	for _, asked := range []bool{true, false} {
		for _, f := range all {
			if f.Descriptor == nil || f.asked != asked {
				continue
			}
			s.byDescriptor[f.Descriptor] = f
			if f.asked {
				s.packages[f.pkg] = true
			}
			services := f.Descriptor.Services()
			for i := range services.Len() {
				service := services.Get(i)
				if s.services[service.FullName()] == nil {
					s.services[service.FullName()] = service
				}
			}
		}
	}
}

// slash is a path as imports write it.
func slash(path string) string { return filepath.ToSlash(path) }

// below returns the slash-separated path of a file from a folder.
func below(dir, file string) (string, bool) {
	rest, ok := strings.CutPrefix(file, dir)
	if !ok || dir == "" {
		return "", false
	}
	if strings.HasSuffix(dir, string(filepath.Separator)) {
		return slash(rest), true
	}
	rest, ok = strings.CutPrefix(rest, string(filepath.Separator))
	return slash(rest), ok
}
