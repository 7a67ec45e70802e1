// Package source holds the texts that manifests are read from, and the spans
// in them of which findings speak.
//
// A text is a file, or stands in one: a ConfigMap holds nginx.conf as a block
// of YAML, and what is wrong in there has its place in the file all the same.
//
//	file    ConfigMap ... nginx.conf: |
//	                                    listen 80;      <- Span in Text
//	          ^ Offset                  ^
package source

// A File is one file.
type File struct {
	Path    string
	Content []byte
}

// A Text is a whole file, or a string in one.
type Text struct {
	File    *File
	Content []byte
	// Template: the file is a template of Helm's or of Go's, whose actions
	// are blanked or replaced by placeholders.
	Template bool

	offsets  []int // in the file, of each byte and of the end; nil for a whole file
	from, to int   // in the file, of a string whose bytes could not be told
}

// Whole is the text of a file.
func Whole(file *File) *Text { return &Text{File: file, Content: file.Content} }

// Within is a string that stands in another text, whose bytes are at offsets
// there, or somewhere in a span.
func Within(outer Span, content string, offsets []int) *Text {
	t := &Text{File: outer.Text.File, Content: []byte(content), Template: outer.Text.Template}
	t.from, t.to = outer.InFile()
	if len(offsets) != len(content)+1 {
		return t
	}
	t.offsets = make([]int, len(offsets))
	for i, offset := range offsets {
		t.offsets[i] = outer.Text.offset(offset)
	}
	return t
}

func (t *Text) offset(at int) int {
	at = max(0, min(at, len(t.Content)))
	switch {
	case t.offsets != nil:
		return t.offsets[at]
	case t.to > 0:
		return t.from
	}
	return at
}

// A Span is a piece of a text. The zero Span is nowhere.
type Span struct {
	Text       *Text
	Start, End int // offsets
}

// IsValid reports whether the span is anywhere.
func (s Span) IsValid() bool { return s.Text != nil }

// InFile returns the offsets in the file.
func (s Span) InFile() (start, end int) {
	switch {
	case s.Text.offsets == nil && s.Text.to > 0:
		return s.Text.from, s.Text.to
	case s.End <= s.Start:
		at := s.Text.offset(s.Start)
		return at, at
	case s.Text.offsets == nil:
		return s.Text.offset(s.Start), s.Text.offset(s.End)
	}
	// The end of the last byte, not the start of the next: between them
	// there may be a line's indentation.
	start = s.Text.offset(s.Start)
	return start, max(s.Text.offset(s.End-1)+1, start+1)
}

// Line returns the 1-based line in the file at which the span starts.
func (s Span) Line() int {
	start, _ := s.InFile()
	line := 1
	for _, b := range s.Text.File.Content[:min(start, len(s.Text.File.Content))] {
		if b == '\n' {
			line++
		}
	}
	return line
}
