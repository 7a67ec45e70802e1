package lint

import (
	"cmp"
	"fmt"
	"maps"
	"time"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/deploycheck"
	"github.com/grpclint/grpclint/finding/claim"
	"github.com/grpclint/grpclint/finding/say"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/protocheck/serviceconfig"
)

// A part is what the Go packages of one target add to a run. It can be kept: there
// are no positions in it, and no types.
type part struct {
	Packages, GRPCPackages, Retracted int

	Folders, Files []string
	Modules        map[string]string // that were checked: folders by path
	Versions       map[string]string // of grpc-go by module folder
	Wrong          []load.Error      // with what was to be loaded
	Errors         []Error           // of the analysis

	Methods serviceconfig.Methods // of generated code
	Health  []serviceconfig.ServedHealth
	Dials   []string

	Handlers    []Handler
	Retries     []Retry
	Calls       []RPCCall
	Comparisons []comparison

	// Programs are the main packages, if there are manifests.
	Programs []deploycheck.Program

	Found, Silent []*located

	configs []KnownConfig // if Options.Know is set: such a part is not kept
	details []string
}

// partOf analyses the packages of a target.
func (r *run) partOf(program *load.Program, known *told) *part {
	p := &part{
		Packages: program.Packages, GRPCPackages: program.GRPCPackages,
		Folders: program.Folders, Files: program.Files, Wrong: program.Errors,
		Modules: make(map[string]string),
	}
	for _, root := range program.Roots {
		if root.Module != nil && root.Module.Main {
			p.Modules[root.Module.Path] = resolved(root.Module.Dir)
		}
	}
	// What is noted on the way is noted in a run of its own.
	own := &run{options: r.options, report: new(Report), paths: r.paths, configs: r.configs, versions: maps.Clone(r.versions)}
	own.noteVersions(program)
	p.Versions = own.versions
	if len(program.Roots) > 0 {
		own.judgePackages(program, known, p)
	}
	return p
}

// judgePackages runs the analyzers and notes what they find and tell.
func (r *run) judgePackages(program *load.Program, known *told, p *part) {
	start := time.Now()
	outcome := analyze(program, known, r.options)
	p.details = append(p.details, fmt.Sprintf("analysed %s in %s", say.Count(len(program.Roots), "package"), since(start)))
	if outcome.detail != "" {
		p.details = append(p.details, outcome.detail)
	}
	p.Errors = outcome.errors
	locate := &locator{fset: program.Fset, paths: r.paths, packages: packagesByPath(program), sums: program.Sums}
	for _, root := range program.Roots { // in order, because the first to tell of a method counts
		for _, result := range outcome.results[root] {
			p.Methods.Join(result.Program.Methods)
			p.Health = append(p.Health, result.Program.Health...)
			if r.options.Know {
				p.noteDials(result)
				for _, c := range result.Program.Configs {
					at := locate.span(root, c.Pos, c.Pos)
					p.configs = append(p.configs, KnownConfig{c.Config, at.File, at.Line})
				}
			}
		}
	}
	p.Retracted = outcome.retracted
	for _, roots := range apart(program.Roots, r.options.ProgramOf) {
		p.Retracted += retract(roots, outcome, r.timeouts)
	}
	if r.options.Codes {
		r.noteCodes(program, outcome, locate)
		for _, roots := range apart(program.Roots, r.options.ProgramOf) {
			r.noteCalls(roots, outcome, locate)
		}
		p.Handlers, p.Retries, p.Calls, p.Comparisons = r.report.Handlers, r.report.Retries, r.report.Calls, r.comparisons
	}
	p.Programs = programsOf(program.Roots, outcome)
	for _, o := range append(outcome.findings, deadMetrics(program.Roots, outcome)...) {
		p.Found = append(p.Found, locate.finding(o))
	}
	for _, o := range outcome.suppressed {
		p.Silent = append(p.Silent, locate.finding(o))
	}
}

func (p *part) noteDials(result *analyzers.Result) {
	for _, c := range result.Program.Claims {
		if c.Kind == claim.Deadline {
			p.Dials = append(p.Dials, c.Key)
		}
	}
}

// add takes a part into the run.
func (r *run) add(p *part) {
	r.report.Stats.Packages += p.Packages
	r.report.Stats.GRPCPackages += p.GRPCPackages
	r.report.Stats.Retracted += p.Retracted
	r.judge(p.Folders)
	for _, name := range p.Files {
		r.goFiles[name] = true
	}
	maps.Copy(r.modules, p.Modules)
	maps.Copy(r.versions, p.Versions)
	for _, e := range p.Wrong {
		if e.Nothing && r.hasOthers(cmp.Or(e.Pattern, e.Package)) {
			continue
		}
		r.report.Errors = append(r.report.Errors, Error{
			File: r.paths.errorFile(e.File), Line: e.Line, Column: e.Column,
			Package: e.Package, Pattern: e.Pattern, Message: r.paths.shorten(e.Message), nothing: e.Nothing,
		})
	}
	for _, detail := range p.details {
		r.options.Detail(detail)
	}
	r.report.Errors = append(r.report.Errors, p.Errors...)
	r.stubs.Join(&p.Methods)
	r.health = append(r.health, p.Health...)
	r.programs = append(r.programs, p.Programs...)
	r.report.Dials = append(r.report.Dials, p.Dials...)
	r.report.Configs = append(r.report.Configs, p.configs...)
	r.report.addCalls(p.Calls)
	r.comparisons = append(r.comparisons, p.Comparisons...)
	r.report.addCodes(p.Handlers, p.Retries)
	r.found = append(r.found, p.Found...)
	r.silent = append(r.silent, p.Silent...)
}
