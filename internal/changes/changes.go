// Package changes knows which lines of the working tree are not in a
// revision, so that only they are judged.
//
// It asks git for the texts of that revision, and compares them itself with
// what is on disk. git diff would be asked in vain: it believes the attributes
// and the configuration of the repository, by which a change can vanish, and
// runs the filters, monitors and programs that they name.
package changes

import (
	"bytes"
	"context"
	"fmt"
	"path/filepath"
	"strings"

	"github.com/grpclint/grpclint/internal/wholefile"
)

// Lines are the changed lines of files.
type Lines struct {
	files map[string][]span // by absolute path; nil for one without changes
}

// A span is a range of lines, both ends included.
type span struct{ first, last int }

// wholeFile is the span of a file that the revision does not have.
var wholeFile = []span{{1, int(^uint(0) >> 1)}}

// Since compares files with a revision of the repository that dir lies in:
// what of them was changed or added. Their paths are absolute, without
// symbolic links. What git ignores and does not track counts as unchanged,
// what is not in the repository as new.
func Since(ctx context.Context, dir, revision string, paths []string) (*Lines, error) {
	top, err := git(ctx, dir, nil, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	c := &comparison{ctx: ctx, root: filepath.FromSlash(strings.TrimSuffix(string(top), "\n"))}
	commit, err := git(ctx, dir, nil, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}")
	if err != nil {
		return nil, fmt.Errorf("%q is no revision of %s", revision, c.root)
	}
	if c.tree, err = c.listTree(strings.TrimSpace(string(commit))); err != nil {
		return nil, err
	}
	lines := &Lines{make(map[string][]span)}
	if err := c.compare(paths, lines); err != nil {
		return nil, err
	}
	return lines, nil
}

// A comparison is one with a commit of a repository.
type comparison struct {
	ctx  context.Context
	root string
	tree map[string]entry // by slash-separated path from the root
}

func (c *comparison) compare(paths []string, lines *Lines) error {
	var fresh []string                   // that the commit does not have
	before := make(map[string]string)    // blobs, by path
	modules := make(map[string][]string) // paths, by the submodule that they lie in
	for _, path := range paths {
		rel, err := filepath.Rel(c.root, path)
		if err != nil || !filepath.IsLocal(rel) {
			lines.files[path] = wholeFile
			continue
		}
		name := filepath.ToSlash(rel)
		switch e := c.tree[name]; {
		case e.kind == "blob":
			before[path] = e.object
		case c.submodule(name) != "":
			modules[c.submodule(name)] = append(modules[c.submodule(name)], path)
		default:
			fresh = append(fresh, path)
		}
	}
	ignored := c.ignored(fresh)
	for _, path := range fresh {
		lines.files[path] = wholeFile
		if ignored[path] {
			lines.files[path] = nil
		}
	}
	for name, paths := range modules {
		inside, err := Since(c.ctx, filepath.Join(c.root, filepath.FromSlash(name)), c.tree[name].object, paths)
		for _, path := range paths {
			lines.files[path] = wholeFile // nobody can tell what is new
			if err == nil {
				lines.files[path] = inside.files[path]
			}
		}
	}
	return c.blobs(before, func(path string, text []byte) {
		lines.files[path] = wholeFile
		if now, err := wholefile.Read(path, wholefile.Text); err == nil && text != nil {
			lines.files[path] = changed(splitLines(text), splitLines(now))
		}
	})
}

// submodule returns the submodule that a file lies in, or "".
func (c *comparison) submodule(name string) string {
	for i := range len(name) {
		if name[i] == '/' && c.tree[name[:i]].kind == "commit" {
			return name[:i]
		}
	}
	return ""
}

// splitLines leaves the ends of lines out, which git may convert.
func splitLines(text []byte) []string {
	var lines []string
	for line := range bytes.Lines(text) {
		lines = append(lines, string(bytes.TrimRight(line, "\r\n")))
	}
	return lines
}

// Touch reports whether a line from first to last of a file is changed. The
// file is one of those that were compared, under the same path; of others
// nobody knows, and all counts as changed.
func (l *Lines) Touch(path string, first, last int) bool {
	spans, known := l.files[path]
	if !known {
		return true
	}
	for _, s := range spans {
		if first <= s.last && s.first <= last {
			return true
		}
	}
	return false
}
