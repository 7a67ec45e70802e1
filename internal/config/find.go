package config

import (
	"fmt"
	"path/filepath"

	"github.com/grpclint/grpclint/internal/wholefile"
)

// Load reads the configuration for a run in dir. With file given, that file
// is read (relative to dir, as other paths of the command line) and must
// exist; else .grpclint.yaml is looked for from dir upward, and it is no
// error if there is none.
func Load(dir, file string) (*Config, error) {
	if file != "" {
		if !filepath.IsAbs(file) {
			file = filepath.Join(dir, file)
		}
		return read(file)
	}
	file, err := find(dir)
	if err != nil {
		return nil, err
	}
	if file == "" {
		return Default(), nil
	}
	return read(file)
}

func read(file string) (*Config, error) {
	data, err := wholefile.ReadOwn(file, wholefile.Settings)
	if err != nil {
		return nil, fmt.Errorf("config: %w", err)
	}
	return Parse(file, data)
}

// find looks for the file from dir upward, at most to the root of the
// repository, so that what lies around a checkout on one machine never
// changes the result.
func find(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", fmt.Errorf("config: %w", err)
	}
	top := root(dir)
	for {
		file := filepath.Join(dir, Name)
		found, err := wholefile.Exists(file)
		if err != nil {
			return "", fmt.Errorf("config: %w", err)
		}
		if found {
			return file, nil
		}
		// The other common ending would be a file that nobody reads.
		other := filepath.Join(dir, ".grpclint.yml")
		if found, err := wholefile.Exists(other); err == nil && found {
			return "", fmt.Errorf("%s: grpclint reads %s; rename the file", other, Name)
		}
		if dir == top {
			return "", nil
		}
		dir = filepath.Dir(dir)
	}
}

// root returns the highest folder to look in: the repository's, or in the
// absence of one the module's, or dir itself.
func root(dir string) string {
	for _, mark := range []string{".git", "go.mod"} {
		if folder, ok := upward(dir, mark); ok {
			return folder
		}
	}
	return dir
}

// Repository returns the root of the repository that a folder belongs to.
func Repository(dir string) (string, bool) { return upward(dir, ".git") }

// upward returns the nearest folder, dir or above it, that holds a mark.
func upward(dir, mark string) (string, bool) {
	for {
		if found, _ := wholefile.Exists(filepath.Join(dir, mark)); found {
			return dir, true
		}
		parent := filepath.Dir(dir)
		if parent == dir {
			return "", false
		}
		dir = parent
	}
}
