package load

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"
)

// moduleFile returns the go.mod that governs dir, or "" if none does.
func moduleFile(dir string) string { return findUp(dir, "go.mod") }

func findUp(dir, name string) string {
	for {
		file := filepath.Join(dir, name)
		if info, err := os.Stat(file); err == nil && !info.IsDir() {
			return file
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return ""
		}
		dir = parent
	}
}

// IsModule reports whether dir is the root of a module.
func IsModule(dir string) bool { return moduleFile(dir) == filepath.Join(dir, "go.mod") }

// InModule reports whether dir is in a module.
func InModule(dir string) bool { return moduleFile(dir) != "" }

// Workspace returns the go.work file in force for dir, or "".
func Workspace(dir string, env []string) string {
	switch value := lookup(env, "GOWORK"); value {
	case "":
		return findUp(dir, "go.work")
	case "off":
		return ""
	default:
		return value
	}
}

func lookup(env []string, key string) string {
	for _, entry := range slices.Backward(env) { // the last one counts
		if value, ok := strings.CutPrefix(entry, key+"="); ok {
			return value
		}
	}
	return ""
}

// WorkspaceModules returns the absolute folders that a go.work file uses.
func WorkspaceModules(file string) ([]string, error) {
	text, err := os.ReadFile(file)
	if err != nil {
		return nil, err
	}
	work, err := modfile.ParseWork(file, text, nil)
	if err != nil {
		return nil, err
	}
	var dirs []string
	for _, use := range work.Use {
		dir := filepath.FromSlash(use.Path)
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(filepath.Dir(file), dir)
		}
		dirs = append(dirs, dir)
	}
	return dirs, nil
}

// OutsideWorkspace reports whether dir belongs to a module that the go.work
// file in force does not use: the go command then refuses to look at it.
func OutsideWorkspace(dir string, env []string) bool {
	work := Workspace(dir, env)
	if work == "" {
		return false
	}
	module := moduleFile(dir)
	if module == "" || len(module) < len(filepath.Join(filepath.Dir(work), "go.mod")) {
		return false // above go.work, or nowhere: let the go command speak
	}
	uses, err := WorkspaceModules(work)
	return err == nil && !slices.Contains(uses, filepath.Dir(module))
}

// NestedModules returns the folders below dir, sorted and absolute, that
// hold a go.mod; dir itself is not among them. It leaves out what the go
// command's wildcards leave out.
func NestedModules(dir string) ([]string, error) {
	var found []string
	err := filepath.WalkDir(dir, func(path string, entry fs.DirEntry, err error) error {
		if err != nil {
			if entry != nil && entry.IsDir() {
				return fs.SkipDir // unreadable: the go command says so
			}
			return nil
		}
		if path == dir {
			return nil
		}
		if entry.IsDir() {
			if name := entry.Name(); skipped(name) {
				return fs.SkipDir
			}
			return nil
		}
		if entry.Name() == "go.mod" && filepath.Dir(path) != dir {
			found = append(found, filepath.Dir(path))
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("looking for modules: %w", err)
	}
	slices.Sort(found)
	return found, nil
}

func skipped(name string) bool {
	return name == "vendor" || name == "node_modules" || name == "testdata" ||
		strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}
