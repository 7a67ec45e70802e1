package load

import (
	"cmp"
	"errors"
	"fmt"
	"maps"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/tools/go/packages"
)

// An Error is something that was asked for and could not be loaded.
type Error struct {
	File         string // absolute, or empty
	Line, Column int    // 1-based, or 0
	Package      string
	Pattern      string
	Message      string // one line

	// Nothing is set where no Go package is, which is no mistake if
	// something else to check is there.
	Nothing bool
}

// driverError makes an Error of the go command's failure as a whole.
func driverError(err error, cfg Config) Error {
	pattern := strings.Join(cfg.Patterns, " ")
	if _, err := exec.LookPath("go"); err != nil {
		return Error{Pattern: pattern, Message: "there is no go command on PATH, and it tells what a package is made of"}
	}
	var e packages.Error
	if errors.As(err, &e) {
		return fromPackages(e, cfg, "")
	}
	message := err.Error()
	if strings.Contains(message, "can't determine type sizes") {
		if refused := refusal(cfg); refused != "" {
			return Error{Message: refused}
		}
	}
	// go/packages wraps what the go command said.
	if _, stderr, ok := strings.Cut(message, "stderr: "); ok {
		message = stderr
	}
	return Error{Pattern: pattern, Message: oneLine(message)}
}

// loadErrors collects what was wrong with the packages and with all they
// import, one error for each package, sorted. An error that only repeats
// another one (an import that cannot be resolved) is left out.
func loadErrors(cfg Config, matched []*packages.Package, c *checker) []Error {
	var found []loadError
	seen := make(map[Error]bool)
	add := func(e loadError) {
		key := e.Error
		key.Package = "" // of a package and its variants
		if !seen[key] {
			seen[key] = true
			found = append(found, e)
		}
	}
	generated := newGenerator(matched)
	failed := make(map[string]bool) // package paths with an error of their own
	cycle := false
	packages.Visit(matched, nil, func(p *packages.Package) {
		own, listed := worth(p, c, failed)
		if len(own) == 0 {
			return
		}
		failed[p.PkgPath] = true
		e := loadError{Error: fromPackages(own[0], cfg, p.PkgPath), listed: listed}
		cycle = cycle || strings.Contains(e.Message, "import cycle not allowed")
		if n := countDistinct(own); n > 1 && !listed {
			e.Message += fmt.Sprintf(" (and %d more)", n-1)
		}
		if files := WithoutCgo(cfg.Context, p.IgnoredFiles, cfg.Env, cfg.Tags, cfg.Dir); len(files) > 0 && !listed {
			e.Message += fmt.Sprintf(" (cgo is off, which leaves out %s)", baseNames(files))
		}
		if broken := brokenImport(p, failed); broken != "" && !listed {
			e.Message += " (it imports " + broken + ", which is broken)"
			e.implied = p.Module != nil && !p.Module.Main
		}
		if listed && isMissing(e.Message) && generated.missing(p.PkgPath) {
			e.Message = "its Go code is missing, its .proto files are there: run protoc or buf"
		}
		add(e)
	})
	if cycle {
		// An edge of the cycle is missing in what the go command says.
		found = slices.DeleteFunc(found, func(e loadError) bool { return strings.Contains(e.Message, unknownPackage) })
	}
	return byCause(found)
}

func baseNames(files []string) string {
	var names []string
	for _, file := range files {
		names = append(names, filepath.Base(file))
	}
	return strings.Join(names, ", ")
}

func compareErrors(a, b Error) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Message, b.Message),
	)
}

// worth returns the errors of a package that say something new: those of
// the go command, which knows why an import or a file is missing, or, if it
// has none, those of the parser and the type checker.
func worth(p *packages.Package, c *checker, failed map[string]bool) (errs []packages.Error, listed bool) {
	var own []packages.Error
	for _, e := range p.Errors {
		switch e.Kind {
		case packages.ListError, packages.UnknownError:
			if strings.Contains(e.Msg, "build constraints exclude all Go files") && len(p.GoFiles) == 0 && len(p.IgnoredFiles) > 0 {
				continue // a wildcard found a folder for another platform
			}
			if strings.HasPrefix(e.Msg, "# ") && c.nodes[p] != nil && isBroken(p) {
				continue // the compiler found what the type checker found
			}
			errs = append(errs, e)
		default:
			if !repeats(e, p, failed) {
				own = append(own, e)
			}
		}
	}
	if len(errs) > 0 {
		return errs, true
	}
	return own, false
}

// brokenImport names an import because of which a package may not
// type-check, or "".
func brokenImport(p *packages.Package, failed map[string]bool) string {
	for _, path := range slices.Sorted(maps.Keys(p.Imports)) {
		if failed[p.Imports[path].PkgPath] {
			return path
		}
	}
	return ""
}

// repeats reports whether an error only says that something imported is
// broken, which was said already.
func repeats(e packages.Error, p *packages.Package, failed map[string]bool) bool {
	path, ok := strings.CutPrefix(e.Msg, "could not import ")
	if !ok {
		return false
	}
	path, _, _ = strings.Cut(path, " ")
	imported := p.Imports[path]
	return imported != nil && failed[imported.PkgPath]
}

func countDistinct(errs []packages.Error) int {
	lines := make(map[string]bool)
	for _, e := range errs {
		lines[e.Pos+e.Msg] = true
	}
	return len(lines)
}

func fromPackages(e packages.Error, cfg Config, pkgPath string) Error {
	result := Error{Package: pkgPath, Message: oneLine(e.Msg)}
	pos := e.Pos
	if first, rest, ok := strings.Cut(e.Msg, "\n"); ok && strings.HasPrefix(first, "# ") {
		// The compiler's output: a header, then "file:line:col: message".
		line, _, _ := strings.Cut(rest, "\n")
		if at, message, ok := strings.Cut(line, ": "); ok {
			pos, result.Message = at, message
		}
	}
	result.File, result.Line, result.Column = splitPos(pos)
	if result.File != "" && !filepath.IsAbs(result.File) {
		result.File = filepath.Join(cfg.Dir, result.File)
	}
	result.Nothing = strings.HasPrefix(result.Message, "no Go files in ")
	if strings.Contains(result.Message, "requires newer Go version") || strings.Contains(result.Message, "file requires newer Go") {
		result.Message += fmt.Sprintf("; this grpclint was built with %s: build it again with a newer Go", runtime.Version())
	}
	return result
}

// splitPos reads "file:line:col", "file:line" and "file".
func splitPos(pos string) (file string, line, column int) {
	if pos == "" || pos == "-" {
		return "", 0, 0
	}
	file, last, ok := cutNumber(pos)
	if !ok {
		return pos, 0, 0
	}
	if shorter, first, ok := cutNumber(file); ok {
		return shorter, first, last
	}
	return file, last, 0
}

func cutNumber(text string) (before string, number int, ok bool) {
	i := strings.LastIndexByte(text, ':')
	if i < 0 {
		return text, 0, false
	}
	number, err := strconv.Atoi(text[i+1:])
	return text[:i], number, err == nil
}

// oneLine joins the lines of a message of the go command.
func oneLine(text string) string { return strings.Join(strings.Fields(text), " ") }
