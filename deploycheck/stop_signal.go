package deploycheck

import (
	"path"
	"strings"
)

// StopsByInterrupt reports whether the image that a program is in is stopped by
// the signal of the terminal: a Dockerfile beside or above it says so.
func (s *Set) StopsByInterrupt(dir string) bool {
	for _, i := range s.Images {
		last := i.stages[len(i.stages)-1].Last("STOPSIGNAL")
		if last == nil || !isBelow(slash(dir), path.Dir(slash(i.file.Path))) {
			continue
		}
		switch strings.TrimPrefix(strings.ToUpper(last.Text), "SIG") {
		case "INT", "2":
			return true
		}
	}
	return false
}
