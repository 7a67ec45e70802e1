package lint

import (
	"maps"
	"os"
	"path/filepath"

	"github.com/grpclint/grpclint/internal/load"
)

// withoutIrregular names the source files of a target's packages that are no
// regular files, such as FIFOs, and returns an overlay by which the go command
// takes them for files of another platform: it would wait until somebody
// writes to them.
func (r *run) withoutIrregular(t target) map[string][]byte {
	var files []string
	for _, pattern := range t.patterns {
		if folder, ok := subtree(t.dir, pattern); ok {
			if tree, err := r.scan(folder); err == nil {
				files = append(files, tree.Irregular...)
			}
			continue
		}
		for _, folder := range r.singles([]string{pattern}) {
			entries, err := os.ReadDir(folder)
			if err != nil {
				continue // the go command names the folder
			}
			for _, entry := range entries {
				if path := filepath.Join(folder, entry.Name()); load.Irregular(path, entry) {
					files = append(files, path)
				}
			}
		}
	}
	if len(files) == 0 {
		return r.options.Overlay
	}
	overlay := make(map[string][]byte)
	maps.Copy(overlay, r.options.Overlay)
	for _, file := range files {
		overlay[file] = []byte("//go:build ignore\n\npackage ignored\n")
		r.report.Errors = append(r.report.Errors, Error{File: r.paths.display(file), Message: "is no regular file"})
	}
	return overlay
}
