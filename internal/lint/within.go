package lint

import (
	"path"
	"path/filepath"
	"slices"
)

// Within returns the report with its paths as they are seen from another
// folder, in which the working directory is called prefix. Paths that do not
// start from the working directory stay.
func (r *Report) Within(prefix string) *Report {
	if prefix == "" || prefix == "." {
		return r
	}
	moved := *r
	moved.Findings = slices.Clone(r.Findings)
	for i := range moved.Findings {
		f := &moved.Findings[i]
		f.File = r.moved(prefix, f.File, f.Path)
		f.Related = slices.Clone(f.Related)
		for j := range f.Related {
			related := &f.Related[j]
			related.File = r.moved(prefix, related.File, related.Path)
		}
		f.Fixes = slices.Clone(f.Fixes)
		for j := range f.Fixes {
			edits := slices.Clone(f.Fixes[j].Edits)
			for k := range edits {
				edits[k].File = r.moved(prefix, edits[k].File, edits[k].Path)
			}
			f.Fixes[j].Edits = edits
		}
	}
	moved.Errors = slices.Clone(r.Errors)
	for i := range moved.Errors {
		e := &moved.Errors[i]
		e.File = r.moved(prefix, e.File, filepath.Join(r.paths.dir, filepath.FromSlash(e.File)))
	}
	return &moved
}

// moved is a file's path with the prefix. What is named by its module, or by
// its place on the disk, is the same from everywhere.
func (r *Report) moved(prefix, file, onDisk string) string {
	if file == "" || filepath.IsAbs(filepath.FromSlash(file)) || r.paths.display(onDisk) != file {
		return file
	}
	return path.Join(prefix, file)
}
