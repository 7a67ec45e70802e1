package load

import (
	"io/fs"
	"os"
	"path/filepath"
	"slices"
)

// unreadable names a file by which the go command knows modules and that is no
// regular file: the go command would wait until somebody writes to it.
func unreadable(cfg Config) (Error, bool) {
	var files []string
	add := func(folder string, names ...string) {
		for _, name := range names {
			files = append(files, filepath.Join(folder, name))
		}
	}
	if work := Workspace(cfg.Dir, cfg.Env); work != "" {
		files = append(files, work)
		folder := filepath.Dir(work)
		add(folder, "go.work.sum", filepath.Join("vendor", "modules.txt"))
		uses, _ := WorkspaceModules(work) // what is wrong with it the go command says
		for _, module := range uses {
			add(module, "go.mod", "go.sum")
		}
	}
	if mod := moduleFile(cfg.Dir); mod != "" {
		add(filepath.Dir(mod), "go.mod", "go.sum", filepath.Join("vendor", "modules.txt"))
	}
	for _, file := range files {
		if info, err := os.Stat(file); err == nil && !info.Mode().IsRegular() && !info.IsDir() {
			return Error{File: file, Message: "is no regular file"}, true
		}
	}
	return Error{}, false
}

// Irregular reports whether a file, in whose folder the go command looks for
// packages, is one that it would read though it is no regular one.
func Irregular(path string, entry fs.DirEntry) bool {
	if !slices.Contains(sources, filepath.Ext(path)) {
		return false
	}
	mode := entry.Type()
	if mode&fs.ModeSymlink != 0 {
		info, err := os.Stat(path)
		if err != nil {
			return false // the go command says so
		}
		mode = info.Mode()
	}
	return !mode.IsRegular() && !mode.IsDir()
}

// sources are the ends of the names of files that the go command reads to know
// whether they belong to a package.
var sources = []string{
	".go", ".c", ".cc", ".cxx", ".cpp", ".m", ".s", ".h", ".hh", ".hpp", ".hxx", ".f", ".F", ".f90", ".S", ".sx", ".swig", ".swigcxx",
}
