package config

import (
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path/filepath"
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
	data, err := os.ReadFile(file)
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
		found, err := exists(file)
		if err != nil {
			return "", fmt.Errorf("config: %w", err)
		}
		if found {
			return file, nil
		}
		// The other common ending would be a file that nobody reads.
		other := filepath.Join(dir, ".grpclint.yml")
		if found, err := exists(other); err == nil && found {
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
		for folder := dir; ; {
			if found, _ := exists(filepath.Join(folder, mark)); found {
				return folder
			}
			parent := filepath.Dir(folder)
			if parent == folder {
				break
			}
			folder = parent
		}
	}
	return dir
}

// exists tells "not there" from "cannot know": a file that may not be read
// must not pass for none.
func exists(path string) (bool, error) {
	_, err := os.Stat(path)
	if errors.Is(err, fs.ErrNotExist) {
		return false, nil
	}
	return err == nil, err
}
