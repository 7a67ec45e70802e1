package source

import (
	"path/filepath"
	"slices"

	"go.yaml.in/yaml/v4"

	"github.com/grpclint/grpclint/internal/wholefile"
)

// bufModules knows the modules that buf.yaml and buf.work.yaml define.
type bufModules struct {
	top   string
	byDir map[string]*bufModule // by the folder of a file; nil for none
}

// A bufModule is what buf's files say of a folder. Its roots are those of
// one workspace, each of which may import what is in the others.
type bufModule struct{ roots []string }

// of finds the module that governs a folder.
func (b *bufModules) of(dir string) *bufModule {
	if m, known := b.byDir[dir]; known {
		return m
	}
	m := readBuf(dir)
	if parent := filepath.Dir(dir); dir != b.top && parent != dir {
		above := b.of(parent)
		switch {
		case m == nil:
			m = above
		case above != nil && slices.Contains(above.roots, dir):
			// buf.work.yaml above counts dir among its modules.
			m = above
		}
	}
	b.byDir[dir] = m
	return m
}

// root returns the module root that holds a file, or "".
func (b *bufModules) root(file string) string {
	if m := b.of(filepath.Dir(file)); m != nil {
		return deepest(m.roots, file)
	}
	return ""
}

// siblings returns the roots of the workspace that a file belongs to.
func (b *bufModules) siblings(file string) []string {
	if m := b.of(filepath.Dir(file)); m != nil && deepest(m.roots, file) != "" {
		return m.roots
	}
	return nil
}

// bufFile is what counts here of buf.yaml (v1, v1beta1, v2) and
// buf.work.yaml. All else is none of our business, and what cannot be read
// is for buf to complain about.
type bufFile struct {
	Version string `yaml:"version"`
	Modules []struct {
		Path string `yaml:"path"`
	} `yaml:"modules"` // v2
	Build struct {
		Roots []string `yaml:"roots"` // v1beta1
	} `yaml:"build"`
	Directories []string `yaml:"directories"` // buf.work.yaml
}

func readBuf(dir string) *bufModule {
	for _, name := range []string{"buf.work.yaml", "buf.work.yml"} {
		if file, ok := readBufFile(filepath.Join(dir, name)); ok && len(file.Directories) > 0 {
			return &bufModule{inside(dir, file.Directories)}
		}
	}
	for _, name := range []string{"buf.yaml", "buf.yml", "buf.mod"} {
		file, ok := readBufFile(filepath.Join(dir, name))
		switch {
		case !ok:
			continue
		case len(file.Modules) > 0:
			var paths []string
			for _, m := range file.Modules {
				paths = append(paths, m.Path)
			}
			return &bufModule{inside(dir, paths)}
		case len(file.Build.Roots) > 0:
			return &bufModule{inside(dir, file.Build.Roots)}
		}
		return &bufModule{[]string{dir}}
	}
	return nil
}

func readBufFile(path string) (file bufFile, ok bool) {
	text, err := wholefile.Read(path, wholefile.Settings)
	if err != nil {
		return file, false
	}
	if err := yaml.Unmarshal(text, &file); err != nil {
		return bufFile{}, true // it is there, hence the folder is a module
	}
	return file, true
}

// inside returns folders below another.
func inside(dir string, paths []string) []string {
	var dirs []string
	for _, p := range paths {
		if p == "" {
			p = "."
		}
		if filepath.IsLocal(filepath.FromSlash(p)) {
			dirs = append(dirs, filepath.Join(dir, filepath.FromSlash(p)))
		}
	}
	slices.Sort(dirs)
	return slices.Compact(dirs)
}
