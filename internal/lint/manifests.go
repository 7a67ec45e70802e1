package lint

import (
	"fmt"
	"go/token"
	"path"
	"path/filepath"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/deploycheck"
	manifest "github.com/grpclint/grpclint/deploycheck/source"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/directive"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/wholefile"
	"github.com/grpclint/grpclint/rule"
)

// A Deploy says how manifests are judged.
type Deploy struct {
	Nginx string                 // the version that runs, "" if nobody says
	Skips func(file string) bool // of manifests that are not read; nil for none
}

// maxManifest is how many bytes a manifest may have: what is larger is made by
// a program, and of custom resources.
const maxManifest = 10 << 20

// isDeployFile reports whether a word names a Dockerfile or what may be a
// configuration of nginx.
func isDeployFile(word string) bool {
	return deploycheck.IsDockerfile(word) || deploycheck.IsNginx(word)
}

// isManifest reports whether a word names a file that may be judged as one.
func isManifest(word string) bool { return isDeployFile(word) || deploycheck.IsData(word) }

// readManifests reads what there is of manifests, and of what runs beside them.
func (r *run) readManifests(targets []target) {
	if r.options.Know {
		code := sync.OnceValue(r.code) // when all is known
		r.report.Layers = func(method string) []Layer { return r.layers(method, code()) }
	}
	if !r.wantsManifests() && !r.options.Know {
		return
	}
	start := time.Now()
	named, found := r.files(targets, isManifest, func(tree *load.Tree) []string { return slices.Concat(tree.Data, tree.Deploy) })
	slices.Sort(found)
	reader := deploycheck.NewReader()
	r.manifests = reader.Set()
	byName := make(map[string]bool)
	for i, file := range slices.Concat(named, found) {
		if i < len(named) {
			byName[file] = true
		} else if skips := r.options.Deploy.Skips; skips != nil && skips(file) {
			continue
		}
		content, err := wholefile.Overlay(r.options.Overlay).ReadOwn(file, maxManifest)
		if err != nil {
			if i < len(named) && isDeployFile(file) { // of the others, those who look for service configs tell
				r.report.Errors = append(r.report.Errors, Error{File: r.paths.display(file), Message: wholefile.Reason(err).Error()})
			}
			continue
		}
		if deploycheck.MayHold(file, content) && !isVendoredChart(file) {
			reader.Add(&manifest.File{Path: file, Content: content})
		}
	}
	for _, e := range reader.Errors {
		r.manifestError(e, byName[e.File.Path])
	}
	if n := len(r.manifests.Files); n > 0 {
		r.options.Detail(fmt.Sprintf("read %s in %s", say.Form(n, "1 manifest", fmt.Sprintf("%d manifests", n)), since(start)))
	}
	r.report.Stats.Manifests = len(r.manifests.Files)
	for _, f := range r.manifests.Files {
		byName[f.Path] = false
	}
	r.holdNothing = slices.DeleteFunc(r.holdNothing, func(file string) bool { held, ok := byName[file]; return ok && !held })
}

// askAboutCode has the run note what the manifests are judged by: how programs
// are run and, if there are routes, who calls which RPCs, with which deadline.
func (r *run) askAboutCode() {
	judged := r.manifests != nil && len(r.manifests.Files) > 0
	if r.options.replaced || !judged && !r.wants("deploy/dead-metrics") {
		return
	}
	if judged && r.manifests.HasRoutes() {
		r.notesCalls()
	}
	var before []*analysis.Analyzer
	if r.options.Codes {
		before = r.options.Analyzers[len(analyzers.All()):]
	}
	r.options.Analyzers = append(slices.Clip(r.options.Analyzers), analyzers.Deployed(before...))
}

// isVendoredChart: charts that a chart depends on are somebody else's.
func isVendoredChart(file string) bool {
	return strings.Contains(filepath.ToSlash(file), "/charts/") && strings.Count(filepath.ToSlash(file), "/charts/") > 1
}

// wantsManifests reports whether findings of one of their rules would be shown.
func (r *run) wantsManifests() bool {
	return !r.options.replaced && slices.ContainsFunc(rule.Family("deploy"), func(known *rule.Rule) bool {
		return deploycheck.Looks(known) && r.wants(known.ID)
	})
}

// manifestError notes a file that cannot be read as what it is. A template is
// hardly ever YAML, and one that nobody named is left out in silence.
func (r *run) manifestError(e deploycheck.ReadError, named bool) {
	file := r.paths.display(e.File.Path)
	if e.Template && !named {
		r.options.Detail(file + ": " + e.Message)
		return
	}
	for i := range r.report.Errors {
		if other := &r.report.Errors[i]; other.File == file { // by those who look for service configs
			other.Line = e.Line
			return
		}
	}
	r.report.Errors = append(r.report.Errors, Error{File: file, Line: e.Line, Message: e.Message, Found: !named})
}

// checkManifests judges what was read, with all that is known of the code.
func (r *run) checkManifests() {
	if r.manifests == nil || len(r.manifests.Files) == 0 {
		return
	}
	defer func() {
		if cause := recover(); cause != nil {
			r.report.Errors = append(r.report.Errors, Error{
				File: r.paths.display(r.manifests.Files[0].Path), Message: fmt.Sprintf("internal error: checking manifests: %v", cause), Detail: string(debug.Stack()),
			})
		}
	}()
	placer := &manifestPlacer{run: r, locate: &locator{fset: token.NewFileSet(), paths: r.paths, sums: make(map[string]load.Sum)}, files: make(map[*manifest.File]*placedFile)}
	for _, f := range r.manifests.Files {
		r.judgeFile(f.Path)
	}
	r.found = slices.DeleteFunc(r.found, func(l *located) bool {
		return l.Rule.ID == "server/no-sigterm" && r.manifests.StopsByInterrupt(filepath.Dir(l.Path))
	})
	for _, i := range deploycheck.Check(r.manifests, deploycheck.Options{Enabled: r.enabled, Code: r.code(), Nginx: r.options.Deploy.Nginx}) {
		placer.add(i)
	}
	placer.complain()
}

// A Layer is a proxy in front of a method.
type Layer struct {
	deploycheck.Layer
	File string // as in findings
	Line int    // 1-based
}

// layers finds the proxies in front of a method.
func (r *run) layers(method string, code *deploycheck.Code) []Layer {
	if r.manifests == nil {
		return nil
	}
	var list []Layer
	for _, l := range deploycheck.Layers(r.manifests, deploycheck.Options{Code: code, Nginx: r.options.Deploy.Nginx}, method) {
		list = append(list, Layer{Layer: l, File: r.paths.display(l.At.Text.File.Path), Line: l.At.Line()})
	}
	return list
}

// enabled reports whether a rule runs: one whose findings nobody would see
// need not.
func (r *run) enabled(known *rule.Rule) bool {
	return r.options.Policy.Severity(known) >= max(r.options.Policy.Lowest(known, r.report.lowest), rule.Info)
}

// A manifestPlacer turns issues into findings.
type manifestPlacer struct {
	run    *run
	locate *locator
	files  map[*manifest.File]*placedFile
}

// A placedFile is a file with its positions.
type placedFile struct {
	file       *token.File
	pkg        *packages.Package // stands for the folder that the file lies in
	directives *directive.Set
	content    []byte
}

func (p *manifestPlacer) of(f *manifest.File) *placedFile {
	if known := p.files[f]; known != nil {
		return known
	}
	file := p.locate.fset.AddFile(f.Path, -1, len(f.Content))
	if len(f.Content) > 0 {
		file.SetLinesForContent(f.Content)
	}
	p.locate.sums[f.Path] = load.SumOf(f.Content)
	placed := &placedFile{
		file: file, content: f.Content,
		pkg:        &packages.Package{PkgPath: p.run.identity(f.Path), Dir: filepath.Dir(f.Path), GoFiles: []string{f.Path}},
		directives: directive.OfHashComments(f.Content, file),
	}
	p.files[f] = placed
	return placed
}

// span returns the positions of a span.
func (p *manifestPlacer) span(s manifest.Span) (pos, end token.Pos) {
	file := p.of(s.Text.File).file
	from, to := s.InFile()
	from = min(from, file.Size())
	return file.Pos(from), file.Pos(min(max(from, to), file.Size()))
}

func (p *manifestPlacer) add(i deploycheck.Issue) {
	placed := p.of(i.At.Text.File)
	f := finding.Finding{Rule: i.Rule, Severity: i.Severity, Message: i.Message, Decl: i.Decl, Subject: i.Subject}
	f.Pos, f.End = p.span(i.At)
	for _, related := range i.Related {
		if !related.At.IsValid() {
			continue
		}
		pos, end := p.span(related.At)
		f.Related = append(f.Related, finding.Related{Message: related.Message, Pos: pos, End: end})
	}
	for _, fix := range i.Fixes {
		var edits []finding.Edit
		for _, e := range fix.Edits {
			pos, end := p.span(e.At)
			edits = append(edits, finding.Edit{Pos: pos, End: end, NewText: e.NewText})
		}
		f.Fixes = append(f.Fixes, finding.Fix{Message: fix.Message, Safe: fix.Safe, Edits: edits})
	}
	p.file(placed, f)
}

// file adds a finding in a file, unless a directive silences it.
func (p *manifestPlacer) file(placed *placedFile, f finding.Finding) {
	l := p.locate.finding(&origin{f, placed.pkg})
	l.fromFile = true
	if placed.directives.Ignores(p.locate.fset, f.Rule, f.Pos) {
		p.run.silent = append(p.run.silent, l)
		return
	}
	p.run.found = append(p.run.found, l)
}

// complain checks the directives themselves, as suppress does in Go.
func (p *manifestPlacer) complain() {
	ran := func(known *rule.Rule) bool { return deploycheck.Looks(known) && p.run.enabled(known) }
	for _, f := range p.run.manifests.Files {
		placed := p.of(f)
		for _, d := range placed.directives.All() {
			for id, found := range map[string][]finding.Finding{
				"suppress/unknown": d.Unknown(), "suppress/no-reason": d.NoReason(),
				"suppress/unused": d.Unused(ran, func() []byte { return placed.content }),
			} {
				for _, complaint := range found {
					complaint.Rule = rule.MustLookup(id)
					complaint.Decl = path.Base(filepath.ToSlash(f.Path))
					p.file(placed, complaint)
				}
			}
		}
	}
}
