package lint

import (
	"go/token"
	"math"
	"strings"
	"time"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/analysis/checker"
	"golang.org/x/tools/go/packages"

	"github.com/grpclint/grpclint/analyzers"
	"github.com/grpclint/grpclint/finding"
	"github.com/grpclint/grpclint/internal/link"
	"github.com/grpclint/grpclint/internal/load"
	"github.com/grpclint/grpclint/internal/supervise"
)

// An origin is a finding and the package in which it was made.
type origin struct {
	finding.Finding
	pkg *packages.Package
}

// An outcome is what the analysis of a program gave.
type outcome struct {
	findings   []*origin
	suppressed []*origin
	errors     []Error
	results    map[*packages.Package][]*analyzers.Result

	// retracted is how many findings were gone when packages were judged with
	// what others put behind their interfaces.
	retracted int
	detail    string // of that
	// linked are the functions that calls run through interfaces and function
	// values, by the opening parentheses, if Options.Codes is set.
	linked map[token.Pos][]link.Target
}

// analyze runs the analyzers on the roots of a program, and those that
// carry facts on all below.
func analyze(program *load.Program, known *told, options Options) *outcome {
	guard := newGuard(supervise.From(options.Context), options.Workers, program.Roots)
	start := time.Now()
	linker := newLinker(program, options.Analyzers, options.ProgramOf)
	found := since(start)
	linker.run = guard.run
	if options.Know {
		linker.left = math.MaxInt // nobody waits while typing
	}
	run := linker.listen(known.instead(guard.run))
	if options.Program == nil { // else somebody needs it again
		sweeper := newSweeper(options.Analyzers, program.Roots, linker.keep, func(done, total int) { options.Progress("analysed", done, total) })
		heard := run
		run = func(a *analysis.Analyzer, pass *analysis.Pass) (any, error) {
			result, err := heard(a, pass)
			sweeper.done(pass, result)
			return result, err
		}
	}
	guarded := Wrap(options.Analyzers, run)
	out := &outcome{results: make(map[*packages.Package][]*analyzers.Result)}
	graph, err := checker.Analyze(guarded, program.Roots, nil)
	supervise.From(options.Context).End()
	if err != nil {
		out.errors = append(out.errors, Error{Message: "internal error: " + err.Error()})
		return out
	}
	if known != nil && len(guard.errors) == 0 {
		known.keep(program, linker.facts)
	}
	for _, action := range graph.Roots {
		if action.Err != nil {
			out.errors = append(out.errors, Error{
				Package: action.Package.PkgPath,
				Message: "internal error: " + action.Analyzer.Name + ": " + action.Err.Error(),
			})
			continue
		}
		result, ok := action.Result.(*analyzers.Result)
		if !ok || result == nil {
			continue // it failed, which guard knows
		}
		out.results[action.Package] = append(out.results[action.Package], result)
		for i := range result.Findings {
			out.findings = append(out.findings, &origin{result.Findings[i], action.Package})
		}
		for _, silenced := range result.Suppressed {
			out.suppressed = append(out.suppressed, &origin{silenced, action.Package})
		}
		out.errors = append(out.errors, ruleErrors(action.Package.PkgPath, result.Err)...)
	}
	start = time.Now()
	if !options.Near {
		out.retracted = linker.link(out)
	}
	if options.Codes {
		out.linked = linker.targets()
	}
	out.detail = linker.detail(found, since(start))
	out.errors = append(append(out.errors, linker.errors...), guard.errors...)
	return out
}

// ruleErrors splits the error of a family into those of its rules.
func ruleErrors(pkgPath string, err error) []Error {
	if err == nil {
		return nil
	}
	if joined, ok := err.(interface{ Unwrap() []error }); ok {
		var errs []Error
		for _, err := range joined.Unwrap() {
			errs = append(errs, ruleErrors(pkgPath, err)...)
		}
		return errs
	}
	message, detail, _ := strings.Cut(err.Error(), "\n")
	message = strings.Replace(message, "package "+pkgPath+": ", "", 1)
	return []Error{{Package: pkgPath, Message: "internal error: " + message, Detail: detail}}
}
