package source

import (
	"os"
	"path/filepath"
	"slices"
	"strings"
)

// roots knows the folders from which import paths start.
type roots struct {
	set      *Set
	top      string          // nothing above is looked at
	imported map[string]bool // every path that is imported
	exists   map[string]bool // what was asked of the disk
}

func newRoots(s *Set) *roots {
	r := &roots{set: s, top: topOf(s.options.Dir), imported: make(map[string]bool), exists: make(map[string]bool)}
	for _, f := range s.files {
		for _, path := range f.imports {
			r.imported[path] = true
		}
	}
	return r
}

// topOf returns the repository's root, or dir if there is none.
func topOf(dir string) string {
	for folder := dir; ; folder = filepath.Dir(folder) {
		if _, err := os.Stat(filepath.Join(folder, ".git")); err == nil {
			return folder
		}
		if folder == filepath.Dir(folder) {
			return dir
		}
	}
}

// has reports whether a file is there.
func (r *roots) has(path string) bool {
	if r.set.byPath[path] != nil {
		return true
	}
	there, known := r.exists[path]
	if !known {
		info, err := os.Stat(path)
		there = err == nil && info.Mode().IsRegular()
		r.exists[path] = there
	}
	return there
}

// above returns a folder and those above it, as far as they are looked at.
func (r *roots) above(dir string) []string {
	var dirs []string
	_, inside := below(r.top, dir)
	for {
		dirs = append(dirs, dir)
		if dir == r.top || !inside && len(dirs) > maxOutside || dir == filepath.Dir(dir) {
			return dirs
		}
		dir = filepath.Dir(dir)
	}
}

// maxOutside is how many folders above a file are looked at that does not
// lie in the repository at all.
const maxOutside = 12

// of finds the root of a file.
func (r *roots) of(f *File) string {
	if root := deepest(r.set.options.Roots, f.Path); root != "" {
		return root
	}
	if root := r.set.buf.root(f.Path); root != "" {
		return root
	}
	return r.guess(f)
}

// deepest returns the innermost of the folders that hold a file.
func deepest(folders []string, file string) string {
	best := ""
	for _, folder := range folders {
		if _, ok := below(folder, file); ok && len(folder) > len(best) {
			best = folder
		}
	}
	return best
}

// guess finds the root that makes the most sense: how others import the file
// tells for certain, what it imports nearly so.
func (r *roots) guess(f *File) string {
	dir := filepath.Dir(f.Path)
	dirs := r.above(dir)
	for _, root := range slices.Backward(dirs) {
		if path, ok := below(root, f.Path); ok && r.imported[path] {
			return root
		}
	}
	for _, path := range f.imports {
		for _, root := range dirs {
			if r.has(filepath.Join(root, filepath.FromSlash(path))) {
				return root
			}
		}
	}
	if f.pkg != "" {
		folders := string(filepath.Separator) + filepath.Join(strings.Split(f.pkg, ".")...)
		if root, ok := strings.CutSuffix(dir, folders); ok && root != "" {
			return root
		}
	}
	return dir
}

// inRepository returns the file that an import names by where it would lie in
// a GOPATH or beside the repository: github.com/owner/repository/a/b.proto,
// repository/a/b.proto. The owner may have been another once.
func (r *roots) inRepository(imported string) string {
	first, rest, _ := strings.Cut(imported, "/")
	if strings.Contains(first, ".") {
		_, rest, _ = strings.Cut(rest, "/")
		_, rest, _ = strings.Cut(rest, "/")
	} else if first != filepath.Base(r.top) {
		return ""
	}
	if rest == "" {
		return "" // too short to name a repository
	}
	if path := filepath.Join(r.top, filepath.FromSlash(rest)); r.has(path) {
		return path
	}
	return ""
}

// knownFiles finds files by the end of their path.
type knownFiles struct{ byBase map[string][]*File }

func newKnownFiles(files []*File) *knownFiles {
	k := &knownFiles{make(map[string][]*File)}
	for _, f := range files {
		base := filepath.Base(f.Path)
		k.byBase[base] = append(k.byBase[base], f)
	}
	return k
}

// find returns the file nearest to another whose path ends as an import
// says. A path without a folder says too little.
func (k *knownFiles) find(from, path string) *File {
	if !strings.Contains(path, "/") {
		return nil
	}
	end := string(filepath.Separator) + filepath.FromSlash(path)
	var best *File
	shared := -1
	for _, f := range k.byBase[filepath.Base(path)] {
		if f.Path == from || !strings.HasSuffix(f.Path, end) {
			continue
		}
		if n := sharedPrefix(f.Path, from); n > shared {
			best, shared = f, n
		}
	}
	return best
}

func sharedPrefix(a, b string) int {
	n := 0
	for n < len(a) && n < len(b) && a[n] == b[n] {
		n++
	}
	return n
}
