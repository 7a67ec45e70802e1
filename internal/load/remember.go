package load

import (
	"bytes"
	"encoding/gob"
	"slices"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/internal/wholefile"
)

// A memory is what the go command said of packages, as it is written. Packages
// name each other by their ids.
type memory struct {
	Arch     string
	Patterns []string
	Tests    bool
	Matched  []string
	Packages []memorised
}

type memorised struct {
	ID, Name, PkgPath, ForTest, Dir                              string
	GoFiles, OtherFiles, IgnoredFiles, EmbedFiles, EmbedPatterns []string
	Imports                                                      map[string]string // ids by path
	Module                                                       *packages.Module
}

// remembered asks the go command, unless what it said before is in the file that
// is to hold that. Nothing is kept of packages with which something is wrong.
func remembered(cfg Config) ([]*packages.Package, platform, error) {
	if cfg.Remember == "" {
		return metadata(cfg)
	}
	if matched, found, ok := recall(cfg); ok {
		return matched, found, nil
	}
	matched, found, err := metadata(cfg)
	if err == nil {
		memorise(cfg, matched, found)
	}
	return matched, found, err
}

func memorise(cfg Config, matched []*packages.Package, found platform) {
	m := memory{Arch: found.arch, Patterns: cfg.Patterns, Tests: cfg.Tests}
	for _, p := range matched {
		m.Matched = append(m.Matched, p.ID)
	}
	whole := true
	packages.Visit(matched, nil, func(p *packages.Package) {
		whole = whole && len(p.Errors) == 0
		imports := make(map[string]string, len(p.Imports))
		for path, imported := range p.Imports {
			imports[path] = imported.ID
		}
		m.Packages = append(m.Packages, memorised{
			p.ID, p.Name, p.PkgPath, p.ForTest, p.Dir,
			p.GoFiles, p.OtherFiles, p.IgnoredFiles, p.EmbedFiles, p.EmbedPatterns, imports, p.Module,
		})
	})
	var text bytes.Buffer
	if whole && gob.NewEncoder(&text).Encode(m) == nil {
		_ = wholefile.Write(cfg.Remember, text.Bytes()) // if not, it is asked again
	}
}

// recall reads what was said, if it answers the same question.
func recall(cfg Config) (matched []*packages.Package, found platform, ok bool) {
	text, err := wholefile.Read(cfg.Remember, wholefile.Text)
	if err != nil {
		return nil, found, false
	}
	var m memory
	if gob.NewDecoder(bytes.NewReader(text)).Decode(&m) != nil || m.Tests != cfg.Tests || !slices.Equal(m.Patterns, cfg.Patterns) {
		return nil, found, false
	}
	found = platform{m.Arch}
	sizes := found.sizes()
	known := make(map[string]*packages.Package, len(m.Packages))
	for _, p := range m.Packages { // imports first
		imports := make(map[string]*packages.Package, len(p.Imports))
		for path, id := range p.Imports {
			if imports[path] = known[id]; imports[path] == nil {
				return nil, found, false
			}
		}
		known[p.ID] = &packages.Package{
			ID: p.ID, Name: p.Name, PkgPath: p.PkgPath, ForTest: p.ForTest, Dir: p.Dir,
			GoFiles: p.GoFiles, CompiledGoFiles: p.GoFiles, OtherFiles: p.OtherFiles, IgnoredFiles: p.IgnoredFiles,
			EmbedFiles: p.EmbedFiles, EmbedPatterns: p.EmbedPatterns, Imports: imports, Module: p.Module, TypesSizes: sizes,
		}
	}
	for _, id := range m.Matched {
		if known[id] == nil {
			return nil, found, false
		}
		matched = append(matched, known[id])
	}
	return matched, found, true
}
