package yamldoc

import (
	"bytes"
	"strings"
	"unicode/utf8"
)

// hole stands where an action of a template puts something that nobody knows.
// It is of a range that no standard gives a meaning to.
const hole = '\ue000'

// filled replaces the actions of a template so that what is left may be YAML,
// with every byte at its place: a line that has nothing else is blank, within
// a line there are placeholders. open reports whether lines were blanked, in
// whose place there may be anything.
//
//	{{- if .Values.tls }}                    (blank)
//	port: {{ .Values.port }}           port: <placeholder>
func filled(src []byte) (text []byte, open bool) {
	text = bytes.Clone(src)
	for at := 0; at < len(text); {
		start := bytes.Index(text[at:], []byte("{{"))
		if start < 0 {
			break
		}
		start += at
		length := bytes.Index(text[start:], []byte("}}"))
		if length < 0 {
			break
		}
		end := start + length + 2
		lineStart := bytes.LastIndexByte(text[:start], '\n') + 1
		lineEnd := len(text)
		if i := bytes.IndexByte(text[end:], '\n'); i >= 0 {
			lineEnd = end + i
		}
		if before, after, ok := alone(text[lineStart:start], text[end:lineEnd]); ok {
			blank(text[lineStart+before : lineEnd-after])
			open = true
			at = lineEnd
			continue
		}
		if isControl(string(text[start:end])) {
			open = true
			blank(text[start:end])
		} else {
			fill(text[start:end])
		}
		at = end
	}
	return text, open
}

// alone reports whether an action, or several, is all that a line has, and how
// much of it is to stay.
func alone(before, after []byte) (left, right int, ok bool) {
	for {
		after = bytes.TrimLeft(after, " \t\r")
		if !bytes.HasPrefix(after, []byte("{{")) {
			break
		}
		end := bytes.Index(after, []byte("}}"))
		if end < 0 {
			return 0, 0, false
		}
		after = after[end+2:]
	}
	return 0, 0, len(bytes.TrimSpace(before)) == 0 && len(after) == 0
}

// isControl: the action chooses, and writes nothing itself.
func isControl(action string) bool {
	word := strings.TrimLeft(strings.TrimPrefix(action, "{{"), "- \t\n")
	for _, control := range []string{"if", "else", "end", "with", "range", "define", "/*", "block", "template", "$"} {
		rest, ok := strings.CutPrefix(word, control)
		if !ok {
			continue
		}
		if control == "$" {
			return strings.Contains(rest, ":=")
		}
		if control == "/*" || rest == "" || strings.ContainsAny(rest[:1], " -}\t\n(") {
			return true
		}
	}
	return false
}

func blank(text []byte) {
	for i, b := range text {
		if b != '\n' {
			text[i] = ' '
		}
	}
}

// fill writes placeholders over an action, which may go on in other lines.
func fill(text []byte) {
	for len(text) > 0 {
		end := bytes.IndexByte(text, '\n')
		if end < 0 {
			end = len(text)
		}
		line := text[:end]
		for len(line) >= utf8.RuneLen(hole) {
			utf8.EncodeRune(line, hole)
			line = line[utf8.RuneLen(hole):]
		}
		for i := range line {
			line[i] = '_'
		}
		text = text[min(end+1, len(text)):]
	}
}

// HasHole reports whether a string has a placeholder in it, or something that
// a shell or envsubst will replace: ${PORT}, $(PORT).
func HasHole(text string) bool {
	return strings.ContainsRune(text, hole) || strings.Contains(text, "${") || strings.Contains(text, "$(") || strings.Contains(text, "{{")
}
