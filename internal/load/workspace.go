package load

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/grpclint/grpclint/deploycheck"
	"github.com/grpclint/grpclint/internal/wholefile"
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

// ModuleDir returns the root of the module that dir belongs to, or "".
func ModuleDir(dir string) string {
	file := moduleFile(dir)
	if file == "" {
		return ""
	}
	return filepath.Dir(file)
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
	text, err := wholefile.Read(file, wholefile.Settings)
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

// A Tree is what lies below a folder, apart from what the go command's
// wildcards leave out as well.
type Tree struct {
	Modules []string // folders that hold a go.mod, the folder itself not among them
	Data    []string // files named *.json, *.yaml or *.yml, whatever they are
	Protos  []string // files named *.proto
	Go      []string // files named *.go, whatever builds have them
	Deploy  []string // Dockerfiles, and files named *.conf: perhaps nginx's

	Irregular []string // source files that are none, see [Irregular]
}

// Scan walks a folder. All its paths are absolute and sorted.
func Scan(dir string) (*Tree, error) {
	tree := new(Tree)
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
		if Irregular(path, entry) && !skipped(entry.Name()) {
			tree.Irregular = append(tree.Irregular, path)
			return nil
		}
		switch name := entry.Name(); {
		case name == "go.mod" && filepath.Dir(path) != dir:
			tree.Modules = append(tree.Modules, filepath.Dir(path))
		case skipped(name) || entry.Type()&fs.ModeSymlink != 0:
			// As with Go files, a link is not followed: what it leads
			// to is checked where it lies.
		case isData(name):
			tree.Data = append(tree.Data, path)
		case filepath.Ext(name) == ".proto":
			tree.Protos = append(tree.Protos, path)
		case filepath.Ext(name) == ".go":
			tree.Go = append(tree.Go, path)
		case deploycheck.IsDockerfile(name) || deploycheck.IsNginx(name):
			tree.Deploy = append(tree.Deploy, path)
		}
		return nil
	})
	if err != nil {
		return nil, fmt.Errorf("walking %s: %w", dir, err)
	}
	slices.Sort(tree.Modules)
	slices.Sort(tree.Data)
	slices.Sort(tree.Protos)
	slices.Sort(tree.Go)
	slices.Sort(tree.Deploy)
	slices.Sort(tree.Irregular)
	return tree, nil
}

// Below returns the part of the tree of dir that is a tree of folder, or nil
// if a walk of dir does not get there.
func (t *Tree) Below(dir, folder string) *Tree {
	rel, err := filepath.Rel(dir, folder)
	if err != nil || !filepath.IsLocal(rel) {
		return nil
	}
	if rel == "." {
		return t
	}
	if slices.ContainsFunc(strings.Split(rel, string(filepath.Separator)), skipped) {
		return nil
	}
	inside := func(path string) bool { return strings.HasPrefix(path, folder+string(filepath.Separator)) }
	those := func(paths []string) (part []string) {
		for _, path := range paths {
			if inside(path) {
				part = append(part, path)
			}
		}
		return part
	}
	return &Tree{Modules: those(t.Modules), Data: those(t.Data), Protos: those(t.Protos), Go: those(t.Go), Deploy: those(t.Deploy), Irregular: those(t.Irregular)}
}

func isData(name string) bool {
	switch filepath.Ext(name) {
	case ".json", ".yaml", ".yml":
		return true
	}
	return false
}

func skipped(name string) bool {
	return name == "vendor" || name == "node_modules" || name == "testdata" ||
		strings.HasPrefix(name, ".") || strings.HasPrefix(name, "_")
}
