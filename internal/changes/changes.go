// Package changes knows which lines of the working tree are not in a
// revision, so that only they are judged.
package changes

import (
	"bufio"
	"bytes"
	"errors"
	"fmt"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
)

// Lines are the changed lines of a working tree.
type Lines struct {
	files map[string][]span // by absolute path
}

// A span is a range of lines, both ends included.
type span struct{ first, last int }

// wholeFile is the span of a file that the revision does not have.
var wholeFile = []span{{1, int(^uint(0) >> 1)}}

// Since asks git what differs between a revision and the working tree that
// dir lies in: changed and added lines, and files that are not tracked yet
// and not ignored.
func Since(dir, revision string) (*Lines, error) {
	top, err := git(dir, "rev-parse", "--show-toplevel")
	if err != nil {
		return nil, err
	}
	root := strings.TrimSuffix(string(top), "\n")
	if _, err := git(dir, "rev-parse", "--verify", "--quiet", "--end-of-options", revision+"^{commit}"); err != nil {
		return nil, fmt.Errorf("%q is no revision of %s", revision, root)
	}
	diff, err := git(root, "-c", "core.quotePath=false", "diff", "--unified=0", "--no-color", "--no-ext-diff", "--no-renames",
		"--src-prefix=a/", "--dst-prefix=b/", revision, "--")
	if err != nil {
		return nil, err
	}
	files, err := parse(diff)
	if err != nil {
		return nil, err
	}
	lines := &Lines{make(map[string][]span)}
	for name, spans := range files {
		lines.files[filepath.Join(root, filepath.FromSlash(name))] = spans
	}
	untracked, err := git(root, "ls-files", "--others", "--exclude-standard", "-z")
	if err != nil {
		return nil, err
	}
	for name := range strings.SplitSeq(string(untracked), "\x00") {
		if name != "" {
			lines.files[filepath.Join(root, filepath.FromSlash(name))] = wholeFile
		}
	}
	return lines, nil
}

func git(dir string, args ...string) ([]byte, error) {
	cmd := exec.Command("git", append([]string{"-C", dir}, args...)...)
	output, err := cmd.Output()
	var exit *exec.ExitError
	if errors.As(err, &exit) {
		return nil, fmt.Errorf("git %s: %s", args[0], strings.TrimSpace(string(exit.Stderr)))
	}
	return output, err
}

// parse reads the names and the hunk headers of a unified diff without
// context:
//
//	+++ b/dir/file.go
//	@@ -10,0 +11,2 @@
func parse(diff []byte) (map[string][]span, error) {
	files := make(map[string][]span)
	name := ""
	body := 0 // lines of the hunk that are still to come
	scanner := bufio.NewScanner(bytes.NewReader(diff))
	scanner.Buffer(nil, 1<<30) // a line may be as long as a file
	for scanner.Scan() {
		line := scanner.Text()
		switch {
		case body > 0:
			if !strings.HasPrefix(line, `\`) { // "\ No newline at end of file"
				body--
			}
		case strings.HasPrefix(line, "+++ "):
			// A name with blanks is followed by a tab; one with quotes
			// or control characters is a quoted string.
			name = strings.TrimSuffix(strings.TrimPrefix(line, "+++ "), "\t")
			if strings.HasPrefix(name, `"`) {
				if unquoted, err := strconv.Unquote(name); err == nil {
					name = unquoted
				}
			}
			name = strings.TrimPrefix(name, "b/") // /dev/null for a deleted file has no lines
		case strings.HasPrefix(line, "@@ "):
			before, after, err := hunk(line)
			if err != nil {
				return nil, err
			}
			body = before.count + after.count
			if after.count > 0 {
				files[name] = append(files[name], span{after.start, after.start + after.count - 1})
			}
		}
	}
	return files, scanner.Err()
}

// A side is one half of a hunk header.
type side struct{ start, count int }

func hunk(line string) (before, after side, err error) {
	fields := strings.Fields(line)
	if len(fields) < 4 {
		return before, after, fmt.Errorf("git diff: no hunk header: %q", line)
	}
	if before, err = half(fields[1], "-"); err != nil {
		return before, after, err
	}
	after, err = half(fields[2], "+")
	return before, after, err
}

// half reads "-10,2", or "-10" for one line.
func half(text, sign string) (side, error) {
	start, count, several := strings.Cut(strings.TrimPrefix(text, sign), ",")
	s := side{count: 1}
	var err error
	if s.start, err = strconv.Atoi(start); err != nil {
		return s, fmt.Errorf("git diff: no hunk header: %q", text)
	}
	if several {
		if s.count, err = strconv.Atoi(count); err != nil {
			return s, fmt.Errorf("git diff: no hunk header: %q", text)
		}
	}
	return s, nil
}

// Touch reports whether a line from first to last of a file is changed. The
// path is absolute, without symbolic links.
func (l *Lines) Touch(path string, first, last int) bool {
	for _, s := range l.files[path] {
		if first <= s.last && s.first <= last {
			return true
		}
	}
	return false
}
