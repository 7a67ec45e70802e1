package deploycheck

import (
	"fmt"
	"path"
	"regexp"
	"slices"
	"strings"

	"github.com/grpclint/grpclint/deploycheck/dockerfile"
)

// shellEntrypoint reports images in which a shell is the first process: it does
// not pass SIGTERM on to a program that would stop gracefully.
func shellEntrypoint(c *checker) {
	for _, i := range c.Images {
		last := i.stages[len(i.stages)-1]
		start := last.Start(func(name string) *dockerfile.Stage { return dockerfile.StageNamed(i.stages, name) })
		if start == nil || isForTests(i.file.Path) || startsInit(i, last) {
			continue
		}
		line, how := shellLine(start)
		if line == "" {
			continue
		}
		p := c.programOf(i, line)
		if p == nil || !p.Graceful {
			continue
		}
		c.report(Issue{
			At:      start.At.Span,
			Message: fmt.Sprintf("RPCs are cut off at every stop: SIGTERM does not come to %s, because %s", p.names()[0], how),
			Decl:    start.At.Name, Subject: "SIGTERM",
		})
	}
}

// isForTests: the image is for the people who make the program, by the name of
// its file or of a folder.
func isForTests(file string) bool {
	file = strings.ToLower(slash(file))
	for _, word := range []string{"dev", "test", "hotreload", "integration", "local", "debug"} {
		if strings.Contains(path.Base(file), word) || strings.Contains(path.Base(path.Dir(file)), word) {
			return true
		}
	}
	return slices.ContainsFunc(strings.Split(path.Dir(file), "/"), func(folder string) bool {
		return folder == "dev" || folder == "development" || folder == "test" || folder == "tests" || folder == "e2e"
	})
}

// startsInit: something that passes signals on is the first process.
func startsInit(i *image, s *dockerfile.Stage) bool {
	for _, stage := range i.stages {
		for _, instruction := range stage.Instructions {
			if (instruction.Name == "ENTRYPOINT" || instruction.Name == "CMD") && (strings.Contains(instruction.Text, "tini") || strings.Contains(instruction.Text, "dumb-init") || strings.Contains(instruction.Text, "s6-") || strings.Contains(instruction.Text, "/init")) {
				return true
			}
		}
	}
	return s == nil
}

// goRun is what compiles and runs a program, as another process.
var goRun = regexp.MustCompile(`^go\s+run\b`)

// shellLine returns what a shell, or go run, starts, and why no signal comes
// there; "" where one does.
func shellLine(c *dockerfile.Command) (line, why string) {
	switch {
	case c.Shell:
		line, why = c.Line, fmt.Sprintf("%s in shell form starts a shell", c.At.Name)
	case len(c.Args) > 2 && slices.Contains([]string{"sh", "bash", "ash", "dash"}, path.Base(c.Args[0])) && strings.HasSuffix(c.Args[1], "c"):
		line, why = c.Args[2], "sh -c starts it without exec"
	case len(c.Args) > 1 && c.Args[0] == "go" && c.Args[1] == "run":
		return strings.Join(c.Args[2:], " "), "go run does not pass it on"
	default:
		return "", ""
	}
	line = strings.TrimSpace(line)
	if goRun.MatchString(line) {
		return line, "go run does not pass it on"
	}
	if regexp.MustCompile(`(^|[;&|]\s*)exec\s`).MatchString(line) || strings.Contains(line, "trap ") {
		return "", ""
	}
	if script := strings.Fields(line); len(script) > 0 && strings.HasSuffix(script[0], ".sh") {
		return "", "" // who knows what it does
	}
	return line, why
}

// goBuild finds the folder that an image's program is built from.
var goBuild = regexp.MustCompile(`\bgo\s+(?:build|install)\b([^&|;]*)`)

// programOf returns the program that an image runs: the one that it builds, or
// else the only one below its folder, or with the name of what it starts.
func (c *checker) programOf(i *image, line string) *Program {
	folder := path.Dir(slash(i.file.Path))
	var built []string
	for _, s := range i.stages {
		for _, instruction := range s.Instructions {
			if instruction.Name != "RUN" {
				continue
			}
			for _, m := range goBuild.FindAllStringSubmatch(instruction.Text, -1) {
				words := strings.Fields(m[1])
				if len(words) > 0 {
					last := strings.Trim(words[len(words)-1], `"'`)
					if strings.HasPrefix(last, ".") || strings.Contains(last, "/") || strings.HasSuffix(last, ".go") {
						built = append(built, last)
					}
				}
			}
		}
	}
	if words := strings.Fields(line); len(words) > 2 && words[0] == "go" {
		built = append(built, words[len(words)-1])
	}
	for _, from := range built {
		from = strings.TrimSuffix(strings.TrimPrefix(from, "./"), "/")
		if strings.HasSuffix(from, ".go") {
			from = path.Dir(from)
		}
		if from == "." || from == "" {
			continue
		}
		if p := c.only(func(p *Program) bool { return strings.HasSuffix(slash(p.Dir), "/"+from) }); p != nil {
			return p
		}
	}
	if words := strings.Fields(line); len(words) > 0 {
		name := plainName(path.Base(words[0]))
		if p := c.only(func(p *Program) bool { return slices.Contains(p.names(), name) }); p != nil {
			return p
		}
	}
	if p := c.only(func(p *Program) bool { return isBelow(slash(p.Dir), folder) }); p != nil {
		return p
	}
	return nil
}
