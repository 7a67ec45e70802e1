package lint

import (
	"context"
	"path/filepath"
	"strings"
	"sync"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/supervise"
)

// paths shortens file names: relative to the working directory, or so that
// they are the same on every machine.
type paths struct {
	dir      string
	resolved string // dir without symbolic links, which the go command may see
	goroot   func() string
}

func newPaths(ctx context.Context, dir string, env []string) *paths {
	p := &paths{dir: dir, resolved: dir}
	if resolved, err := filepath.EvalSymlinks(dir); err == nil {
		p.resolved = resolved
	}
	p.goroot = sync.OnceValue(func() string {
		cmd := supervise.NewTool(ctx, "go", "env", "GOROOT")
		cmd.Dir, cmd.Env = dir, env
		out, err := cmd.Output()
		if err != nil {
			return ""
		}
		return strings.TrimSpace(string(out))
	})
	return p
}

// display returns the slash-separated path from the working directory, and
// the path as it is where that would be no shorter.
func (p *paths) display(file string) string {
	for _, dir := range []string{p.dir, p.resolved} {
		if rel, ok := below(dir, file); ok {
			return rel
		}
	}
	if rel, err := filepath.Rel(p.dir, file); err == nil && len(rel) < len(file) {
		return filepath.ToSlash(rel)
	}
	return filepath.ToSlash(file)
}

// inPackage is display for a file of a package: one outside of the working
// directory is named by its module.
func (p *paths) inPackage(file string, pkg *packages.Package) string {
	for _, dir := range []string{p.dir, p.resolved} {
		if rel, ok := below(dir, file); ok {
			return rel
		}
	}
	if pkg.Module == nil {
		if rel, ok := below(p.goroot(), file); ok {
			return "$GOROOT/" + rel
		}
		return p.display(file)
	}
	module := pkg.Module
	if module.Replace != nil {
		module = module.Replace
	}
	if rel, ok := below(module.Dir, file); ok && module.Version != "" {
		return module.Path + "@" + module.Version + "/" + rel
	}
	return p.display(file) // a module on this disk without a version
}

// errorFile is display for a file named in an error.
func (p *paths) errorFile(file string) string {
	if file == "" {
		return ""
	}
	return p.display(file)
}

// shorten makes the paths inside a message relative.
func (p *paths) shorten(message string) string {
	for _, dir := range []string{p.dir, p.resolved} {
		message = strings.ReplaceAll(message, dir+string(filepath.Separator), "")
	}
	return message
}

// below returns the slash-separated path of file from dir, if it lies there.
func below(dir, file string) (string, bool) {
	if dir == "" {
		return "", false
	}
	rel, err := filepath.Rel(dir, file)
	if err != nil || !filepath.IsLocal(rel) {
		return "", false
	}
	return filepath.ToSlash(rel), true
}
