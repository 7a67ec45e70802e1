package lint

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/rule"
)

// A Finding is a finding with its place.
type Finding struct {
	Rule        *rule.Rule
	Severity    rule.Severity // as configured
	Message     string
	Effect      finding.Effect
	Fingerprint string
	Method      string   // "package.Service/Method" that it is about, or ""
	Builds      []string // of a matrix, that have it, if others do not
	Linked      bool     // its cause is how packages are wired together
	Range
	Related []Related
	Fixes   []Fix

	// Parts are what the finding speaks of, if it may be several things.
	Parts []Part
	// Also are fingerprints by which a baseline may know the finding:
	// those of its other parts.
	Also []string
}

// A Range is a piece of a file. Lines and columns are 1-based, columns in
// bytes.
type Range struct {
	File               string // slash-separated, relative to the working directory
	Path               string // absolute, or "" if the file is not known here
	Line, Column       int
	EndLine, EndColumn int
}

// A Related place explains a finding.
type Related struct {
	Message string
	Range
}

// A Fix is a set of edits that removes the finding.
type Fix struct {
	Message string
	Safe    bool
	Edits   []Edit
}

// An Edit replaces the bytes from Start to End of a file.
type Edit struct {
	File       string // as in Range
	Path       string
	Start, End int
	NewText    string
	Analysed   load.Sum // of the file's text
	Foreign    bool     // the file is not the user's to change
}

// located is a finding on its way to the report.
type located struct {
	Finding
	source   *finding.Finding
	pkgPath  string
	fromFile bool // of a file that is no Go
}

// A locator turns positions into places.
type locator struct {
	fset     *token.FileSet
	paths    *paths
	packages map[string]*packages.Package
	sums     map[string]load.Sum // of files' texts, by their names
}

func packagesByPath(program *load.Program) map[string]*packages.Package {
	byPath := make(map[string]*packages.Package)
	packages.Visit(program.Roots, func(p *packages.Package) bool {
		if byPath[p.PkgPath] == nil || p.ID == p.PkgPath {
			byPath[p.PkgPath] = p
		}
		return true
	}, nil)
	return byPath
}

func (l *locator) finding(o *origin) *located {
	f := &located{
		Finding: Finding{
			Rule:    o.Rule,
			Message: o.Message,
			Effect:  o.Effect,
			Method:  methodOf(o.Subject),
			Linked:  o.Linked,
			Range:   l.span(o.pkg, o.Pos, o.End),
			Parts:   l.locateParts(o),
		},
		source:  &o.Finding,
		pkgPath: o.pkg.PkgPath,
	}
	for _, r := range o.Related {
		place := Related{Message: r.Message}
		if r.Remote != nil {
			place.Range = l.remote(r.Remote)
		} else {
			place.Range = l.span(o.pkg, r.Pos, r.End)
		}
		f.Related = append(f.Related, place)
	}
	for _, fix := range o.Fixes {
		f.Fixes = append(f.Fixes, l.fix(o.pkg, fix))
	}
	return f
}

// methodOf returns the method that is a finding's subject, or "". Subjects
// that are methods are written as on the wire: "/package.Service/Method".
func methodOf(subject string) string {
	full, ok := strings.CutPrefix(subject, "/")
	service, name, two := strings.Cut(full, "/")
	if !ok || !two || service == "" || name == "" || strings.Contains(name, "/") {
		return ""
	}
	return full
}

// span finds the range of a file of the package, or of one that joined it:
// its path is none that a //line comment made up. It is opened for excerpts.
func (l *locator) span(p *packages.Package, pos, end token.Pos) Range {
	if !pos.IsValid() {
		return Range{File: l.paths.display(p.Dir), Line: 1, Column: 1, EndLine: 1, EndColumn: 1}
	}
	from := finding.Position(l.fset, pos)
	to := from
	if end.IsValid() && end >= pos {
		to = finding.Position(l.fset, end)
	}
	if from.Filename != l.fset.File(pos).Name() {
		// What cgo made of a file, in which //line comments of others may
		// stand, too.
		i := slices.IndexFunc(p.GoFiles, func(file string) bool { return filepath.Base(file) == filepath.Base(from.Filename) })
		if i < 0 {
			return l.span(p, token.NoPos, token.NoPos)
		}
		if to.Filename == from.Filename {
			to.Filename = p.GoFiles[i]
		}
		from.Filename = p.GoFiles[i]
	}
	if to.Filename != from.Filename || to.Line < from.Line {
		to = from
	}
	r := Range{
		Path: from.Filename, Line: from.Line, Column: max(from.Column, 1),
		EndLine: to.Line, EndColumn: max(to.Column, 1),
	}
	r.File = l.paths.inPackage(r.Path, p)
	return r
}

// remote finds the file that a fact speaks of.
func (l *locator) remote(remote *finding.Remote) Range {
	r := Range{
		File: remote.Package + "/" + remote.File,
		Line: remote.Line, Column: max(remote.Column, 1),
		EndLine: max(remote.EndLine, remote.Line), EndColumn: max(remote.EndCol, 1),
	}
	if r.EndLine == r.Line {
		r.EndColumn = max(r.EndColumn, r.Column) // facts may not tell where a place ends
	}
	p := l.packages[remote.Package]
	if p == nil {
		return r
	}
	for _, file := range slices.Concat(p.GoFiles, p.CompiledGoFiles) {
		if filepath.Base(file) == remote.File {
			r.Path, r.File = file, l.paths.inPackage(file, p)
			break
		}
	}
	return r
}

func (l *locator) fix(p *packages.Package, fix finding.Fix) Fix {
	result := Fix{Message: fix.Message, Safe: fix.Safe}
	for _, e := range fix.Edits {
		file := l.fset.File(e.Pos)
		end := e.End
		if !end.IsValid() {
			end = e.Pos
		}
		edit := Edit{
			Path: file.Name(), File: l.paths.inPackage(file.Name(), p),
			Start: file.Offset(e.Pos), End: file.Offset(end), NewText: e.NewText, Analysed: l.sums[file.Name()],
		}
		// What cgo or another tool wrote must not be edited: the change
		// would be lost, or hit the build cache.
		edit.Foreign = p.Module != nil && !p.Module.Main || !slices.Contains(p.GoFiles, file.Name())
		result.Edits = append(result.Edits, edit)
	}
	slices.SortStableFunc(result.Edits, func(a, b Edit) int {
		return cmp.Or(cmp.Compare(a.File, b.File), cmp.Compare(a.Start, b.Start), cmp.Compare(a.End, b.End))
	})
	return result
}

// distinct sorts the findings and leaves one of several that were made in
// variants of a package.
func distinct(found []*located) []*located {
	slices.SortStableFunc(found, func(a, b *located) int {
		return cmp.Or(
			cmp.Compare(a.File, b.File),
			cmp.Compare(a.Line, b.Line),
			cmp.Compare(a.Column, b.Column),
			cmp.Compare(a.Rule.ID, b.Rule.ID),
			cmp.Compare(a.EndLine, b.EndLine),
			cmp.Compare(a.EndColumn, b.EndColumn),
			cmp.Compare(a.Message, b.Message),
			cmp.Compare(a.pkgPath, b.pkgPath),
		)
	})
	return slices.CompactFunc(found, func(a, b *located) bool {
		return a.Range == b.Range && a.Rule == b.Rule && a.Message == b.Message
	})
}

// fingerprint gives sorted findings their fingerprints: neither line nor
// message goes in, so that a finding keeps its own when the code around it
// moves and when we find better words.
func fingerprint(sorted []*located) {
	type identity struct{ rule, pkgPath, decl, subject string }
	ordinals := make(map[identity]int)
	for _, l := range sorted {
		id := identity{l.Rule.ID, l.pkgPath, l.source.Decl, l.source.Subject}
		ordinal := ordinals[id]
		ordinals[id]++
		with := func(subject string) string {
			text := strings.Join([]string{id.rule, id.pkgPath, id.decl, subject, fmt.Sprint(ordinal)}, "\x00")
			sum := sha256.Sum256([]byte(text))
			return "v1:" + hex.EncodeToString(sum[:12])
		}
		l.Fingerprint = with(id.subject)
		l.Also = others(l.source, with)
	}
	owned := make(map[string]bool)
	for _, l := range sorted {
		owned[l.Fingerprint] = true
	}
	for _, l := range sorted {
		l.Also = slices.DeleteFunc(l.Also, func(other string) bool { return owned[other] })
	}
}
