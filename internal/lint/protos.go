package lint

import (
	"fmt"
	"go/token"
	"path"
	"path/filepath"
	"runtime"
	"runtime/debug"
	"slices"
	"strings"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/tools/go/packages"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/finding/directive"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/protocheck"
	"github.com/grpclint/grpclint/protocheck/source"
	"github.com/grpclint/grpclint/rule"
)

// isProtoFile reports whether a word names a .proto file.
func isProtoFile(word string) bool { return path.Ext(filepath.ToSlash(word)) == ".proto" }

// findProtos finds the .proto files to check.
func (r *run) findProtos(targets []target) {
	named, found := r.files(targets, isProtoFile, func(tree *load.Tree) []string { return tree.Protos })
	r.protos = slices.Concat(named, found)
	slices.Sort(r.protos)
	r.named = make(map[string]bool)
	for _, file := range named {
		r.named[file] = true
	}
}

// checkProtos compiles the .proto files and judges them.
func (r *run) checkProtos() {
	if len(r.protos) == 0 {
		return
	}
	start := time.Now()
	set := source.Load(r.protos, source.Options{Roots: r.options.Proto.Roots, Dir: r.options.Dir, Workers: r.options.Workers, Overlay: r.options.Overlay})
	r.compiled = set
	files := set.Files()
	r.options.Detail(fmt.Sprintf("compiled %s in %s", say.Count(len(files), ".proto file"), since(start)))
	start = time.Now()
	r.report.Stats.ProtoFiles += len(files)
	checkers := make([]*protoChecker, len(files))
	r.inParallel(len(files), func(i int) {
		checkers[i] = &protoChecker{run: r, set: set, file: files[i], result: new(protoResult)}
		checkers[i].protected(checkers[i].check)
	})
	handOver(set, checkers)
	r.inParallel(len(files), func(i int) { checkers[i].protected(checkers[i].place) })
	for i, c := range checkers {
		result := c.result
		r.judgeFile(files[i].Path)
		r.found = append(r.found, result.found...)
		r.silent = append(r.silent, result.silent...)
		r.report.Errors = append(r.report.Errors, result.errors...)
	}
	r.options.Detail(fmt.Sprintf("checked them in %s", since(start)))
}

// inParallel calls do for the numbers below n.
func (r *run) inParallel(n int, do func(int)) {
	workers := r.options.Workers
	if workers < 1 {
		workers = runtime.GOMAXPROCS(0)
	}
	var next atomic.Int64
	var group sync.WaitGroup
	for range min(workers, n) {
		group.Go(func() {
			for i := int(next.Add(1)) - 1; i < n; i = int(next.Add(1)) - 1 {
				do(i)
			}
		})
	}
	group.Wait()
}

// A protoResult is what came of one file.
type protoResult struct {
	found, silent []*located
	errors        []Error
}

// handOver gives each issue to the file that it is in: that of a method may
// be about its request, which is in another. What is in a file that nobody
// asked for is somebody else's.
func handOver(set *source.Set, checkers []*protoChecker) {
	of := make(map[*source.File]*protoChecker, len(checkers))
	for _, c := range checkers {
		of[c.file] = c
	}
	var foreign []protocheck.Issue
	for _, c := range checkers {
		c.issues = slices.DeleteFunc(c.issues, func(issue protocheck.Issue) bool {
			own := set.File(issue.At.Descriptor) == c.file
			if !own {
				foreign = append(foreign, issue)
			}
			return !own
		})
	}
	said := make(map[*protoChecker]map[protocheck.Place]bool)
	for _, issue := range foreign {
		to := of[set.File(issue.At.Descriptor)]
		if to == nil {
			continue
		}
		if said[to] == nil {
			said[to] = make(map[protocheck.Place]bool)
			for _, own := range to.issues {
				said[to][own.Place()] = true
			}
		}
		if place := issue.Place(); !said[to][place] {
			said[to][place] = true
			to.issues = append(to.issues, issue)
		}
	}
}

// protoError gives an error its place.
func (r *run) protoError(set *source.Set, f *source.File, e source.Error) Error {
	named := r.named[f.Path]
	result := Error{File: r.paths.display(f.Path), Message: e.Message, Found: !named}
	if e.Offset >= 0 {
		result.Line, result.Column = set.Position(f, e.Offset)
	}
	switch {
	case e.Other != nil:
		// Nothing is lost in the file itself.
		result.Message = strings.ReplaceAll(e.Message, e.Other.Path, r.paths.display(e.Other.Path))
		result.Found, result.Partly = true, "define what others define too"
	case len(e.Missing) > 0:
		result.Partly = "lack imports"
	}
	return result
}

// A protoChecker turns what the rules find in a file into findings.
type protoChecker struct {
	run    *run
	set    *source.Set
	file   *source.File
	result *protoResult

	issues []protocheck.Issue

	// Only files about which there is something to say are read again.
	fset       *token.FileSet
	text       *token.File
	sums       map[string]load.Sum
	pkg        *packages.Package
	directives *directive.Set
	generated  bool
}

// protected calls one step. A panic costs the file it happens in.
func (c *protoChecker) protected(step func()) {
	defer func() {
		if cause := recover(); cause != nil {
			c.result.errors = append(c.result.errors, Error{
				File: c.run.paths.display(c.file.Path), Message: fmt.Sprintf("internal error: %v", cause), Detail: string(debug.Stack()),
			})
		}
	}()
	step()
}

// check finds what there is to say about a file, and in it.
func (c *protoChecker) check() {
	for _, e := range c.file.Errors {
		c.result.errors = append(c.result.errors, c.run.protoError(c.set, c.file, e))
	}
	if c.file.Descriptor == nil {
		return
	}
	if check := c.run.options.Proto.Check; check != nil {
		c.issues = check(c.file.Descriptor, c.set)
		return
	}
	c.issues = protocheck.Check(c.file.Descriptor, c.set, protocheck.Options{
		Enabled:  c.enabled,
		EtagCode: c.run.options.Proto.EtagCode,
	})
}

// place turns the issues in a file into findings.
func (c *protoChecker) place() {
	if c.file.Descriptor == nil || len(c.issues) == 0 && !c.file.HasDirectives() {
		return
	}
	c.open()
	for i := range c.issues {
		c.add(c.finding(&c.issues[i]), methodName(c.issues[i].At.Descriptor))
	}
	c.checkDirectives()
}

// enabled reports whether a rule runs: one whose findings nobody would see
// need not.
func (c *protoChecker) enabled(r *rule.Rule) bool {
	return c.run.options.Policy.Severity(r) >= max(c.run.options.Policy.Lowest(r, c.run.report.lowest), rule.Info)
}

// open joins the file's text to a FileSet.
func (c *protoChecker) open() {
	content := c.set.Content(c.file)
	c.fset = token.NewFileSet()
	c.text = c.fset.AddFile(c.file.Path, -1, len(content))
	c.text.SetLinesForContent(content)
	c.sums = map[string]load.Sum{c.file.Path: load.SumOf(content)}
	c.pkg = &packages.Package{
		PkgPath: string(c.file.Descriptor.Package()),
		Dir:     filepath.Dir(c.file.Path),
		GoFiles: []string{c.file.Path},
	}
	c.directives = c.set.Directives(c.file, c.text)
	c.generated = c.set.Generated(c.file)
}

// methodName is the full name of a method, "" for another descriptor.
func methodName(d protoreflect.Descriptor) string {
	if m, ok := d.(protoreflect.MethodDescriptor); ok {
		return string(m.Parent().FullName()) + "/" + string(m.Name())
	}
	return ""
}

// add files a finding about a method, if that is not "", unless a directive
// silences it.
func (c *protoChecker) add(f finding.Finding, method string) {
	locate := &locator{fset: c.fset, paths: c.run.paths, sums: c.sums}
	f.Generated = c.generated
	l := locate.finding(&origin{f, c.pkg})
	l.fromFile, l.Method = true, method
	if c.enabled(f.Rule) && c.directives.Ignores(c.fset, f.Rule, f.Pos) {
		c.result.silent = append(c.result.silent, l)
		return
	}
	c.result.found = append(c.result.found, l)
}

func (c *protoChecker) finding(issue *protocheck.Issue) finding.Finding {
	f := finding.Finding{
		Rule: issue.Rule, Severity: issue.Severity, Message: issue.Message,
		Decl: string(issue.At.Descriptor.FullName()), Subject: subject(issue.At),
	}
	f.Pos, f.End = c.span(issue.At)
	for _, related := range issue.Related {
		f.Related = append(f.Related, c.related(related))
	}
	for _, fix := range issue.Fixes {
		if edits, ok := c.edits(fix.Edits); ok {
			f.Fixes = append(f.Fixes, finding.Fix{Message: fix.Message, Safe: fix.Safe, Edits: edits})
		}
	}
	return f
}

// subject is what of a declaration a finding is about.
func subject(e protocheck.Element) string {
	if e.Option != "" {
		return e.Option
	}
	return fmt.Sprint(int(e.Part))
}

// span returns the positions of an element of this file; of none that is
// found, the beginning of the file.
func (c *protoChecker) span(e protocheck.Element) (pos, end token.Pos) {
	place, ok := c.set.Locate(e)
	if !ok || place.File != c.file || place.End > c.text.Size() {
		return c.text.Pos(0), c.text.Pos(0)
	}
	return c.text.Pos(place.Start), c.text.Pos(place.End)
}

func (c *protoChecker) related(r protocheck.Related) finding.Related {
	place, ok := c.set.Locate(r.At)
	switch {
	case !ok:
		return finding.Related{Message: r.Message, Pos: c.text.Pos(0), End: c.text.Pos(0)}
	case place.File == c.file:
		pos, end := c.span(r.At)
		return finding.Related{Message: r.Message, Pos: pos, End: end}
	}
	// Another file joins for its lines.
	content := c.set.Content(place.File)
	var file *token.File
	c.fset.Iterate(func(f *token.File) bool {
		if f.Name() == place.File.Path {
			file = f
		}
		return file == nil
	})
	if file == nil {
		file = c.fset.AddFile(place.File.Path, -1, len(content))
		file.SetLinesForContent(content)
	}
	end := min(place.End, file.Size())
	return finding.Related{Message: r.Message, Pos: file.Pos(min(place.Start, end)), End: file.Pos(end)}
}

// edits places a fix's edits. A fix that cannot be placed as a whole, or
// changes other files, is none.
func (c *protoChecker) edits(edits []protocheck.Edit) ([]finding.Edit, bool) {
	var placed []finding.Edit
	for _, e := range edits {
		change, ok := c.set.Change(e)
		if !ok {
			if e.At.Part == protocheck.Import {
				continue // it is there
			}
			return nil, false
		}
		if change.File != c.file || change.End > c.text.Size() {
			return nil, false
		}
		placed = append(placed, finding.Edit{Pos: c.text.Pos(change.Start), End: c.text.Pos(change.End), NewText: change.NewText})
	}
	return placed, len(placed) > 0
}

// checkDirectives checks the file's directives themselves, as suppress does
// in Go.
func (c *protoChecker) checkDirectives() {
	ran := func(r *rule.Rule) bool { return isProtoRule(r) && c.enabled(r) && c.file.Complete() }
	content := func() []byte { return c.set.Content(c.file) }
	for _, d := range c.directives.All() {
		if d.Kind == directive.NoLint {
			continue // its form is golangci-lint's business
		}
		c.complain("suppress/unknown", d.Unknown())
		c.complain("suppress/no-reason", d.NoReason())
		c.complain("suppress/unused", d.Unused(ran, content))
	}
}

func (c *protoChecker) complain(id string, found []finding.Finding) {
	for _, f := range found {
		f.Rule = rule.MustLookup(id)
		f.Decl = path.Base(c.file.Import)
		c.add(f, "")
	}
}

// isProtoRule reports whether a rule is one that is looked for in .proto
// files.
func isProtoRule(r *rule.Rule) bool {
	switch r.Family() {
	case "etag", "idempotency", "proto":
		return true
	}
	return false
}
