package wanttest

import (
	"path"
	"slices"
	"strings"
	"testing"
)

// RunShapes checks a folder in which each file holds a mistake in one shape,
// as in "leak/closure.go", and a package below what files take from there. The
// mistakes in gaps ("leak/closure") are those that are not found yet: one that
// is found has to be taken out, so that the list only shrinks.
func RunShapes(t *testing.T, dir, folder string, gaps []string) {
	t.Helper()
	s := Open(t, dir, folder)
	wants := s.wants()
	s.meetAll(wants, s.Analyze(t, nil))
	s.tell(t)
	unmet := make(map[string][]*want)
	for _, w := range wants {
		shape := strings.TrimSuffix(strings.TrimPrefix(w.file, folder+"/"), path.Ext(w.file))
		if unmet[shape] == nil {
			unmet[shape] = []*want{}
		}
		if !w.met {
			unmet[shape] = append(unmet[shape], w)
		}
	}
	for _, gap := range gaps {
		if left, ok := unmet[gap]; !ok {
			t.Errorf("%s is not there", gap)
		} else if len(left) == 0 {
			t.Errorf("%s is found: it is no gap any more", gap)
		}
	}
	for shape, left := range unmet {
		if !slices.Contains(gaps, shape) {
			for _, w := range left {
				t.Error(w)
			}
		}
	}
}
