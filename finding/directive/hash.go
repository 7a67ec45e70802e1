package directive

import (
	"bytes"
	"go/token"
	"strings"
)

// OfHashComments returns the directives in a text whose comments begin with "#":
// YAML, nginx's configuration, a Dockerfile. Each speaks for its own line or,
// if it stands there alone, for the next one that is no comment.
func OfHashComments(content []byte, file *token.File) *Set {
	if !bytes.Contains(content, []byte("grpclint:")) {
		return NewSet(nil)
	}
	lines := strings.SplitAfter(string(content), "\n")
	var all []*Directive
	at := 0
	for i, line := range lines {
		start := commentStart(line)
		text := ""
		if start >= 0 {
			text = strings.TrimRight(line[start:], " \t\r\n")
		}
		if d := ParseHash(text, file.Pos(min(at+max(start, 0), file.Size()))); d != nil && at+start+len(text) <= file.Size() {
			d.File = file
			d.FromLine, d.ToLine = i+1, i+1
			if strings.TrimSpace(line[:start]) == "" {
				d.ToLine = behindComments(lines, i)
			}
			if d.Kind == FileIgnore {
				d.FromLine, d.ToLine = 1, file.LineCount()
			}
			all = append(all, d)
		}
		at += len(line)
	}
	return NewSet(all)
}

// commentStart returns where a comment of ours begins in a line: at its start or
// behind a blank, else "#" is part of a word.
func commentStart(line string) int {
	for i := strings.Index(line, "#"); i >= 0; {
		if (i == 0 || line[i-1] == ' ' || line[i-1] == '\t') && strings.HasPrefix(strings.TrimLeft(line[i+1:], blanks), "grpclint:") {
			return i
		}
		next := strings.Index(line[i+1:], "#")
		if next < 0 {
			return -1
		}
		i += next + 1
	}
	return -1
}

// behindComments returns the 1-based number of the first line behind one that
// is no comment.
func behindComments(lines []string, i int) int {
	for j := i + 1; j < len(lines); j++ {
		if !strings.HasPrefix(strings.TrimSpace(lines[j]), "#") {
			return j + 1
		}
	}
	return i + 1
}
