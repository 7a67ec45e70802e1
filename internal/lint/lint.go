// Package lint runs the rules on what the patterns name and decides what is
// reported: it loads, analyses, applies the configuration, takes back what
// the whole program refutes, and gives every finding its place and
// fingerprint.
package lint

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"google.golang.org/protobuf/reflect/protoreflect"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/deploycheck"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/cache"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/supervise"
	"github.com/grpclint/grpclint/protocheck"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
	"github.com/grpclint/grpclint/protocheck/source"
	"github.com/grpclint/grpclint/rule"
)

// Options say what to check and what to report.
type Options struct {
	// Context ends the run, and what it has started; nil means nobody
	// does. The worker that it may have ([supervise.From]) is told what is
	// done, and has tasks left out.
	Context context.Context

	Dir      string   // absolute; patterns and reported paths are relative to it
	Env      []string // nil means the process's
	Patterns []string // as the user wrote them; none means ./..., or every module of a workspace
	Modules  bool     // also the modules nested below Dir
	Tests    bool
	Tags     string
	Workers  int // below 1 means as many as there are processors

	// Cache keeps what need not be found out again; nil keeps nothing.
	Cache *cache.Folder

	Policy    Policy
	Severity  rule.Severity // lowest to report
	FailOn    rule.Severity // lowest that fails; zero means none does
	Generated bool          // report on generated files too

	// Know asks for Report.Methods and what goes with them, Codes also for
	// Report.Handlers, Report.Retries and Report.Calls.
	Know, Codes bool

	ServiceConfig ServiceConfig
	Proto         Proto
	Deploy        Deploy

	// Notice is told, in one line each, what the user has to know to
	// judge the result, Detail what was done. Nil means nobody listens.
	Notice, Detail func(string)
	// Progress is told what is being done; several goroutines call it.
	Progress func(stage string, done, total int)

	// Wait is told, in words that fit behind "waiting for", what the run waits
	// for until the function that it returns is called.
	Wait func(what string) (done func())

	// Overlay holds texts in the place of files, by absolute path.
	Overlay map[string][]byte

	// Near asks for no more than what packages say for themselves, and soon:
	// of what they import it is known what it tells, if somebody had Own set
	// before; other files than Go's, and how packages are put together, are
	// left out. Listing names a file where to keep what the go command says.
	Near    bool
	Own     bool
	Listing string

	// Analyzers replaces rules, in tests. Program, if set, is what to analyse
	// instead of what the patterns name.
	Analyzers []*analysis.Analyzer
	Program   *load.Program

	// ProgramOf, if set, names the program that a package is part of, in
	// tests that analyse many at once. No program takes back what was found
	// in another, and what has one cause in two programs is found in both.
	ProgramOf func(pkgPath string) string

	replaced bool // the analyzers are not all that there are
}

// Proto says how .proto files are compiled and judged.
type Proto struct {
	Roots    []string // absolute folders from which import paths start; none means to find them
	EtagCode string   // status code for an etag that is stale

	// Check replaces the rules, in tests.
	Check func(protoreflect.FileDescriptor, protocheck.Source) []protocheck.Issue
}

// ServiceConfig says how service configs are judged.
type ServiceConfig struct {
	Dialect serviceconfig.Dialect
	GRPCGo  string // version of grpc-go; "" for the one of the module that the file belongs to
}

// A Policy is what the configuration says about rules and findings.
type Policy interface {
	// Severity returns the severity of a rule, rule.Off if it is off.
	Severity(*rule.Rule) rule.Severity
	// FindingSeverity returns that of a finding, which may be lower.
	FindingSeverity(*finding.Finding) rule.Severity
	// Lowest returns the lowest severity of a rule's findings to report,
	// where that of the other rules is lowest.
	Lowest(r *rule.Rule, lowest rule.Severity) rule.Severity
	// Excluded reports whether a rule is silenced in a file, which is
	// given by its absolute path.
	Excluded(file string, r *rule.Rule) bool
}

// A Report is the outcome of a run.
type Report struct {
	Project  string    // "example.com/shop/client", or the name of a folder
	Findings []Finding // sorted by file, line, column and rule
	Errors   []Error   // what could not be analysed
	Stats    Stats
	Failed   bool // a finding is at or above FailOn

	// If Options.Know is set: the methods of .proto files and generated Go
	// code, the service configs in files and Go strings that grpc-go
	// accepts, and the services ("package.Service", "*" for any) to which
	// a dial in the Go code gives a deadline, or may.
	Methods *serviceconfig.Methods
	Configs []KnownConfig
	Dials   []string

	// Layers, if Options.Know is set, returns the proxies that stand in front of a
	// method ("package.Service/Method") by the manifests.
	Layers func(method string) []Layer

	// If Options.Codes is set: what handlers return, what callers retry, and who
	// calls which RPCs.
	Handlers []Handler
	Retries  []Retry
	Calls    []RPCCall

	// Excluded are the Go files that no build of a matrix has, as in
	// findings.
	Excluded []string

	failOn  rule.Severity
	lowest  rule.Severity
	folders map[string]bool // that were looked at
	paths   *paths
}

// A KnownConfig is a service config, and where it begins.
type KnownConfig struct {
	*serviceconfig.Config
	File string // as in findings
	Line int    // 1-based
}

// Stats count.
type Stats struct {
	Packages       int `json:"packages"`     // that match the patterns
	GRPCPackages   int `json:"grpcPackages"` // those that use gRPC
	ProtoFiles     int `json:"protoFiles"`
	ServiceConfigs int `json:"serviceConfigs"`
	Manifests      int `json:"manifests"`  // files that hold any, Dockerfiles and nginx's among them
	Suppressed     int `json:"suppressed"` // findings that a directive silences
	Baselined      int `json:"baselined"`
	Retracted      int `json:"retracted"` // findings that the whole program takes back or lowers
	Linked         int `json:"linked"`    // findings that need the whole program
}

// Run checks what the options name.
func Run(options Options) *Report {
	run := start(options)
	run.collect()
	run.finish()
	run.tend()
	return run.report
}

// tend looks after the cache.
func (r *run) tend() {
	kept := r.options.Cache
	kept.Trim(cache.Most)
	if err := kept.Err(); err != nil {
		r.options.Detail("nothing is kept for the next run: " + err.Error())
	}
}

// start makes a run, with something for all that the options leave open.
func start(options Options) *run {
	if options.Context == nil {
		options.Context = context.Background()
	}
	if supervise.From(options.Context).Cautious() {
		options.Workers = 1
	}
	replaced := options.Analyzers != nil
	options.replaced = replaced
	if !replaced {
		options.Analyzers = analyzers.All()
	}
	if options.Env == nil {
		options.Env = os.Environ()
	}
	if options.Notice == nil {
		options.Notice = func(string) {}
	}
	if options.Detail == nil {
		options.Detail = func(string) {}
	}
	if options.Progress == nil {
		options.Progress = func(string, int, int) {}
	}
	if options.Wait == nil {
		options.Wait = func(string) func() { return func() {} }
	}
	run := &run{
		options: options, report: &Report{failOn: options.FailOn, folders: make(map[string]bool)}, paths: newPaths(options.Context, options.Dir, options.Env),
		trees: make(map[string]*load.Tree), versions: make(map[string]string), goFiles: make(map[string]bool), modules: make(map[string]string),
	}
	run.report.paths = run.paths
	run.report.lowest = options.Severity
	if options.FailOn != 0 {
		run.report.lowest = min(options.Severity, options.FailOn)
	}
	if run.options.Codes || !options.Near && slices.ContainsFunc(bothEnds, run.wants) {
		run.options.Codes = false
		run.notesCalls()
	}
	return run
}

// notesCalls has the run note who calls which RPCs.
func (r *run) notesCalls() {
	if !r.options.Codes && !r.options.replaced {
		r.options.Analyzers = append(slices.Clip(r.options.Analyzers), analyzers.Services()...)
	}
	r.options.Codes = true
}

// collect finds everything that there is to find.
func (r *run) collect() {
	if r.options.Program != nil {
		r.add(r.partOf(r.options.Program, nil))
		r.judgeServices()
		return
	}
	r.asked = r.targets()
	if r.options.Near {
		for _, target := range r.asked {
			r.checkTarget(target)
		}
		return
	}
	r.attempt("reading service configs", func() { r.readConfigs(r.asked) })
	r.attempt("reading manifests", func() { r.readManifests(r.asked) })
	for _, file := range r.holdNothing {
		r.options.Notice(r.paths.display(file) + ": holds no service config, and no manifest")
	}
	r.askAboutCode()
	r.findProtos(r.asked)
	for _, target := range r.asked {
		r.checkTarget(target)
	}
	r.nameCgoFiles()
	r.attempt("checking .proto files", r.checkProtos)
	r.attempt("checking service configs", r.checkConfigs)
	r.attempt("checking manifests", r.checkManifests)
	r.judgeServices()
	if r.report.Stats.Packages == 0 && len(r.report.Errors) == 0 && !r.anyOther() {
		r.report.Errors = []Error{{Pattern: strings.Join(r.options.Patterns, " "), Message: "there is no Go package", nothing: true}}
	}
}

// attempt does something that is left out, and named, if this process has died
// of it before.
func (r *run) attempt(name string, do func()) {
	task := supervise.Task{Name: name}
	worker := supervise.From(r.options.Context)
	if lost, ok := worker.Lost(task); ok {
		r.report.Errors = append(r.report.Errors, Error{Message: "internal error: " + name + ": " + lost.Reason, Detail: lost.Detail})
		return
	}
	worker.Begin(task)
	do()
	worker.End()
}

// run is the state of one run.
type run struct {
	options Options
	report  *Report
	paths   *paths
	found   []*located // of all targets, before configuration
	silent  []*located // silenced by directives

	trees    map[string]*load.Tree // by folder
	configs  []*configFile
	protos   []string              // files to check
	named    map[string]bool       // of protos
	versions map[string]string     // of grpc-go by module folder
	stubs    serviceconfig.Methods // of generated Go code
	health   []serviceconfig.ServedHealth
	compiled *source.Set // the .proto files, nil for none

	// holdNothing are files that were named and hold no service config.
	holdNothing []string

	manifests *deploycheck.Set      // nil for none
	programs  []deploycheck.Program // that the manifests may run
	// comparisons are noted beside Report.Calls.
	comparisons []comparison

	asked   []target
	goFiles map[string]bool   // of packages, by absolute path
	modules map[string]string // that were checked: folders by path
}

// checkTarget checks the Go packages of a target, unless it is known what came of
// that.
func (r *run) checkTarget(target target) {
	start := time.Now()
	var known *told
	if !r.options.replaced && r.options.ProgramOf == nil {
		known = newTold(r.options.Cache, r.options.Analyzers, r.options.Near)
	}
	cfg := load.Config{
		Context:  r.options.Context,
		Dir:      target.dir,
		Env:      target.env,
		Patterns: target.patterns,
		Tests:    r.options.Tests,
		Tags:     r.options.Tags,
		Workers:  r.options.Workers,
		Overlay:  r.withoutIrregular(target),
		Cache:    r.options.Cache,

		MayBeEmpty: target.derived,
		Own:        r.options.Own,
		Remember:   r.options.Listing,

		Progress: func(done, total int) { r.options.Progress("type-checked", done, total) },
		Wait: func() func() {
			return r.options.Wait("go list, which downloads modules")
		},
	}
	if known != nil {
		cfg.Told = known.knows
	}
	listing := load.List(cfg)
	about := strings.Join(target.patterns, " ") + " in " + target.dir + ": "
	key, keepable := r.keyOf(target, listing)
	if keepable {
		if p := r.kept(key); p != nil {
			r.options.Detail(fmt.Sprintf("%s%d of %d packages use gRPC; nothing has changed, found again in %s", about, p.GRPCPackages, p.Packages, since(start)))
			r.add(p)
			return
		}
	}
	program := listing.Load()
	r.options.Detail(fmt.Sprintf("%s%d of %d packages use gRPC; loaded in %s%s", about, program.GRPCPackages, program.Packages, since(start), known.detail()))
	p := r.partOf(program, known)
	if keepable && listing.Unchanged(program) && len(p.Errors) == 0 {
		r.keep(key, p)
	}
	r.add(p)
}

func since(start time.Time) time.Duration { return time.Since(start).Round(time.Millisecond) }

// Drop takes findings out of the report, by their indexes.
func (r *Report) Drop(indexes map[int]bool) {
	var left []Finding
	for i, f := range r.Findings {
		if !indexes[i] {
			left = append(left, f)
		}
	}
	r.Findings = left
	r.Failed = slices.ContainsFunc(left, func(f Finding) bool { return r.failOn != 0 && f.Severity >= r.failOn })
}

// Lowest is the lowest severity of the findings that the report has, but for
// those of rules that were asked for by name.
func (r *Report) Lowest() rule.Severity { return r.lowest }

// project names what was checked: by the one module, or else by the folder.
func (r *run) project() string {
	if len(r.modules) == 1 {
		for name, dir := range r.modules {
			below, _ := below(dir, resolved(r.options.Dir))
			return path.Join(name, below)
		}
	}
	return filepath.Base(r.options.Dir)
}

// finish chooses what is reported.
func (r *run) finish() {
	supervise.From(r.options.Context).Finish()
	r.report.Project = r.project()
	r.found = distinct(withoutEmbedded(r.found))
	fingerprint(r.found)
	r.found = r.join(r.found)
	lowest := r.report.lowest
	for _, l := range r.found {
		if !r.shows(l, lowest) {
			continue
		}
		r.report.Findings = append(r.report.Findings, l.Finding)
		if l.Linked {
			r.report.Stats.Linked++
		}
		if r.options.FailOn != 0 && l.Severity >= r.options.FailOn {
			r.report.Failed = true
		}
	}
	for _, l := range distinct(r.silent) {
		if r.shows(l, lowest) {
			r.report.Stats.Suppressed++
		}
	}
	slices.SortStableFunc(r.report.Errors, compareErrors)
	r.report.Errors = slices.CompactFunc(r.report.Errors, func(a, b Error) bool { return compareErrors(a, b) == 0 })
}

// shows sets the finding's severity and reports whether the configuration
// lets it through.
func (r *run) shows(l *located, lowest rule.Severity) bool {
	l.Severity = r.options.Policy.FindingSeverity(l.source)
	switch {
	case l.Severity == rule.Off || l.Severity < r.options.Policy.Lowest(l.Rule, lowest):
		return false
	case l.source.Generated && !r.options.Generated:
		return false
	case r.options.Policy.Excluded(l.Path, l.Rule):
		return false
	}
	return !isIdle(l, r.options.Policy)
}

// isIdle reports whether the finding complains of a directive for rules
// none of which ran: it may be of use when they do.
func isIdle(l *located, policy Policy) bool {
	if l.Rule.ID != "suppress/unused" || l.source.Subject == "" {
		return false
	}
	rules, err := rule.Select(l.source.Subject)
	if err != nil {
		return false
	}
	return !slices.ContainsFunc(rules, func(r *rule.Rule) bool { return policy.Severity(r) != rule.Off })
}

// An Error is something that could not be analysed.
type Error struct {
	File    string `json:"file"` // as in findings, or empty
	Line    int    `json:"line"` // 1-based, or 0
	Column  int    `json:"column"`
	Package string `json:"package"`
	Pattern string `json:"pattern"`
	Message string `json:"message"`

	// Found is set for a file that nobody named: it is no reason to fail.
	Found bool `json:"-"`

	// Partly is set for a file that was checked nevertheless, as far as it
	// could be. It names the cause, in words that fit behind a number of
	// files.
	Partly string `json:"-"`

	// Detail is a stack trace, for bug reports.
	Detail string `json:"-"`

	nothing bool // no Go package is where one was asked for
}

func compareErrors(a, b Error) int {
	return cmp.Or(
		cmp.Compare(a.File, b.File),
		cmp.Compare(a.Line, b.Line),
		cmp.Compare(a.Column, b.Column),
		cmp.Compare(a.Package, b.Package),
		cmp.Compare(a.Pattern, b.Pattern),
		cmp.Compare(a.Message, b.Message),
	)
}
