package source

import (
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/finding/say"
)

// resolve finds the roots of all files, and what they import, until nothing
// new is found.
func (s *Set) resolve() {
	s.buf = &bufModules{byDir: make(map[string]*bufModule)}
	s.roots = newRoots(s)
	s.known = newKnownFiles(s.files)
	s.buf.top = s.roots.top
	for fresh := s.files; len(fresh) > 0; {
		for _, f := range fresh {
			if f.Root == "" {
				f.Root = s.roots.of(f)
				f.Import, _ = below(f.Root, f.Path)
			}
		}
		var next []*File
		for _, f := range fresh {
			for _, imported := range f.imports {
				to, isNew := s.find(f, imported)
				f.resolved = append(f.resolved, to)
				if isNew {
					next = append(next, to)
				}
			}
		}
		s.each(next, (*File).parse)
		fresh = next
	}
	for _, f := range s.files {
		s.nameMissing(f)
	}
}

// find returns the file that another imports, or nil.
func (s *Set) find(from *File, imported string) (file *File, isNew bool) {
	if !isImportPath(imported) {
		return nil, false
	}
	if from.builtin == "" {
		for _, root := range s.rootsFor(from) {
			file := filepath.Join(root, filepath.FromSlash(imported))
			if !s.roots.has(file) {
				continue
			}
			return s.add(root, imported, file)
		}
		if len(s.options.Roots) == 0 {
			if f := s.known.find(from.Path, imported); f != nil {
				return f, false
			}
			if path := s.roots.inRepository(imported); path != "" {
				return s.add(s.roots.top, imported, path)
			}
		}
	}
	return s.addBuiltin(imported)
}

// rootsFor returns where a file's imports are looked for.
func (s *Set) rootsFor(f *File) []string {
	list := []string{f.Root}
	list = append(list, s.options.Roots...)
	list = append(list, s.buf.siblings(f.Path)...)
	if len(s.options.Roots) == 0 {
		list = append(list, s.roots.above(filepath.Dir(f.Path))...)
	}
	seen := make(map[string]bool, len(list))
	return slices.DeleteFunc(list, func(root string) bool {
		was := seen[root]
		seen[root] = true
		return was
	})
}

// isImportPath reports whether protoc would take the path.
func isImportPath(imported string) bool {
	return imported != "" && !path.IsAbs(imported) && path.Clean(imported) == imported && imported != "." &&
		imported != ".." && !strings.HasPrefix(imported, "../") && !strings.ContainsAny(imported, "\\\x00")
}

func (s *Set) add(root, imported, path string) (file *File, isNew bool) {
	if f := s.byPath[path]; f != nil {
		return f, false
	}
	f := &File{Path: path, Root: root, Import: imported, overlay: s.options.Overlay}
	s.byPath[path] = f
	return f, true
}

// nameMissing reports imports that are not there.
func (s *Set) nameMissing(f *File) {
	var missing []string
	for i, to := range f.resolved {
		if to == nil {
			missing = append(missing, f.imports[i])
		}
	}
	if len(missing) == 0 {
		return
	}
	f.Errors = append(f.Errors, Error{
		Offset:  s.importOffset(f, missing[0]),
		Message: strings.Join(quoted(missing), ", ") + isNotThere(len(missing)) + " (-proto-path names the folder that import paths start from)",
		Missing: missing,
	})
}

func isNotThere(n int) string {
	return say.Form(n, " is not there: checked without it", " are not there: checked without them")
}

func quoted(paths []string) []string {
	const most = 4
	var list []string
	for i, p := range paths {
		if i == most {
			return append(list, "…")
		}
		list = append(list, `"`+p+`"`)
	}
	return list
}

// cutCycles removes imports by which files import themselves.
func (s *Set) cutCycles() {
	const (
		white = iota
		grey
		black
	)
	color := make(map[*File]int)
	var trail []*File
	var visit func(*File)
	visit = func(f *File) {
		color[f] = grey
		trail = append(trail, f)
		for i, to := range f.resolved {
			if to == nil {
				continue
			}
			switch color[to] {
			case white:
				visit(to)
			case grey:
				f.resolved[i] = nil
				f.lacks = true
				var names []string
				for _, member := range trail[slices.Index(trail, to):] {
					names = append(names, member.Import)
				}
				f.Errors = append(f.Errors, Error{
					Offset:  s.importOffset(f, f.imports[i]),
					Message: "imports itself: " + say.Chain(append(names, to.Import), 200),
				})
			}
		}
		trail = trail[:len(trail)-1]
		color[f] = black
	}
	for _, f := range s.all() {
		if color[f] == white {
			visit(f)
		}
	}
}
