package config

import (
	"fmt"
	"path"
	"strings"
)

// checkGlob says what is wrong with a pattern of an exclude entry.
func checkGlob(pattern string) error {
	switch {
	case pattern == "":
		return fmt.Errorf("empty path")
	case strings.Contains(pattern, `\`):
		return fmt.Errorf("path %q: folders are separated by / on every system", pattern)
	case path.IsAbs(pattern):
		return fmt.Errorf("path %q is absolute; it is relative to the folder of %s", pattern, Name)
	}
	for element := range strings.SplitSeq(pattern, "/") {
		if element == ".." {
			return fmt.Errorf("path %q leaves the folder of %s", pattern, Name)
		}
		if strings.Contains(element, "**") && element != "**" {
			return fmt.Errorf("path %q: ** stands for whole folders, as in a/**/b", pattern)
		}
		if _, err := path.Match(element, ""); err != nil {
			return fmt.Errorf("path %q: %w", pattern, err)
		}
	}
	return nil
}

// matchGlob reports whether the pattern matches the path or a folder that
// holds it: "internal/legacy" and "internal/legacy/**" say the same.
func matchGlob(pattern, name string) bool {
	pattern = path.Clean(pattern)
	if pattern == "." {
		return true // everything below
	}
	return matchElements(strings.Split(pattern, "/"), strings.Split(name, "/"))
}

// matchElements tries ** with no, one, two ... folders. After two ** the
// first need not be tried again with more, because whatever it leaves to
// the second the second can take by itself; so the work stays quadratic.
func matchElements(pattern, name []string) bool {
	var retryPattern, retryName []string // where the last ** may take one more
	for {
		switch {
		case len(pattern) == 0:
			return true // name may go on: it lies below what matched
		case pattern[0] == "**":
			if len(pattern) == 1 {
				return len(name) > 0
			}
			pattern = pattern[1:]
			retryPattern, retryName = pattern, name
			continue
		case len(name) > 0:
			if ok, _ := path.Match(pattern[0], name[0]); ok {
				pattern, name = pattern[1:], name[1:]
				continue
			}
		}
		if len(retryName) == 0 {
			return false
		}
		retryName = retryName[1:]
		pattern, name = retryPattern, retryName
	}
}
