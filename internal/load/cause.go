package load

import (
	"fmt"
	"io/fs"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/wholefile"
)

// A loadError is an Error, and what it comes from.
type loadError struct {
	Error
	listed bool // the go command says it
	// implied: an import of somebody else's package is broken, which was
	// said.
	implied bool
}

// ofModule begins what the go command says of a module, at whatever import it
// met it ("example.com/m@v1.2.3: reading ..."), or of all modules.
var ofModule = regexp.MustCompile(`^(\S+@v\S+: |module lookup disabled )`)

// byCause says once, and first, what one module is the cause of, and leaves
// out what follows from that.
func byCause(found []loadError) []Error {
	needing := make(map[string]int)
	for _, e := range found {
		if e.listed && ofModule.MatchString(e.Message) {
			needing[e.Message]++
		}
	}
	var causes, others []Error
	for _, e := range found {
		n := needing[e.Message]
		switch {
		case e.implied && slices.ContainsFunc(found, func(e loadError) bool { return e.listed }):
		case !e.listed || n < 2:
			others = append(others, e.Error)
		case !slices.ContainsFunc(causes, func(c Error) bool { return strings.HasPrefix(c.Message, e.Message) }):
			causes = append(causes, Error{Message: fmt.Sprintf("%s (%d packages cannot be loaded because of that)", e.Message, n)})
		}
	}
	slices.SortStableFunc(causes, compareErrors)
	slices.SortStableFunc(others, compareErrors)
	return append(causes, others...)
}

// A generator finds out whether Go code is missing because it is still to be
// generated.
type generator struct {
	path, dir string            // of the main module
	protos    map[string]string // contents by file, nil until they are read
}

func newGenerator(matched []*packages.Package) *generator {
	for _, p := range matched {
		if p.Module != nil && p.Module.Main {
			return &generator{path: p.Module.Path, dir: p.Module.Dir}
		}
	}
	return new(generator)
}

// missing reports whether a package of the main module is made of .proto
// files: they lie where it is to be, or name it as their go_package.
func (g *generator) missing(pkgPath string) bool {
	rel, inside := strings.CutPrefix(pkgPath, g.path+"/")
	if g.path == "" || !inside {
		return false
	}
	g.read()
	dir := filepath.Join(g.dir, filepath.FromSlash(rel))
	option := regexp.MustCompile(`\bgo_package\s*=\s*"` + regexp.QuoteMeta(pkgPath) + `[";]`)
	for file, text := range g.protos {
		if filepath.Dir(file) == dir || option.MatchString(text) {
			return true
		}
	}
	return false
}

// mostProtos bounds how many files are looked through for one message.
const mostProtos = 2_000

func (g *generator) read() {
	if g.protos != nil {
		return
	}
	g.protos = make(map[string]string)
	// What cannot be read is not there, as far as the message goes.
	_ = filepath.WalkDir(g.dir, func(path string, entry fs.DirEntry, err error) error {
		switch {
		case err != nil:
			return nil
		case entry.IsDir() && path != g.dir && (strings.HasPrefix(entry.Name(), ".") || entry.Name() == "node_modules" || entry.Name() == "vendor"):
			return filepath.SkipDir
		case len(g.protos) >= mostProtos:
			return filepath.SkipAll
		case filepath.Ext(path) == ".proto":
			text, _ := wholefile.Read(path, wholefile.Settings)
			g.protos[path] = string(text)
		}
		return nil
	})
}

// isMissing: the go command finds no package.
func isMissing(message string) bool {
	return strings.Contains(message, "no required module provides package") || strings.Contains(message, "cannot find module providing package") ||
		strings.Contains(message, "no Go files in") || strings.Contains(message, "is not in std") || strings.HasPrefix(message, "module lookup disabled") ||
		strings.Contains(message, "cannot find package") || strings.Contains(message, ": reading ")
}
