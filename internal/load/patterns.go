package load

import (
	"os"
	"path"
	"path/filepath"
	"regexp"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"
)

// Patterns turns what people write into what the go command takes: a folder
// without a leading "./" stands for all below it, a Go file for its folder.
// Everything else is a package pattern already.
//
// Outside of modules and workspaces there is no Go to be asked for, and any
// folder stands for all below it.
func Patterns(dir string, words []string, env []string) []string {
	var patterns []string
	for _, word := range words {
		p := pattern(dir, word)
		if isPath(p) && !strings.Contains(p, "...") && withoutGo(dir, p, env) {
			p = path.Join(p, "...")
			if !isPath(p) {
				p = "./" + p
			}
		}
		patterns = append(patterns, p)
	}
	slices.Sort(patterns)
	return slices.Compact(patterns)
}

func pattern(dir, word string) string {
	name := word
	if !filepath.IsAbs(name) {
		name = filepath.Join(dir, name)
	}
	if strings.HasSuffix(word, ".go") {
		if info, err := os.Stat(name); err == nil && !info.IsDir() {
			return relative(filepath.Dir(word))
		}
	}
	if isPath(word) || strings.Contains(word, "...") {
		return filepath.ToSlash(word)
	}
	if info, err := os.Stat(name); err == nil && info.IsDir() {
		return relative(word) + "/..."
	}
	return word
}

// withoutGo reports whether a pattern is for a folder that neither a go.mod
// nor a go.work governs.
func withoutGo(dir, pattern string, env []string) bool {
	folder := filepath.FromSlash(pattern)
	if !filepath.IsAbs(folder) {
		folder = filepath.Join(dir, folder)
	}
	info, err := os.Stat(folder)
	return err == nil && info.IsDir() && !InModule(folder) && Workspace(dir, env) == "" && lookup(env, "GO111MODULE") != "off"
}

// isPath reports whether the go command takes a pattern for a path in the
// file system.
func isPath(pattern string) bool {
	pattern = filepath.ToSlash(pattern)
	return pattern == "." || pattern == ".." || strings.HasPrefix(pattern, "./") ||
		strings.HasPrefix(pattern, "../") || filepath.IsAbs(pattern)
}

func relative(file string) string {
	file = filepath.ToSlash(filepath.Clean(file))
	if isPath(file) {
		return file
	}
	return "./" + file
}

// unmatched returns an error for each wildcard pattern that no package
// matches: the go command only warns about these.
func unmatched(cfg Config, matched []*packages.Package) []Error {
	var errs []Error
	if cfg.MayBeEmpty {
		return nil
	}
	for _, pattern := range cfg.Patterns {
		if !strings.Contains(pattern, "...") {
			continue // go list gives an error by itself
		}
		found := slices.ContainsFunc(matched, func(p *packages.Package) bool {
			return p.ID == pattern || matches(cfg.Dir, pattern, p)
		})
		if !found {
			errs = append(errs, Error{Pattern: pattern, Message: "no package matches " + pattern, Nothing: true})
		}
	}
	return errs
}

func matches(dir, pattern string, p *packages.Package) bool {
	if isPath(pattern) {
		if !filepath.IsAbs(pattern) {
			pattern = path.Join(filepath.ToSlash(dir), pattern)
		}
		return wildcard(path.Clean(pattern), filepath.ToSlash(p.Dir))
	}
	return wildcard(pattern, p.PkgPath)
}

// wildcard matches as "go help packages" says: "..." is any text, and a
// trailing "/..." may also match nothing.
func wildcard(pattern, name string) bool {
	expr := strings.ReplaceAll(regexp.QuoteMeta(pattern), `\.\.\.`, `.*`)
	if prefix, ok := strings.CutSuffix(expr, `/.*`); ok {
		expr = prefix + `(/.*)?`
	}
	return regexp.MustCompile(`^` + expr + `$`).MatchString(name)
}
