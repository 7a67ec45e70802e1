package wanttest

import (
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
)

// foldersOf returns the folders with the cases of a family, those on disk and
// those that only blocks have, as in "retry/freshkey".
func foldersOf(t *testing.T, dir, family string, blocks []block) []string {
	t.Helper()
	var folders []string
	entries, err := os.ReadDir(filepath.Join(dir, family))
	if err != nil {
		t.Fatal(err)
	}
	for _, e := range entries {
		if e.IsDir() {
			folders = append(folders, family+"/"+e.Name())
		}
	}
	for _, b := range blocks {
		folders = append(folders, b.folder())
	}
	slices.Sort(folders)
	return slices.Compact(folders)
}

// walk calls visit with the path of every file of the suite's folders.
func (s *Suite) walk(visit func(path string) error) {
	folders := s.folders
	if folders == nil {
		folders = []string{"."}
	}
	for _, folder := range folders {
		err := filepath.WalkDir(filepath.Join(s.Dir, filepath.FromSlash(folder)), func(path string, entry fs.DirEntry, err error) error {
			if os.IsNotExist(err) {
				return nil // only a page has cases
			}
			if err != nil || entry.IsDir() {
				return err
			}
			return visit(path)
		})
		if err != nil {
			s.problem(folder, "%v", err)
		}
	}
}

// problem notes what is wrong with a file, which is given from the module's
// root.
func (s *Suite) problem(file, format string, args ...any) {
	folder := ""
	for _, f := range s.folders {
		if strings.HasPrefix(file, f+"/") || file == f {
			folder = f
		}
	}
	for _, b := range s.blocks {
		if file == b.file {
			folder = b.folder()
		}
	}
	s.problems = append(s.problems, problem{folder, fmt.Sprintf(format, args...)})
}

// tell reports the problems, each once.
func (s *Suite) tell(t *testing.T) {
	t.Helper()
	for _, text := range s.take() {
		t.Error(text)
	}
}

// relative returns a path from the module's root, as in findings.
func (s *Suite) relative(path string) string {
	rel, err := filepath.Rel(s.Dir, path)
	if err != nil {
		return path
	}
	return filepath.ToSlash(rel)
}
