// Package dockerfile reads Dockerfiles as far as it matters which program runs
// in the image, and which signals come to it.
//
//	FROM golang AS build                 Stage{Name: build}
//	RUN go build -o /server ./cmd/server   Builds: ./cmd/server
//	FROM alpine                          Stage, the last one is the image
//	ENTRYPOINT server -port 80             Instruction{Shell: true}
package dockerfile

import (
	"encoding/json"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/source"
)

// An Instruction is one of a stage, with the lines that it goes on in.
type Instruction struct {
	Name string // in capitals
	Text string // behind the name, in one line
	Span source.Span
	// Args are the words of the exec form: ["server", "-v"].
	Args []string
	// Shell: the instruction is CMD, ENTRYPOINT or RUN in shell form.
	Shell bool
}

// A Stage is what stands below one FROM.
type Stage struct {
	Name         string // behind AS
	Base         string // an image, or the name of a stage
	Instructions []Instruction
}

// Last returns the last instruction of a name, which is the one that counts.
func (s *Stage) Last(name string) *Instruction {
	for i := len(s.Instructions) - 1; i >= 0; i-- {
		if s.Instructions[i].Name == name {
			return &s.Instructions[i]
		}
	}
	return nil
}

// Parse reads the stages of a text. What is no instruction is passed over.
func Parse(text *source.Text) []*Stage {
	var stages []*Stage
	src := string(text.Content)
	for at := 0; at < len(src); {
		start, joined, end := logicalLine(src, at)
		at = end
		name, rest, _ := strings.Cut(joined, " ")
		name, rest = strings.ToUpper(name), strings.TrimSpace(rest)
		if name == "" || strings.HasPrefix(name, "#") {
			continue
		}
		if name == "FROM" {
			stages = append(stages, stageOf(rest))
			continue
		}
		if len(stages) == 0 {
			continue // ARG above the first FROM
		}
		stop := start + len(strings.TrimRight(src[start:end], " \t\r\n"))
		i := Instruction{Name: name, Text: rest, Span: source.Span{Text: text, Start: start, End: stop}}
		switch name {
		case "CMD", "ENTRYPOINT", "RUN":
			i.Shell = json.Unmarshal([]byte(rest), &i.Args) != nil
		}
		last := stages[len(stages)-1]
		last.Instructions = append(last.Instructions, i)
		at = max(at, heredocEnd(src, end, rest))
	}
	return stages
}

func stageOf(text string) *Stage {
	words := strings.Fields(text)
	for len(words) > 0 && strings.HasPrefix(words[0], "--") {
		words = words[1:]
	}
	s := new(Stage)
	if len(words) > 0 {
		s.Base = words[0]
	}
	if len(words) > 2 && strings.EqualFold(words[1], "as") {
		s.Name = words[2]
	}
	return s
}

// logicalLine joins the lines that a backslash continues; comments between
// them do not count.
func logicalLine(src string, at int) (start int, joined string, end int) {
	var b strings.Builder
	start = -1
	for at < len(src) {
		lineEnd := len(src)
		if i := strings.IndexByte(src[at:], '\n'); i >= 0 {
			lineEnd = at + i + 1
		}
		line := strings.Trim(src[at:lineEnd], " \t\r\n")
		if start < 0 {
			start = at + strings.Index(src[at:lineEnd], line)
		}
		at = lineEnd
		if strings.HasPrefix(line, "#") {
			if b.Len() > 0 {
				continue
			}
			return start, line, at
		}
		if part, ok := strings.CutSuffix(line, `\`); ok {
			b.WriteString(part + " ")
			continue
		}
		b.WriteString(line)
		break
	}
	return start, strings.Join(strings.Fields(b.String()), " "), at
}

// heredocEnd returns where the text of RUN <<EOF ends, 0 if there is none.
func heredocEnd(src string, at int, text string) int {
	_, word, ok := strings.Cut(text, "<<")
	if !ok {
		return 0
	}
	word = strings.Trim(strings.TrimPrefix(word, "-"), `"'`)
	if i := strings.IndexAny(word, " ;|&"); i >= 0 {
		word = word[:i]
	}
	word = strings.Trim(word, `"'`)
	if word == "" {
		return 0
	}
	for at < len(src) {
		lineEnd := len(src)
		if i := strings.IndexByte(src[at:], '\n'); i >= 0 {
			lineEnd = at + i + 1
		}
		if strings.TrimSpace(src[at:lineEnd]) == word {
			return lineEnd
		}
		at = lineEnd
	}
	return 0
}

// Command is what runs first in an image.
type Command struct {
	At   *Instruction
	Args []string // of the exec form, ENTRYPOINT and CMD joined
	// Shell: a shell is the first process, and what it runs another one.
	Shell bool
	Line  string // what the shell runs
}

// Start returns what the image of a stage runs, nil if its base decides that.
// of finds a stage by its name.
func (s *Stage) Start(of func(name string) *Stage) *Command {
	entry, cmd := s.inherited("ENTRYPOINT", of), s.inherited("CMD", of)
	switch {
	case entry != nil && entry.Shell:
		return &Command{At: entry, Shell: true, Line: entry.Text}
	case entry != nil:
		c := &Command{At: entry, Args: entry.Args}
		if cmd != nil && !cmd.Shell {
			c.Args = append(append([]string(nil), entry.Args...), cmd.Args...)
		}
		return c
	case cmd != nil && cmd.Shell:
		return &Command{At: cmd, Shell: true, Line: cmd.Text}
	case cmd != nil:
		return &Command{At: cmd, Args: cmd.Args}
	}
	return nil
}

// maxStages is how many stages are followed from one to its base.
const maxStages = 16

func (s *Stage) inherited(name string, of func(string) *Stage) *Instruction {
	for range maxStages {
		if s == nil {
			return nil
		}
		if i := s.Last(name); i != nil {
			return i
		}
		s = of(s.Base)
	}
	return nil
}

// StageNamed finds a stage in a list.
func StageNamed(stages []*Stage, name string) *Stage {
	for _, s := range stages {
		if s.Name != "" && strings.EqualFold(s.Name, name) {
			return s
		}
	}
	return nil
}
