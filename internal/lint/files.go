package lint

import (
	"os"
	"path/filepath"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/internal/load"
)

// goFilesBelow returns the Go files that the patterns name or lead to, whether
// or not this build has them.
func (r *run) goFilesBelow() []string {
	named, found := r.files(r.asked, isGoFile, func(tree *load.Tree) []string { return tree.Go })
	return slices.DeleteFunc(slices.Concat(named, found), func(file string) bool {
		return !r.options.Tests && strings.HasSuffix(file, "_test.go")
	})
}

// files returns the files of one kind, which are no Go: those that the user
// names, and those that are found below the folders that the user's patterns,
// or what we made of them, stand for. of returns a tree's files of that kind,
// or of more.
func (r *run) files(targets []target, isKind func(string) bool, of func(*load.Tree) []string) (named, found []string) {
	seen := make(map[string]bool)
	isNew := func(file string) bool {
		was := seen[file]
		seen[file] = true
		return !was
	}
	var words []string
	for _, word := range r.options.Patterns {
		switch {
		case isKind(word):
			if file := absolute(r.options.Dir, word); isNew(file) {
				named = append(named, file)
			}
		case !isOtherFile(word):
			words = append(words, word)
		}
	}
	if len(words) == 0 && len(r.options.Patterns) == 0 {
		words = []string{"./..."}
	}
	folders := r.folders(words)
	for _, t := range targets {
		folders = append(folders, subtrees(t.dir, t.patterns)...)
	}
	slices.Sort(folders) // those above come first, and are walked once for those below
	for _, folder := range slices.Compact(folders) {
		tree, err := r.scan(folder)
		if err != nil {
			continue // the go command names the folder
		}
		for _, file := range of(tree) {
			if (r.options.Modules || !within(tree.Modules, file)) && isNew(file) {
				found = append(found, file)
			}
		}
	}
	for _, folder := range r.singles(words) {
		entries, err := os.ReadDir(folder)
		if err != nil {
			continue
		}
		for _, entry := range entries {
			file := filepath.Join(folder, entry.Name())
			if strings.HasPrefix(entry.Name(), ".") || strings.HasPrefix(entry.Name(), "_") {
				continue
			}
			if isKind(file) && entry.Type().IsRegular() && isNew(file) {
				found = append(found, file)
			}
		}
	}
	return named, found
}
